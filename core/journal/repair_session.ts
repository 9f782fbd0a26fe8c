/**
 * Mending a session with the user's consent (divergences S1 and S2): what is lost is named first, what is
 * replaced is kept in a copy, and only then something changes.
 *
 * @module
 */

import { equalBytes, utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { formatInstant } from "../base/instant.ts";
import { LIMITS } from "../base/limits.ts";
import type { OutputFile } from "../ports/append.ts";
import { encodeChain } from "../session/chain.ts";
import { decodeJournalLine } from "../session/decode_record.ts";
import { encodeJournalLine, type JournalRecord } from "../session/records.ts";
import { parseState, type SessionState } from "../session/state.ts";
import { chainPath, statePath } from "../session/session_paths.ts";
import { type Examination, examine, LINE_END } from "./_damage.ts";
import { type HeldSession, type SessionPorts, withSession } from "./open_session.ts";
import { scanLines } from "./scan_lines.ts";
import { saveState } from "./write_journal.ts";

/** One thing that a repair does. */
export interface RepairAction {
  readonly kind:
    | "cut_torn_tail"
    | "add_line_end"
    | "renumber_events"
    | "cut_damage"
    | "accept_missing_events"
    | "accept_altered_journal"
    | "rebuild_state"
    | "rebuild_chain";
  readonly message: string;
  /** First sequence that is lost or renumbered. */
  readonly firstBadSequence?: number;
  /** Last one. */
  readonly lastBadSequence?: number;
  /** Bytes that go. */
  readonly bytes?: number;
  /** Line of the damage, counted from 1. */
  readonly line?: number;
}

/** What to mend. */
export interface RepairRequest {
  readonly journal: string;
  /** Without it nothing is written. */
  readonly apply: boolean;
  /** Called with bytes of the journal read and their total. */
  progress?(done: number, total: number): void;
}

/** What was, or would be, mended. */
export interface RepairOutcome {
  readonly actions: readonly RepairAction[];
  readonly applied: boolean;
  /** Copy of the journal as it was; "" when its records stay. */
  readonly backupPath: string;
  /** Events and last sequence afterwards. */
  readonly eventCount: number;
  readonly lastSequence: number;
}

/** Bytes copied at a time. */
const PIECE = 1 << 20;

/** Reads the state; `undefined` when there is none that can be used. */
async function readState(path: string, ports: SessionPorts): Promise<SessionState | undefined> {
  try {
    return parseState(
      await ports.files.read(statePath(path), { maxBytes: LIMITS.sessionStateBytes }),
    );
  } catch (error) {
    if (error instanceof GaitError) return undefined;
    throw error;
  }
}

/** What is to be done about records that do not follow, and about the tail. */
function contentActions(found: Examination): RepairAction[] {
  const { damage, tip, restarted, size, hash } = found;
  if (damage !== undefined && restarted > 0) {
    const first = tip.lastSequence + 1;
    const last = tip.lastSequence + restarted;
    const message = `events 1..${restarted} behind the last checkpoint become ${first}..${last}`;
    return [{ kind: "renumber_events", message, firstBadSequence: first, lastBadSequence: last }];
  }
  if (damage !== undefined) {
    return [{
      kind: "cut_damage",
      message: `everything from line ${damage.line} on is cut: ${damage.message}`,
      firstBadSequence: tip.lastSequence + 1,
      line: damage.line,
      bytes: size - damage.offset,
    }];
  }
  if (found.tail === "torn") {
    const bytes = size - hash.length;
    return [{ kind: "cut_torn_tail", message: `${bytes} bytes that are no record are cut`, bytes }];
  }
  if (found.tail === "clean") return [];
  return [{ kind: "add_line_end", message: "the last record gets its line end" }];
}

/** What is to be done about a state that says otherwise. */
function stateActions(found: Examination, state: SessionState | undefined): RepairAction[] {
  const { tip, restarted } = found;
  const rebuild: RepairAction = { kind: "rebuild_state", message: "the state is written anew" };
  const same = state?.sessionId === tip.header.session_id && state.runId === tip.header.run_id;
  if (state === undefined || !same) return [rebuild];
  const last = Math.max(state.tip.lastSequence, state.tip.lastCheckpointSequence);
  if (restarted === 0 && last > tip.lastSequence) {
    const message = `events ${tip.lastSequence + 1}..${last} were acknowledged and are lost`;
    const firstBadSequence = tip.lastSequence + 1;
    return [{ kind: "accept_missing_events", message, firstBadSequence, lastBadSequence: last }];
  }
  const altered = state.hash !== undefined && found.digestAt !== undefined &&
    !equalBytes(found.digestAt, state.hash.digest());
  if (altered) {
    const message = "the journal is not what its state recorded; it is accepted as it is";
    return [{ kind: "accept_altered_journal", message }];
  }
  const current = state.journalSize === found.hash.length && found.damage === undefined &&
    state.tip.eventCount === tip.eventCount && state.tip.lastSequence === tip.lastSequence &&
    state.tip.checkpointCount === tip.checkpointCount;
  return current ? [] : [rebuild];
}

/** What is to be done about the chain file. */
async function chainActions(
  journal: string,
  found: Examination,
  ports: SessionPorts,
): Promise<RepairAction[]> {
  if (found.checkpoints.length === 0) return [];
  const wanted = utf8(encodeChain(found.tip.header, found.checkpoints));
  try {
    const data = await ports.files.read(chainPath(journal), { maxBytes: LIMITS.chainBytes });
    if (data.length === wanted.length && equalBytes(data, wanted)) return [];
  } catch (error) {
    if (!(error instanceof GaitError)) throw error;
  }
  return [{ kind: "rebuild_chain", message: "the chain file is written anew from the journal" }];
}

/** Copies the journal as it is. */
async function backUp(session: HeldSession, ports: SessionPorts): Promise<string> {
  const stamp = formatInstant(ports.clock.now()).replace(/[^0-9]/g, "").slice(0, 17);
  const path = `${session.path}.before-repair-${stamp}`;
  const size = await session.file.size();
  await filling(await ports.appends.output(path), async (output) => {
    for (let at = 0; at < size; at += PIECE) {
      await output.write(await session.file.read(at, Math.min(PIECE, size - at)));
    }
  });
  return path;
}

/** Fills an output and commits it, or leaves nothing. */
async function filling(
  output: OutputFile,
  fill: (output: OutputFile) => Promise<void>,
): Promise<void> {
  try {
    await fill(output);
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** Events behind a damage with their right numbers. */
async function renumbered(session: HeldSession, found: Examination): Promise<JournalRecord[]> {
  const out: JournalRecord[] = [];
  const range = { from: found.damage?.offset ?? found.size, to: found.size };
  await scanLines(session.file, range, ({ bytes }) => {
    const record = decodeJournalLine(new TextDecoder().decode(bytes));
    if (record.kind !== "event") return;
    const sequence = found.tip.lastSequence + out.length + 1;
    out.push({ kind: "event", event: { ...record.event, sequence } });
  });
  return out;
}

/** Replaces the journal by its intact part and what follows it. */
async function rewrite(
  session: HeldSession,
  found: Examination,
  ports: SessionPorts,
): Promise<void> {
  const more = found.restarted > 0 ? await renumbered(session, found) : [];
  await filling(await ports.appends.output(session.path), async (output) => {
    const end = found.hash.length;
    for (let at = 0; at < end; at += PIECE) {
      await output.write(await session.file.read(at, Math.min(PIECE, end - at)));
    }
    for (const record of more) await output.write(utf8(encodeJournalLine(record)));
    await session.confirm(found.size);
  });
}

/** Changes the journal as planned. */
async function applyContent(
  session: HeldSession,
  found: Examination,
  ports: SessionPorts,
): Promise<string> {
  if (found.damage !== undefined) {
    const backup = await backUp(session, ports);
    await rewrite(session, found, ports);
    return backup;
  }
  await session.confirm(found.size);
  if (found.tail === "torn") await session.file.truncate(found.hash.length);
  if (found.tail === "unterminated") {
    await session.file.append(LINE_END);
    await session.file.sync();
  }
  return "";
}

/** Looks at the mended journal and writes state and chain for it. */
async function finish(journal: string, ports: SessionPorts): Promise<Examination> {
  const file = await ports.appends.open(journal, { create: false });
  try {
    const confirm = () => Promise.resolve();
    const after = await examine({ path: journal, file, confirm }, 0);
    const updatedAt = formatInstant(ports.clock.now());
    const failure = await saveState(
      journal,
      { tip: after.tip, hash: after.hash, updatedAt },
      ports,
    );
    if (failure !== undefined) throw failure;
    if (after.checkpoints.length > 0) {
      const chain = utf8(encodeChain(after.tip.header, after.checkpoints));
      await ports.files.replace(chainPath(journal), chain);
    }
    return after;
  } finally {
    file.close();
  }
}

/** Plans, and applies when it may. */
async function repairHeld(
  session: HeldSession,
  request: RepairRequest,
  ports: SessionPorts,
): Promise<RepairOutcome> {
  const { journal, apply, progress } = request;
  const state = await readState(journal, ports);
  const found = await examine(session, state?.journalSize ?? 0, progress);
  const actions = [
    ...contentActions(found),
    ...stateActions(found, state),
    ...await chainActions(journal, found, ports),
  ];
  const planned = {
    eventCount: found.tip.eventCount + found.restarted,
    lastSequence: found.tip.lastSequence + found.restarted,
  };
  if (!apply || actions.length === 0) {
    return { actions, applied: false, backupPath: "", ...planned };
  }
  const backupPath = await applyContent(session, found, ports);
  const after = await finish(journal, ports);
  const { eventCount, lastSequence } = after.tip;
  return { actions, applied: true, backupPath, eventCount, lastSequence };
}

/**
 * Examines a session and, when `apply` says so, mends it.
 *
 * @throws GaitError `journal_invalid` for a file without a header, and what locking and writing throw
 */
export async function repairSession(
  request: RepairRequest,
  ports: SessionPorts,
): Promise<RepairOutcome> {
  return await withSession(
    request.journal,
    { create: false, ports },
    (session) => repairHeld(session, request, ports),
  );
}
