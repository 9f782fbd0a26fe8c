/**
 * The state machine of a journal (spec 03 §3.3): takes records in order and knows where the session stands.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { BadRecord } from "./_members.ts";
import { checkpointDigest } from "./checkpoint_digest.ts";
import { decodeJournalLine } from "./decode_record.ts";
import type {
  JournalRecord,
  SessionCheckpoint,
  SessionEvent,
  SessionHeader,
  SessionIdentity,
} from "./records.ts";

/** Where a session stands. */
export interface SessionTip {
  readonly header: SessionHeader;
  /** Events in the file. */
  readonly eventCount: number;
  /** Sequence of the last event, or the end of the last checkpoint when that is higher. */
  readonly lastSequence: number;
  readonly checkpointCount: number;
  readonly lastCheckpointIndex: number;
  readonly lastCheckpointSequence: number;
  /** "" before the first checkpoint. */
  readonly lastCheckpointDigest: string;
}

/** Position of a record, for messages. */
interface At {
  readonly line: number;
  readonly sequence?: number;
}

/** A damaged journal. */
function invalid(state: string, at: At): GaitError {
  const where = at.line === 0 ? "" : ` at line ${at.line}`;
  return new GaitError("journal_invalid", `Cannot read the session journal${where}: ${state}`, {
    ...(at.line > 0 && { place: { line: at.line } }),
    details: {
      ...(at.line > 0 && { journal_line: at.line }),
      ...(at.sequence !== undefined && { first_bad_sequence: at.sequence }),
    },
  });
}

/** Replays records. */
export class Replay {
  #header: SessionHeader | undefined;
  #eventCount = 0;
  /** Sequence of the last event, 0 before the first. */
  #lastEvent = 0;
  #expected = 1;
  #checkpointCount = 0;
  #lastIndex = 0;
  #lastEnd = 0;
  #lastDigest = "";
  #line = 0;

  /** @param from Where to go on; the start of a journal when absent. */
  constructor(from?: SessionTip) {
    if (from === undefined) return;
    this.#header = from.header;
    this.#eventCount = from.eventCount;
    this.#lastEvent = from.lastSequence;
    this.#expected = from.lastSequence + 1;
    this.#checkpointCount = from.checkpointCount;
    this.#lastIndex = from.lastCheckpointIndex;
    this.#lastEnd = from.lastCheckpointSequence;
    this.#lastDigest = from.lastCheckpointDigest;
  }

  /** Lines seen, blank ones included. */
  get lines(): number {
    return this.#line;
  }

  /**
   * Takes the next line.
   *
   * @param text The line without its line end.
   * @returns The record; `undefined` for a blank line.
   * @throws GaitError `journal_invalid` with `journal_line` and `first_bad_sequence` in `details`
   */
  takeLine(text: string): JournalRecord | undefined {
    this.#line++;
    if (/^\s*$/.test(text)) return undefined;
    let record: JournalRecord;
    try {
      record = decodeJournalLine(text);
    } catch (error) {
      if (!(error instanceof BadRecord) && !(error instanceof GaitError)) throw error;
      throw invalid(error.message, { line: this.#line, sequence: this.#expected });
    }
    this.take(record);
    return record;
  }

  /** Takes the next record. @throws GaitError `journal_invalid` */
  take(record: JournalRecord): void {
    if (record.kind === "header") return this.#takeHeader(record.header);
    if (record.kind === "event") return this.#takeEvent(record.event);
    this.#takeCheckpoint(record.checkpoint);
  }

  #takeHeader(header: SessionHeader): void {
    if (this.#header !== undefined) throw invalid("a second header", { line: this.#line });
    this.#header = header;
  }

  #checkIdentity(identity: SessionIdentity, sequence: number): void {
    const header = this.#header;
    const at = { line: this.#line, sequence };
    if (header === undefined) throw invalid("the header is missing", at);
    const same = identity.session_id === header.session_id && identity.run_id === header.run_id;
    if (!same) throw invalid("the record belongs to another session or run", at);
  }

  #takeEvent(event: SessionEvent): void {
    this.#checkIdentity(event, this.#expected);
    if (event.sequence !== this.#expected) {
      const state = `event sequence is ${event.sequence}, expected ${this.#expected}`;
      throw invalid(state, { line: this.#line, sequence: this.#expected });
    }
    this.#eventCount++;
    this.#lastEvent = event.sequence;
    this.#expected++;
  }

  #takeCheckpoint(checkpoint: SessionCheckpoint): void {
    const { sequence_start: start, sequence_end: end } = checkpoint;
    this.#checkIdentity(checkpoint, this.#lastEnd + 1);
    const problem = this.#linkProblem(checkpoint) ?? this.#rangeProblem(start, end);
    if (problem !== undefined) {
      throw invalid(`checkpoint ${checkpoint.checkpoint_index} ${problem}`, {
        line: this.#line,
        sequence: this.#lastEnd + 1,
      });
    }
    this.#checkpointCount++;
    this.#lastIndex = checkpoint.checkpoint_index;
    this.#lastEnd = end;
    this.#lastDigest = checkpoint.checkpoint_digest;
    this.#expected = Math.max(this.#expected, end + 1);
  }

  #linkProblem(checkpoint: SessionCheckpoint): string | undefined {
    if (checkpoint.checkpoint_index !== this.#lastIndex + 1) {
      return `does not follow checkpoint ${this.#lastIndex}`;
    }
    if ((checkpoint.prev_checkpoint_digest ?? "") !== this.#lastDigest) {
      return "does not link to the checkpoint before it";
    }
    const digest = checkpointDigest(checkpoint);
    return digest === checkpoint.checkpoint_digest ? undefined : "has a wrong digest";
  }

  #rangeProblem(start: number, end: number): string | undefined {
    if (end < start || start < 1) return `covers the impossible range ${start}..${end}`;
    if (start <= this.#lastEnd) return "overlaps the checkpoint before it";
    if (start > this.#lastEnd + 1) return `leaves a gap: it starts at ${start}`;
    // A range may be gone as a whole (compaction), but not in part.
    const partial = this.#lastEvent >= start && this.#lastEvent < end;
    return partial
      ? `covers events up to ${end}, the journal ends at ${this.#lastEvent}`
      : undefined;
  }

  /** Where the session stands. @throws GaitError `journal_invalid` without a header */
  tip(): SessionTip {
    if (this.#header === undefined) throw invalid("the header is missing", { line: 0 });
    return {
      header: this.#header,
      eventCount: this.#eventCount,
      lastSequence: this.#expected - 1,
      checkpointCount: this.#checkpointCount,
      lastCheckpointIndex: this.#lastIndex,
      lastCheckpointSequence: this.#lastEnd,
      lastCheckpointDigest: this.#lastDigest,
    };
  }
}
