/**
 * Whether a state may stand for the journal before it: it has our digest, it names the session of the first
 * line, and its counters are those of the last line it covers. Constant work for any length of the journal.
 *
 * @module
 */

import { LIMITS } from "../base/limits.ts";
import type { AppendFile } from "../ports/append.ts";
import { decodeJournalLine } from "../session/decode_record.ts";
import type { JournalRecord } from "../session/records.ts";
import type { SessionState } from "../session/state.ts";

/** First look at a line, bytes; longer lines take a second one. */
const FIRST_LOOK = 1 << 12;
const NEWLINE = 0x0a;

/** Decodes a line; `undefined` when it is no record. */
function recordOf(bytes: Uint8Array): JournalRecord | undefined {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decodeJournalLine(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** First line of a file. */
async function firstRecord(file: AppendFile): Promise<JournalRecord | undefined> {
  for (let length = FIRST_LOOK; length <= 2 * LIMITS.journalLineBytes; length *= 16) {
    const data = await file.read(0, length);
    const cut = data.indexOf(NEWLINE);
    if (cut >= 0) return recordOf(data.subarray(0, cut));
    if (data.length < length) return undefined;
  }
  return undefined;
}

/** The line that ends, with its line end, at an offset. */
async function lastRecord(file: AppendFile, end: number): Promise<JournalRecord | undefined> {
  for (let length = FIRST_LOOK; length <= 2 * LIMITS.journalLineBytes; length *= 16) {
    const from = Math.max(0, end - length);
    const data = await file.read(from, end - from);
    if (data.length === 0 || data.at(-1) !== NEWLINE) return undefined;
    const cut = data.subarray(0, -1).lastIndexOf(NEWLINE);
    if (cut >= 0 || from === 0) return recordOf(data.subarray(cut + 1, -1));
  }
  return undefined;
}

/** Whether the last record is the one that the counters describe. */
function isLast(record: JournalRecord | undefined, state: SessionState): boolean {
  const { tip } = state;
  switch (record?.kind) {
    case "header":
      return tip.lastSequence === 0 && tip.checkpointCount === 0;
    case "event":
      return record.event.sequence === tip.lastSequence;
    case "checkpoint":
      return record.checkpoint.checkpoint_digest === tip.lastCheckpointDigest &&
        record.checkpoint.checkpoint_index === tip.lastCheckpointIndex &&
        record.checkpoint.sequence_end === tip.lastCheckpointSequence &&
        tip.lastSequence >= record.checkpoint.sequence_end;
    default:
      return false;
  }
}

/**
 * Checks a state against both ends of the journal.
 *
 * @param size Size of the journal, bytes.
 */
export async function stateAgrees(
  file: AppendFile,
  state: SessionState | undefined,
  size: number,
): Promise<boolean> {
  if (state?.hash === undefined || state.journalSize === 0 || state.journalSize > size) {
    return false;
  }
  const first = await firstRecord(file);
  if (first?.kind !== "header") return false;
  const { header } = first;
  const same = header.session_id === state.sessionId && header.run_id === state.runId &&
    header.created_at === state.tip.header.created_at;
  return same && isLast(await lastRecord(file, state.journalSize), state);
}
