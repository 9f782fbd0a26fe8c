/**
 * Finding out where a session stands: from its state when that can be trusted, which costs the same for any
 * length of the journal, otherwise by replaying (spec 03 §4; divergences S1 and S5).
 *
 * @module
 */

import { equalBytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { RunningSha256 } from "../digest/running_sha256.ts";
import type { JournalRecord } from "../session/records.ts";
import { Replay, type SessionTip } from "../session/replay.ts";
import { parseState, type SessionState } from "../session/state.ts";
import { statePath } from "../session/session_paths.ts";
import { stateAgrees } from "./check_state.ts";
import type { HeldSession, SessionPorts } from "./open_session.ts";
import { scanLines, type ScannedLine } from "./scan_lines.ts";

/** What was found and mended, or will be by the next write (divergence S1). */
export interface SessionRepair {
  readonly kind: "torn_tail" | "missing_newline" | "state_rebuilt";
  readonly message: string;
  /** Bytes of a tail that was never acknowledged. */
  readonly bytes?: number;
}

/** Where a session stands. */
export interface LoadedSession {
  readonly tip: SessionTip;
  /** Hash of the journal up to the end of its last record. */
  readonly hash: RunningSha256;
  /** How the file ends: `torn` has bytes behind the last record that are none. */
  readonly tail: "clean" | "unterminated" | "torn";
  /** Size of the file as found, bytes. */
  readonly size: number;
  /** The state as found, when it was usable at all. */
  readonly state: SessionState | undefined;
  /** Whether the state says exactly this and need not be written. */
  readonly stateCurrent: boolean;
  readonly repairs: readonly SessionRepair[];
}

/** What loading needs besides the journal that is held. */
export type LoadPorts = Pick<SessionPorts, "files">;

/** How to load. */
export interface LoadOptions {
  /** Read the whole journal, whatever the state says. */
  readonly full?: boolean;
  /** Called for each record that is read, with its text. */
  visit?(record: JournalRecord, text: string): void;
  /** Called with bytes read and their total. */
  progress?(done: number, total: number): void;
}

/** A replay that goes on. */
interface Run {
  readonly replay: Replay;
  readonly hash: RunningSha256;
  readonly state: SessionState | undefined;
  readonly options: LoadOptions;
  tail: LoadedSession["tail"];
  /** Whether the prefix that the state vouches for has the recorded digest; `undefined` until it is seen. */
  prefixHolds: boolean | undefined;
}

/** Reads the state file; `undefined` when there is none or it is not usable. */
async function readState(path: string, ports: LoadPorts): Promise<SessionState | undefined> {
  try {
    const limit = { maxBytes: LIMITS.sessionStateBytes };
    return parseState(await ports.files.read(statePath(path), limit));
  } catch (error) {
    const missing = error instanceof GaitError &&
      (error.code === "file_not_found" || error.code === "input_too_large");
    if (missing) return undefined;
    throw error;
  }
}

/** Compares the digest at the place that the state vouches for. */
function checkPrefix(run: Run): void {
  const { state, hash } = run;
  if (state?.hash === undefined || hash.length !== state.journalSize) return;
  run.prefixHolds = equalBytes(hash.digest(), state.hash.digest());
}

/** Takes one line into the replay. */
function takeLine(run: Run, line: ScannedLine, decoder: TextDecoder): void {
  let record: JournalRecord | undefined;
  let text: string;
  try {
    text = decoder.decode(line.bytes);
    record = run.replay.takeLine(text);
  } catch (error) {
    // A last line that is no record was never acknowledged; the check against the state comes later.
    if (!line.terminated) {
      run.tail = "torn";
      return;
    }
    if (error instanceof GaitError) throw error;
    throw new GaitError("journal_invalid", "Cannot read the session journal: a line is not UTF-8", {
      details: { journal_line: run.replay.lines + 1 },
    });
  }
  run.hash.update(line.whole);
  if (!line.terminated) run.tail = "unterminated";
  checkPrefix(run);
  if (record !== undefined) run.options.visit?.(record, text);
}

/** An error of the replay, told as an alteration when the state vouches for what is damaged. */
function damage(error: unknown, run: Run): unknown {
  const vouched = run.state?.hash !== undefined && run.hash.length < run.state.journalSize;
  if (!vouched || !(error instanceof GaitError) || error.code !== "journal_invalid") return error;
  return new GaitError(
    "journal_altered",
    `${error.message}; it was intact when its state was written`,
    {
      ...(error.place !== undefined && { place: error.place }),
      details: error.details,
      cause: error,
    },
  );
}

/** Replays a range of the journal. */
async function replayFrom(session: HeldSession, run: Run, size: number): Promise<void> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const from = run.hash.length;
  checkPrefix(run);
  try {
    await scanLines(session.file, {
      from,
      to: size,
      progress: (offset) => run.options.progress?.(offset, size),
    }, (line) => takeLine(run, line, decoder));
  } catch (error) {
    throw damage(error, run);
  }
}

/** Whether a state belongs to the same session. */
function sameSession(state: SessionState, tip: SessionTip): boolean {
  return state.sessionId === tip.header.session_id && state.runId === tip.header.run_id;
}

/** Whether a state records what a replay found. */
function sameCounts(a: SessionTip, b: SessionTip): boolean {
  return a.eventCount === b.eventCount && a.lastSequence === b.lastSequence &&
    a.checkpointCount === b.checkpointCount && a.lastCheckpointIndex === b.lastCheckpointIndex &&
    a.lastCheckpointSequence === b.lastCheckpointSequence &&
    a.lastCheckpointDigest === b.lastCheckpointDigest;
}

/** The refusal when acknowledged events are gone (divergence S1). */
function missing(state: SessionState, found: number): GaitError {
  const last = Math.max(state.tip.lastSequence, state.tip.lastCheckpointSequence);
  return new GaitError(
    "acknowledged_event_missing",
    `Cannot use the session journal: events ${found + 1}..${last} were acknowledged and are gone`,
    {
      details: {
        first_bad_sequence: found + 1,
        acknowledged_sequence: last,
        found_sequence: found,
      },
    },
  );
}

/** Refuses a journal that lost or changed what its state vouches for. */
function checkAgainstState(run: Run, tip: SessionTip): void {
  const { state } = run;
  if (state === undefined || !sameSession(state, tip)) return;
  const acknowledged = Math.max(state.tip.lastSequence, state.tip.lastCheckpointSequence);
  if (run.hash.length < state.journalSize && tip.lastSequence < acknowledged) {
    throw missing(state, tip.lastSequence);
  }
  if (run.prefixHolds === false) {
    throw new GaitError(
      "journal_altered",
      "Cannot use the session journal: its content is not what its state recorded",
      { details: { journal_size_bytes: state.journalSize } },
    );
  }
}

/** What a finished replay means. */
function conclude(run: Run, size: number, tip: SessionTip): LoadedSession {
  const { state, tail, hash } = run;
  const repairs: SessionRepair[] = [];
  if (tail === "torn") {
    const bytes = size - hash.length;
    const message = `${bytes} bytes behind the last record were never acknowledged`;
    repairs.push({ kind: "torn_tail", message, bytes });
  }
  if (tail === "unterminated") {
    repairs.push({ kind: "missing_newline", message: "the last record had no line end" });
  }
  const stateCurrent = state !== undefined && state.journalSize === hash.length &&
    sameSession(state, tip) && sameCounts(state.tip, tip);
  if (!stateCurrent) {
    repairs.push({ kind: "state_rebuilt", message: "the state was rebuilt from the journal" });
  }
  return { tip, hash, tail, size, state, stateCurrent, repairs };
}

/**
 * Loads a session.
 *
 * @throws GaitError `journal_invalid`, `journal_altered`, `acknowledged_event_missing`
 */
export async function loadSession(
  session: HeldSession,
  ports: LoadPorts,
  options: LoadOptions = {},
): Promise<LoadedSession> {
  const size = await session.file.size();
  const state = await readState(session.path, ports);
  const trusted = !options.full && await stateAgrees(session.file, state, size);
  const resumed = trusted && state?.hash !== undefined ? state.hash.save() : undefined;
  const hash = resumed === undefined || state === undefined
    ? new RunningSha256()
    : RunningSha256.restore(resumed, state.journalSize) ?? new RunningSha256();
  const goesOn = hash.length > 0 && state !== undefined;
  const run: Run = {
    replay: goesOn ? new Replay(state.tip) : new Replay(),
    hash,
    state,
    options,
    tail: "clean",
    prefixHolds: undefined,
  };
  await replayFrom(session, run, size);
  const tip = run.replay.tip();
  checkAgainstState(run, tip);
  return conclude(run, size, tip);
}
