/**
 * Items of a run that a session journal holds: one call and one result for each event.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { RunningSha256 } from "../digest/running_sha256.ts";
import { loadSession } from "../journal/load_session.ts";
import { type SessionPorts, withSession } from "../journal/open_session.ts";
import type { AppendFile } from "../ports/append.ts";
import { resultStatus, type SessionEvent, type SessionHeader } from "../session/records.ts";
import { Replay, type SessionTip } from "../session/replay.ts";
import { decodeLines, linesOf, wholeLines } from "../text/lines.ts";
import type { RunItem } from "./run_items.ts";

/** Bytes read at a time. */
const PIECE = 1 << 20;

/** A journal as it stood at one moment. */
interface Snapshot {
  readonly file: AppendFile;
  readonly tip: SessionTip;
  /** Bytes up to the end of the last record. */
  readonly size: number;
  /** SHA-256 of these bytes. */
  readonly digest: Bytes;
}

/**
 * Opens what is to be recorded. The session is held only for this: whoever appends meanwhile does not wait,
 * and whoever compacts replaces the file under its name, not the one that is open.
 */
async function openSnapshot(journal: string, ports: SessionPorts): Promise<Snapshot> {
  return await withSession(journal, { create: false, ports }, async (session) => {
    const { tip, hash } = await loadSession(session, ports);
    const file = await ports.appends.open(journal, { create: false });
    return { file, tip, size: hash.length, digest: hash.digest() };
  });
}

/** The recorded bytes in pieces; `hash` takes them too. */
async function* pieces(snapshot: Snapshot, hash: RunningSha256): AsyncGenerator<Bytes> {
  for (let at = 0; at < snapshot.size;) {
    const piece = await snapshot.file.read(at, Math.min(PIECE, snapshot.size - at));
    if (piece.length === 0) return;
    at += piece.length;
    hash.update(piece);
    yield piece;
  }
}

/** The run: it began when its session did. */
function runItem({ run_id, started_at }: SessionHeader, path: string): RunItem {
  return { kind: "run", value: { run_id, created_at: started_at }, path };
}

/** Call, result and timeline entry of an event. */
function* eventItems(event: SessionEvent, path: string): Generator<RunItem> {
  const { sequence, session_id, created_at, verdict = "" } = event;
  const intent_id = event.intent_id ?? `intent_${sequence}`;
  const evidence = {
    ...(event.trace_id !== undefined && { trace_id: event.trace_id }),
    ...(event.trace_path !== undefined && { trace_path: event.trace_path }),
  };
  const args = {
    sequence,
    session_id,
    ...(event.intent_digest !== undefined && { intent_digest: event.intent_digest }),
    ...(event.policy_digest !== undefined && { policy_digest: event.policy_digest }),
    ...evidence,
  };
  const result = {
    verdict,
    reason_codes: [...event.reason_codes ?? []],
    violations: [...event.violations ?? []],
    ...evidence,
  };
  const status = resultStatus(event);
  const tool_name = event.tool_name ?? "";
  yield { kind: "intent", value: { intent_id, tool_name, args, created_at }, path };
  yield { kind: "result", value: { intent_id, status, result, created_at }, path };
  const ref = event.trace_id === undefined ? {} : { ref: event.trace_id };
  yield { kind: "event", value: { event: "session_event", ts: created_at, ...ref }, path };
}

/** The refusal when the bytes changed between loading and reading. */
function altered(journal: string): GaitError {
  return new GaitError(
    "journal_altered",
    `Cannot record ${journal}: its content is not what its state recorded`,
    { details: { path: journal } },
  );
}

/** Items of an open snapshot; every record is checked on the way. */
async function* snapshotItems(snapshot: Snapshot, journal: string): AsyncGenerator<RunItem> {
  const hash = new RunningSha256();
  const replay = new Replay();
  try {
    yield runItem(snapshot.tip.header, journal);
    for await (const parts of wholeLines(pieces(snapshot, hash), journal)) {
      for (const text of linesOf(decodeLines(parts, journal))) {
        const record = replay.takeLine(text);
        if (record?.kind !== "event") continue;
        yield* eventItems(record.event, `${journal}:${replay.lines}`);
      }
    }
    const same = hash.length === snapshot.size && equalBytes(hash.digest(), snapshot.digest);
    if (!same) throw altered(journal);
  } finally {
    snapshot.file.close();
  }
}

/** A session that is being recorded. */
export interface SessionItems {
  /** The journal stays open until they are read to the end or closed. */
  readonly items: AsyncGenerator<RunItem> & { close(): void };
  /** Events that compaction took out of the journal; the runpacks of its checkpoints hold them. */
  readonly compacted: number;
}

/**
 * Reads a session as a run: the events that the journal holds at this moment. Memory does not grow with
 * their number, and what was acknowledged later is not part of it.
 *
 * @param journal Path of the journal.
 * @throws GaitError `file_not_found`, `state_contention`, `journal_invalid`, `journal_altered`,
 *   `acknowledged_event_missing`; iterating throws them too
 */
export async function sessionItems(journal: string, ports: SessionPorts): Promise<SessionItems> {
  const snapshot = await openSnapshot(journal, ports);
  const { tip, file } = snapshot;
  // A generator that never started does not run its `finally`.
  const items = Object.assign(snapshotItems(snapshot, journal), { close: () => file.close() });
  return {
    items,
    compacted: tip.lastSequence - tip.eventCount,
  };
}
