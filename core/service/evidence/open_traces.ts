/**
 * Opens the directory of traces: recovers what a crash left behind, then groups what is to come.
 *
 * @module
 */

import { GaitError, toGaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import { RemoteEvidence } from "../../evidence/remote_evidence.ts";
import type { AppendEvent } from "../../journal/append_events.ts";
import { sessionLockOptions } from "../../journal/lock_settings.ts";
import { within } from "../../journal/within.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Files } from "../../ports/files.ts";
import type { DirectoryGroup } from "../../wal/directory_group.ts";
import { type GroupedFiles, groupedView } from "../../wal/grouped_view.ts";
import { LocalGroup } from "../../wal/local_group.ts";
import { recoverSegments } from "../../wal/recover_segments.ts";
import { SingleFiles } from "../../wal/single_files.ts";
import type { ServiceLog } from "../observe/access_log.ts";
import type { ServicePorts } from "../../ports/service_ports.ts";
import { type EvidenceFault, EvidenceWatch } from "./evidence_watch.ts";
import { HeldFiles } from "./held_files.ts";

/** Time between two rounds of settling, ms. */
const SETTLE_MS = 5_000;

/** The directory of traces while the service runs. */
export interface OpenedTraces {
  /** File system through which evidence is written and removed. */
  readonly files: Files;
  /** Segments on disk. */
  segments(): number;
  /** Evidence that is being written. */
  pending(): number;
  /** Why evidence cannot be written; without it nothing is decided. */
  fault(): EvidenceFault | undefined;
  /** Refuses work that would fail. @throws GaitError `evidence_…` */
  check(): void;
  /** Settles everything. */
  close(): Promise<void>;
  /** Makes appenders to journals where evidence is written by a thread of its own. */
  readonly appender?: (journal: string) => AppendEvent;
  /** Holds the traces of one call back until the event of its session; comes with the appender. */
  readonly hold?: () => HeldFiles;
}

/** Recovers, and tells what was found. */
async function recover(directory: string, log: ServiceLog, ports: ServicePorts): Promise<void> {
  const found = await recoverSegments(directory, { dryRun: false }, ports);
  const { segments, restored, present, held, damaged } = found;
  if (segments.length + held.length + damaged.length === 0) return;
  log.event("recovered", {
    segments: segments.length,
    restored: restored.length,
    present,
    held: held.length,
    damaged: damaged.length,
  });
}

/** A group whose segments are settled now and then for as long as there are any, whether or not anybody asks. */
class Settler implements GroupedFiles {
  readonly #watch: EvidenceWatch;
  readonly #group: DirectoryGroup;
  readonly #context: OpenContext;
  readonly #stopped = new AbortController();
  #running = false;

  constructor(group: DirectoryGroup, watch: EvidenceWatch, context: OpenContext) {
    this.#group = group;
    this.#watch = watch;
    this.#context = context;
  }

  /** See {@linkcode DirectoryGroup.create}; what failed must be settled as well, before the next try can work. */
  create(name: string, text: string): Promise<void> {
    return this.#after(this.#watch.create(name, text));
  }

  /** See {@linkcode DirectoryGroup.remove}. */
  remove(name: string): Promise<void> {
    return this.#after(this.#watch.remove(name));
  }

  /** An appender whose files are settled as well. */
  appender(append: AppendEvent): AppendEvent {
    return (event, files) => this.#after(append(event, files));
  }

  /** Starts when some work is over, however it ended. Not by `finally`, whose promises each call would pay for. */
  #after<T>(work: Promise<T>): Promise<T> {
    work.then(this.#startSoon, this.#startSoon);
    return work;
  }

  readonly #startSoon = (): void => this.#start();

  /** Goes on until nothing is left. */
  #start(): void {
    if (this.#running || this.#group.segments === 0) return;
    this.#running = true;
    void this.#run().finally(() => this.#running = false);
  }

  /** Settles everything. */
  async close(): Promise<void> {
    this.#stopped.abort("over");
    this.#watch.close();
    await this.#group.close();
  }

  async #run(): Promise<void> {
    const { log, ports: { clock } } = this.#context;
    const { signal } = this.#stopped;
    do {
      await clock.sleep(SETTLE_MS, signal).catch(() => {});
      if (signal.aborted) return;
      await this.#group.maintain().catch((error) => {
        log.event("failure", { error_code: toGaitError(error).code, during: "settling" });
      });
    } while (this.#group.segments > 0);
  }
}

/** What opening needs. */
interface OpenContext {
  readonly log: ServiceLog;
  readonly ports: ServicePorts;
}

/** Whoever writes: a thread of its own where there is one. */
function openGroup(
  directory: string,
  sync: "group" | "file",
  ports: ServicePorts,
): { readonly group: DirectoryGroup; readonly remote: RemoteEvidence | undefined } {
  const thread = sync === "file" ? undefined : ports.evidenceThread?.();
  if (thread !== undefined) {
    const remote = new RemoteEvidence(directory, thread);
    return { group: remote, remote };
  }
  const Kind = sync === "file" ? SingleFiles : LocalGroup;
  return { group: new Kind(directory, ports), remote: undefined };
}

/**
 * Waits for a first answer; with that, the directory is pinned. A disk or a thread that gives none is a reason
 * not to start.
 *
 * @throws GaitError `evidence_stalled`, or why nothing can be written
 */
async function firstAnswer(group: DirectoryGroup, clock: Clock): Promise<void> {
  const ms = LIMITS.evidenceStartMs;
  if (await within(group.check({ writes: true }), ms, clock)) return;
  const message = `Cannot start: the trace directory took no file within ${ms / 1000} s`;
  throw new GaitError("evidence_stalled", message);
}

/**
 * Opens it.
 *
 * @param sync How traces become durable.
 * @throws GaitError what listing and writing throw, `evidence_stalled`
 */
export async function openTraces(
  directory: string,
  sync: "group" | "file",
  context: OpenContext,
): Promise<OpenedTraces> {
  const { log, ports } = context;
  const { clock } = ports;
  const { group, remote } = openGroup(directory, sync, ports);
  try {
    await firstAnswer(group, clock);
    await recover(directory, log, ports);
  } catch (error) {
    if (remote === undefined) await group.close().catch(() => {});
    else remote.abandon();
    throw error;
  }
  const lockWaitMs = sessionLockOptions(ports.env).waitMs;
  const isAlive = () => remote?.working ?? true;
  const watch = new EvidenceWatch({ group, isAlive, lockWaitMs, clock, log });
  watch.start();
  const settler = new Settler(group, watch, context);
  const files = groupedView(directory, settler, ports.files);
  return {
    files,
    segments: () => group.segments,
    pending: () => watch.pending,
    fault: () => watch.fault,
    check: () => watch.check(),
    close: () => settler.close(),
    ...(remote && {
      appender: (journal: string) => settler.appender(watch.appender(remote.appender(journal))),
      hold: () => new HeldFiles(directory, files),
    }),
  };
}
