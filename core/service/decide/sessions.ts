/**
 * Sessions of the service (spec 04 §8, divergence S6): the run id of a session is read once, appends of one
 * session share their syncs, and the first request of a new session settles its run id before others go on.
 *
 * @module
 */

import { deferred } from "../../base/deferred.ts";
import { GaitError, toGaitError } from "../../base/errors.ts";
import { type AppendEvent, type NamedText, sessionAppender } from "../../journal/append_events.ts";
import { type CheckpointPorts, checkpointSession } from "../../journal/checkpoint_session.ts";
import { startedStatus, startSession } from "../../journal/start_session.ts";
import { inDirectory } from "../../mcp/artifact_names.ts";
import type { CallRecord, CallWarning } from "../../mcp/call_request.ts";
import type { Signer } from "../../ports/sign.ts";

/** A session that was opened before. */
interface OpenSession {
  readonly runId: string;
  readonly sessionId: string;
  readonly append: AppendEvent;
}

/** A session whose first request is not over. */
interface StartingSession {
  /** Resolves when it is. */
  readonly over: Promise<void>;
  /** That its lock could not be had. Who waited meanwhile need not try the same: they would one by one. */
  contention: GaitError | undefined;
}

/** Where a session is kept. */
export interface SessionPlace {
  readonly sessionId: string;
  /** Path of the journal. */
  readonly journal: string;
  /** Base name of checkpoint files. */
  readonly base: string;
}

/** When and where to checkpoint. */
export interface CheckpointPlan {
  /** Every so many events; 0 for never. */
  readonly interval: number;
  /** Directory of checkpoints; "" for none. */
  readonly directory: string;
  readonly signer: Signer | undefined;
}

/** Sessions kept in mind; the least recently used one is forgotten first. */
const MAX_OPEN = 1024;

/** All sessions of one service. */
export class Sessions {
  readonly #ports: CheckpointPorts;
  readonly #appender: (journal: string) => AppendEvent;
  readonly #open = new Map<string, OpenSession>();
  /** New sessions whose first request has not been settled. */
  readonly #starting = new Map<string, StartingSession>();

  /** @param appender Makes appenders where events are not appended by this thread. */
  constructor(ports: CheckpointPorts, appender?: (journal: string) => AppendEvent) {
    this.#ports = ports;
    this.#appender = appender ?? ownAppender(ports);
  }

  /** One request's view of its session. `release` must be called at the end, whatever happened. */
  enter(place: SessionPlace): SessionVisit {
    return new SessionVisit(place, this);
  }

  /** Whether the service has appended to a journal since it started and keeps it in mind. */
  isOpen(journal: string): boolean {
    return this.#open.has(journal) || this.#starting.has(journal);
  }

  /** Forgets a session, so that the next request reads it anew. */
  forget(journal: string): void {
    this.#open.delete(journal);
  }

  /**
   * Run id of a session that exists; `undefined` when the caller is the first one and has to settle it.
   *
   * @param begun Resolves when that first request is over.
   */
  async runId(place: SessionPlace, begun: Promise<void>): Promise<string | undefined> {
    for (;;) {
      const known = this.#recall(place);
      if (known !== undefined) return known.runId;
      const other = this.#starting.get(place.journal);
      if (other === undefined) break;
      await other.over;
      if (other.contention !== undefined) throw other.contention;
    }
    this.#starting.set(place.journal, { over: begun, contention: undefined });
    void begun.then(() => this.#starting.delete(place.journal));
    const found = await this.#noting(place, startedStatus(place.journal, this.#ports));
    if (found === undefined) return undefined;
    const { session_id, run_id } = found.tip.header;
    this.#checkSession(session_id, place);
    this.#remember(place, run_id);
    return run_id;
  }

  /**
   * Appends a decided call, starting the session if need be.
   *
   * @param take Files of the call that were held back until now.
   */
  async append(
    record: CallRecord,
    place: SessionPlace,
    take: () => readonly NamedText[],
  ): Promise<number> {
    const known = this.#recall(place) ?? await this.#start(record, place);
    if (known.runId !== record.runId) throw mismatch();
    const { outcome, event, intent } = record;
    try {
      return await known.append({
        tool_name: intent.tool_name,
        intent_digest: event.intent_digest,
        policy_digest: event.policy_digest,
        trace_id: event.trace_id,
        trace_path: outcome.tracePath,
        verdict: outcome.verdict,
        reason_codes: outcome.reason_codes,
        violations: outcome.violations,
      }, take());
    } catch (error) {
      this.forget(place.journal);
      throw error;
    }
  }

  /** Seals the events so far. An empty range is fine: a request beside us has sealed them already. */
  async checkpoint(
    place: SessionPlace,
    sequence: number,
    plan: CheckpointPlan,
  ): Promise<CallWarning[]> {
    const name = `${place.base}_cp_${String(sequence).padStart(6, "0")}.zip`;
    const out = inDirectory(plan.directory, name);
    try {
      const { chainPath } = await checkpointSession(
        { journal: place.journal, out, signer: plan.signer },
        this.#ports,
      );
      const message = `session_checkpoint=${out} chain=${chainPath}`;
      return [{ code: "session_checkpoint", message, severity: "notice" }];
    } catch (thrown) {
      const error = toGaitError(thrown);
      if (error.code === "no_new_events") return [];
      // The decision is recorded; a checkpoint can be made later from the same journal.
      const message = `session_checkpoint_error=${error.code}`;
      return [{ code: "session_checkpoint_failed", message, severity: "warning" }];
    }
  }

  /** Tells those who wait for a session that its lock could not be had. */
  async #noting<T>({ journal }: SessionPlace, opening: Promise<T>): Promise<T> {
    try {
      return await opening;
    } catch (thrown) {
      const error = toGaitError(thrown);
      const starting = this.#starting.get(journal);
      if (starting !== undefined && error.code === "state_contention") starting.contention = error;
      throw thrown;
    }
  }

  #recall(place: SessionPlace): OpenSession | undefined {
    const known = this.#open.get(place.journal);
    if (known === undefined) return undefined;
    this.#checkSession(known.sessionId, place);
    this.#open.delete(place.journal);
    this.#open.set(place.journal, known);
    return known;
  }

  #checkSession(sessionId: string, place: SessionPlace): void {
    // Distinct ids can lead to one file name (spec 04 §4.2).
    if (sessionId !== place.sessionId) throw mismatch();
  }

  #remember(place: SessionPlace, runId: string): OpenSession {
    const { journal, sessionId } = place;
    const session = { runId, sessionId, append: this.#appender(journal) };
    this.#open.set(journal, session);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      this.#open.delete(oldest);
    }
    return session;
  }

  async #start(record: CallRecord, place: SessionPlace): Promise<OpenSession> {
    const identity = { session_id: place.sessionId, run_id: record.runId };
    await this.#noting(place, startSession(place.journal, identity, this.#ports));
    return this.#remember(place, record.runId);
  }
}

/** Appenders of this thread. */
function ownAppender(ports: CheckpointPorts): (journal: string) => AppendEvent {
  return (journal) => {
    const appender = sessionAppender(journal, ports);
    return async (event, files) => {
      if (files.length > 0) throw new TypeError("Cannot append: nobody here writes held files");
      return (await appender.append(event)).event.sequence;
    };
  };
}

/** The refusal of a session that belongs to another id or run. */
function mismatch(): GaitError {
  return new GaitError(
    "session_mismatch",
    "session journal already initialized with different session/run",
  );
}

/** What one request does with its session. */
export class SessionVisit {
  readonly place: SessionPlace;
  readonly #sessions: Sessions;
  readonly #over = deferred<void>();

  constructor(place: SessionPlace, sessions: Sessions) {
    this.place = place;
    this.#sessions = sessions;
  }

  /** See {@linkcode Sessions.runId}. */
  async runId(): Promise<string | undefined> {
    return await this.#sessions.runId(this.place, this.#over.promise);
  }

  /** Appends, then checkpoints when it is due. */
  async append(
    record: CallRecord,
    plan: CheckpointPlan,
    take: () => readonly NamedText[],
  ): Promise<{ readonly path: string; readonly warnings: CallWarning[] }> {
    const { journal } = this.place;
    const sequence = await this.#sessions.append(record, this.place, take);
    const message = `session_journal=${journal} sequence=${sequence}`;
    const warnings: CallWarning[] = [{ code: "session_journal", message, severity: "notice" }];
    const due = plan.interval > 0 && plan.directory !== "" && sequence % plan.interval === 0;
    if (due) warnings.push(...await this.#sessions.checkpoint(this.place, sequence, plan));
    return { path: journal, warnings };
  }

  /** The request is over. */
  release(): void {
    this.#over.resolve();
  }
}
