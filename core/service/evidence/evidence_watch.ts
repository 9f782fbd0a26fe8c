/**
 * Watches the writing of evidence: nobody waits for a disk for ever, and a service that cannot write says so
 * before anybody asks. What is written after its caller was sent away is taken back (divergence W6).
 *
 * Time is counted in looks, not read from a clock: a process that was suspended blames no disk for it, and
 * requests pay for no timer of their own.
 *
 * @module
 */

import { deferred } from "../../base/deferred.ts";
import { GaitError, toGaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import type { AppendEvent, WriteEvent, WrittenEvent } from "../../journal/append_events.ts";
import { withdrawal } from "../../journal/withdrawal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DirectoryGroup } from "../../wal/directory_group.ts";
import type { GroupedFiles } from "../../wal/grouped_view.ts";
import type { ServiceLog } from "../observe/access_log.ts";
import { OwedWork } from "./owed_work.ts";

/** Why evidence cannot be written; reasons of `/readyz`. */
export type EvidenceFault =
  | "evidence_unavailable"
  | "evidence_directory_lost"
  | "evidence_stalled"
  | "evidence_unwritable";

/** Failures after which a contradiction can work later; with any other one, the journal is gone or of no use. */
const PASSING: ReadonlySet<string> = new Set([
  "evidence_unavailable",
  "io_failure",
  "lock_lost",
  "state_contention",
]);

/** What a watch works with. */
export interface WatchSetup {
  readonly group: DirectoryGroup;
  /** Whether whoever writes is still there. */
  isAlive(): boolean;
  /** How much longer an append may take, because it may wait for other processes, ms. */
  readonly lockWaitMs: number;
  readonly clock: Clock;
  readonly log: Pick<ServiceLog, "event">;
}

/** Work that somebody waits for. */
interface Pending {
  /** Look at which it began. */
  readonly began: number;
  /** Looks that it may take in addition. */
  readonly grace: number;
  /** Whether its caller was sent away. */
  isGivenUp: boolean;
  giveUp(error: GaitError): void;
}

/** Time as a number of looks. */
function looks(ms: number): number {
  return Math.ceil(ms / LIMITS.evidenceCheckMs);
}

/** The refusal of whoever would wait longer. */
function stalled(): GaitError {
  const seconds = LIMITS.evidenceWaitMs / 1000;
  return new GaitError("evidence_stalled", `Cannot write evidence: no answer within ${seconds} s`);
}

/** One watch over one directory, and the journals that the same thread writes. */
export class EvidenceWatch implements GroupedFiles {
  readonly #setup: WatchSetup;
  readonly #pending = new Set<Pending>();
  /** Names of files to be removed, because nobody was told about them. */
  readonly #removals: OwedWork<string>;
  /**
   * Contradictions of events whose calls were refused after all (divergence W6): a journal that goes on saying
   * `allow` would be wrong, so each one is appended again and again until it is there.
   */
  readonly #contradictions: OwedWork<() => Promise<unknown>>;
  readonly #stop = new AbortController();
  #look = 0;
  #isChecking = false;
  /** Something failed, so that the next look tries to write. */
  #isSuspect = false;
  #isLost = false;
  #isUnwritable = false;
  /** Somebody was sent away, and the work goes on. */
  #isStalled = false;
  #said: EvidenceFault | undefined;

  constructor(setup: WatchSetup) {
    this.#setup = setup;
    this.#removals = new OwedWork({
      perform: (name) => setup.group.remove(name),
      failed: (error) => {
        this.#failed(error);
        return false;
      },
    });
    this.#contradictions = new OwedWork({
      perform: (contradict) => contradict(),
      failed: (error) => {
        this.#failed(error);
        const { code } = toGaitError(error);
        if (PASSING.has(code)) return false;
        setup.log.event("failure", { error_code: code, during: "withdrawal" });
        return true;
      },
    });
  }

  /** Work in hand. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Why evidence cannot be written; `undefined` when it can. */
  get fault(): EvidenceFault | undefined {
    if (!this.#setup.isAlive()) return "evidence_unavailable";
    if (this.#isLost) return "evidence_directory_lost";
    if (!this.#removals.isEmpty || this.#isOverdue(LIMITS.evidenceSlowMs)) {
      return "evidence_stalled";
    }
    const isWritable = !this.#isUnwritable && this.#contradictions.isEmpty;
    return isWritable ? undefined : "evidence_unwritable";
  }

  /**
   * Refuses work that would fail.
   *
   * @throws GaitError `evidence_unavailable`, `evidence_directory_lost`, `evidence_stalled`
   */
  check(): void {
    if (!this.#setup.isAlive()) {
      throw new GaitError("evidence_unavailable", "Cannot write evidence: its thread broke down");
    }
    if (this.#isLost) {
      const message = "Cannot write evidence: the trace directory is gone or was exchanged";
      throw new GaitError("evidence_directory_lost", message);
    }
    if (this.#isStalled) throw stalled();
  }

  /** Looks from time to time until it is closed. */
  start(): void {
    void this.#watch();
  }

  /** Ends the looks. */
  close(): void {
    this.#stop.abort("over");
  }

  /** See {@linkcode DirectoryGroup.create}. @throws GaitError also what {@linkcode EvidenceWatch.check} throws */
  async create(name: string, text: string): Promise<void> {
    this.check();
    // What is removed late must not be the file of somebody who came later.
    if (this.#removals.has(name)) throw stalled();
    await this.#bounded(() => this.#setup.group.create(name, text), {
      late: () => this.#removals.add(name),
    });
  }

  /** See {@linkcode DirectoryGroup.remove}; while nothing answers it is promised, not done. */
  async remove(name: string): Promise<void> {
    if (this.#isStalled) {
      this.#removals.add(name);
      throw stalled();
    }
    await this.#bounded(() => this.#setup.group.remove(name), {});
  }

  /** An appender whose callers do not wait for ever, and which contradicts what nobody was told about. */
  appender(write: WriteEvent): AppendEvent {
    // The append before may wait for the lock as well, in vain, before this one does.
    const grace = looks(2 * this.#setup.lockWaitMs);
    return async (event, files) => {
      this.check();
      if (files.some(({ name }) => this.#removals.has(name))) throw stalled();
      const contradict = () => this.#contradictions.begin(() => write(withdrawal(event), []));
      const late = ({ failure }: WrittenEvent) => {
        // With a failure the files are gone already.
        const left = failure === undefined ? files : [];
        for (const { name } of left) this.#removals.add(name);
        contradict();
      };
      const written = await this.#bounded(() => write(event, files), { grace, late });
      if (written.failure === undefined) return written.sequence;
      this.#failed(written.failure);
      contradict();
      throw written.failure;
    };
  }

  /** Waits for work, but not for ever; `late` hears of work that succeeded when nobody waited any more. */
  #bounded<T>(
    work: () => Promise<T>,
    options: { readonly grace?: number; readonly late?: (value: T) => void },
  ): Promise<T> {
    const { promise, resolve, reject } = deferred<T>();
    const { grace = 0, late } = options;
    const entry = { began: this.#look, grace, isGivenUp: false, giveUp: reject };
    this.#pending.add(entry);
    work().then((value) => {
      this.#pending.delete(entry);
      if (entry.isGivenUp) late?.(value);
      resolve(value);
    }, (error) => {
      this.#pending.delete(entry);
      this.#failed(error);
      reject(error);
    });
    return promise;
  }

  /** Whether some work has been going on for longer than that. */
  #isOverdue(ms: number): boolean {
    const limit = this.#look - looks(ms);
    return [...this.#pending].some(({ began, grace }) => began + grace < limit);
  }

  #failed(error: unknown): void {
    const { code } = toGaitError(error);
    if (code === "already_exists") return;
    this.#isSuspect = true;
    if (code === "evidence_directory_lost") this.#isLost = true;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      // Only closing ends the wait early; it rejects then.
      await this.#setup.clock.sleep(LIMITS.evidenceCheckMs, signal).catch(() => {});
      if (signal.aborted) return;
      this.#look++;
      this.#giveUp();
      if (!this.#isStalled && !this.#isLost) this.#removals.retry();
      this.#contradictions.retry();
      void this.#checkDirectory();
      this.#say();
    }
  }

  /** Sends away whoever has waited too long. */
  #giveUp(): void {
    const limit = this.#look - looks(LIMITS.evidenceWaitMs);
    for (const entry of this.#pending) {
      if (entry.isGivenUp || entry.began + entry.grace >= limit) continue;
      entry.isGivenUp = true;
      entry.giveUp(stalled());
    }
    this.#isStalled = [...this.#pending].some(({ isGivenUp }) => isGivenUp);
  }

  /** One look at the directory, and no other before it came back; not waited for. */
  async #checkDirectory(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    const writes = this.#isSuspect;
    const check = () => this.#setup.group.check({ writes }).finally(() => this.#isChecking = false);
    try {
      await this.#bounded(check, {});
      this.#isLost = false;
      if (!writes) return;
      this.#isSuspect = false;
      this.#isUnwritable = false;
    } catch (error) {
      const { code } = toGaitError(error);
      if (code !== "evidence_directory_lost" && code !== "evidence_stalled") {
        this.#isUnwritable = true;
      }
    }
  }

  /** Tells the log when something begins or ends. */
  #say(): void {
    const { fault } = this;
    if (fault === this.#said) return;
    this.#said = fault;
    this.#setup.log.event("evidence", { state: fault ?? "working", pending: this.#pending.size });
  }
}
