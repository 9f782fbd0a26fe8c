/**
 * Appending events (spec 03 §2.3): one write for each record, one sync for the batch, and only then the
 * acknowledgement, in every profile (divergence S8).
 *
 * @module
 */

import { toHex } from "../base/bytes.ts";
import { formatInstant } from "../base/instant.ts";
import {
  orderedEvent,
  SESSION_SCHEMA_VERSION,
  SESSION_SCHEMAS,
  type SessionEvent,
} from "../session/records.ts";
import type { SessionTip } from "../session/replay.ts";
import { GroupCommit, type Outcome } from "./group_commit.ts";
import { type LoadedSession, loadSession, type SessionRepair } from "./load_session.ts";
import { type SessionPorts, withSession } from "./open_session.ts";
import { JournalWriter, saveState } from "./write_journal.ts";

/** What the caller says about a call. Texts are normalised already. */
export type EventInput = Pick<
  SessionEvent,
  | "intent_id"
  | "tool_name"
  | "intent_digest"
  | "policy_digest"
  | "trace_id"
  | "trace_path"
  | "verdict"
  | "reason_codes"
  | "violations"
>;

/** An acknowledged event. */
export interface AppendedEvent {
  /** As stored. */
  readonly event: SessionEvent;
  /** What was found and mended on the way; on the first event of a batch only. */
  readonly repairs: readonly SessionRepair[];
  /** Why the state could not be written, if so; the event is durable nevertheless. */
  readonly stateFailure: string | undefined;
  /** SHA-256 of the journal up to the end of the batch, lower-case hex. */
  readonly journalSha256: string;
  /** Events in the journal after the batch. */
  readonly eventCount: number;
  /** Size of the journal after the batch, bytes. */
  readonly journalSize: number;
}

/** Most events that share a sync. */
const MAX_BATCH = 1024;

/** The stored form of an event. */
function storedEvent(
  input: EventInput,
  tip: SessionTip,
  stamp: { readonly at: string; readonly version: string },
): SessionEvent {
  return orderedEvent({
    ...input,
    schema_id: SESSION_SCHEMAS.event,
    schema_version: SESSION_SCHEMA_VERSION,
    created_at: stamp.at,
    producer_version: stamp.version,
    session_id: tip.header.session_id,
    run_id: tip.header.run_id,
    sequence: tip.lastSequence + 1,
  });
}

/** Writes a batch; the first failure ends it, and what came before is still acknowledged. */
async function writeBatch(
  inputs: readonly EventInput[],
  writer: JournalWriter,
  ports: SessionPorts,
): Promise<Outcome<SessionEvent>[]> {
  const out: Outcome<SessionEvent>[] = [];
  for (const input of inputs) {
    const stamp = { at: formatInstant(ports.clock.now()), version: ports.version };
    const event = storedEvent(input, writer.tip, stamp);
    try {
      await writer.write({ kind: "event", event });
      out.push({ ok: true, value: event });
    } catch (error) {
      while (out.length < inputs.length) out.push({ ok: false, error });
    }
    if (out.length === inputs.length) break;
  }
  return out;
}

/** What a batch tells about itself once it is durable. */
interface BatchFacts {
  readonly loaded: LoadedSession;
  readonly tip: SessionTip;
  readonly stateFailure: string | undefined;
}

/** Results of a batch. */
function results(
  written: readonly Outcome<SessionEvent>[],
  { loaded, tip, stateFailure }: BatchFacts,
): Outcome<AppendedEvent>[] {
  const journalSha256 = toHex(loaded.hash.digest());
  return written.map((outcome, i) =>
    outcome.ok
      ? {
        ok: true,
        value: {
          event: outcome.value,
          repairs: i === 0 ? loaded.repairs : [],
          stateFailure,
          journalSha256,
          eventCount: tip.eventCount,
          journalSize: loaded.hash.length,
        },
      }
      : outcome
  );
}

/**
 * Appends events with one sync for all; the first failure ends the batch, and what came before it stands.
 *
 * @param journal Path of the journal, which must exist.
 * @returns One outcome for each event, in order.
 * @throws GaitError as {@linkcode SessionAppender.append} does, when none of the events was appended
 */
export async function appendEvents(
  journal: string,
  inputs: readonly EventInput[],
  ports: SessionPorts,
): Promise<Outcome<AppendedEvent>[]> {
  return await withSession(journal, { create: false, ports }, async (session) => {
    const loaded = await loadSession(session, ports);
    const writer = new JournalWriter(session, loaded);
    await writer.settle();
    const written = await writeBatch(inputs, writer, ports);
    const last = written.findLast((outcome) => outcome.ok);
    if (last === undefined) return results(written, { loaded, tip: loaded.tip, stateFailure: "" });
    await writer.sync();
    const failure = await saveState(journal, {
      tip: writer.tip,
      hash: loaded.hash,
      updatedAt: last.ok ? last.value.created_at : "",
    }, ports);
    return results(written, { loaded, tip: writer.tip, stateFailure: failure?.message });
  });
}

/** Appends to one journal. */
export interface SessionAppender {
  /**
   * Appends an event and waits until it is durable. Calls that come together share one sync.
   *
   * @throws GaitError `state_contention`, `io_failure`, `journal_invalid`, `journal_altered`,
   *   `acknowledged_event_missing`, `lock_lost`; the event is then not acknowledged
   */
  append(input: EventInput): Promise<AppendedEvent>;
}

/**
 * Makes an appender; a long-lived process keeps one for each journal.
 *
 * @param journal Path of the journal, which must exist.
 */
export function sessionAppender(journal: string, ports: SessionPorts): SessionAppender {
  const group = new GroupCommit<EventInput, AppendedEvent>(
    (inputs) => appendEvents(journal, inputs, ports),
    { maxBatch: MAX_BATCH },
  );
  return { append: (input) => group.submit(input) };
}
