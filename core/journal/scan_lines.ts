/**
 * Reading the lines of a large file piece by piece.
 *
 * @module
 */

import { concatBytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { AppendFile } from "../ports/append.ts";

/** One line. */
export interface ScannedLine {
  /** Content without the line end; valid only during the call. */
  readonly bytes: Uint8Array;
  /** Content and line end, if there is one; valid only during the call. */
  readonly whole: Uint8Array;
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset behind it, line end included. */
  readonly end: number;
  /** Whether a line end follows. */
  readonly terminated: boolean;
}

/** What to scan. */
export interface ScanRange {
  /** Offset of the first byte. */
  readonly from: number;
  /** Offset behind the last byte. */
  readonly to: number;
  /** Called after each piece with the offset reached. */
  progress?(offset: number): void;
}

/** Bytes read at a time. */
const PIECE = 1 << 20;
const NEWLINE = 0x0a;

function tooLong(start: number): GaitError {
  return new GaitError(
    "journal_invalid",
    `Cannot read the line at offset ${start}: it exceeds ${LIMITS.journalLineBytes} bytes`,
    { details: { offset: start } },
  );
}

/**
 * Visits the lines of a range; the last one may be unterminated.
 *
 * @param visit Called for each line, in order.
 * @throws GaitError `journal_invalid` for a line above `LIMITS.journalLineBytes`; whatever `visit` throws
 */
export async function scanLines(
  file: AppendFile,
  range: ScanRange,
  visit: (line: ScannedLine) => void,
): Promise<void> {
  let rest = new Uint8Array();
  let start = range.from;
  for (let at = range.from; at < range.to;) {
    const piece = await file.read(at, Math.min(PIECE, range.to - at));
    if (piece.length === 0) break;
    at += piece.length;
    // Only a line longer than a piece is copied more than once, and the limit bounds that.
    const data = rest.length === 0 ? piece : concatBytes([rest, piece]);
    let from = 0;
    for (;;) {
      const cut = data.indexOf(NEWLINE, from);
      if (cut < 0) break;
      if (cut - from > LIMITS.journalLineBytes) throw tooLong(start);
      const end = start + cut - from + 1;
      const whole = data.subarray(from, cut + 1);
      visit({ bytes: data.subarray(from, cut), whole, start, end, terminated: true });
      start = end;
      from = cut + 1;
    }
    rest = data.slice(from);
    if (rest.length > LIMITS.journalLineBytes) throw tooLong(start);
    range.progress?.(at);
  }
  if (rest.length === 0) return;
  visit({ bytes: rest, whole: rest, start, end: start + rest.length, terminated: false });
}
