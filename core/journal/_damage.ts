/**
 * Reading a damaged journal as far as it goes, and seeing what is wrong with it.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { RunningSha256 } from "../digest/running_sha256.ts";
import { decodeJournalLine } from "../session/decode_record.ts";
import type { JournalRecord, SessionCheckpoint } from "../session/records.ts";
import { Replay, type SessionTip } from "../session/replay.ts";
import type { HeldSession } from "./open_session.ts";
import { scanLines, type ScannedLine } from "./scan_lines.ts";

/** Where a journal breaks off. */
export interface Damage {
  /** Offset of the first line that does not follow. */
  readonly offset: number;
  /** Its number, counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** What an examination found. */
export interface Examination {
  readonly size: number;
  /** Where the intact part stands. */
  readonly tip: SessionTip;
  /** Hash of the intact part. */
  readonly hash: RunningSha256;
  readonly checkpoints: readonly SessionCheckpoint[];
  readonly tail: "clean" | "unterminated" | "torn";
  /** First damage before the tail. */
  readonly damage: Damage | undefined;
  /**
   * Events behind the damage that only lack the right numbers: the reference restarts at 1 after it compacted
   * everything (spec 03 §7).
   */
  readonly restarted: number;
  /** Digest at a size that somebody vouches for; `undefined` when the intact part is shorter. */
  readonly digestAt: Uint8Array | undefined;
}

/** A line end. */
export const LINE_END: Uint8Array<ArrayBuffer> = new Uint8Array([0x0a]);

/** Decodes a line; `undefined` when it is no record. */
function recordOf(bytes: Uint8Array): JournalRecord | undefined {
  try {
    return decodeJournalLine(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Counts events that are numbered 1, 2, 3, … behind a damage. */
class RestartCount {
  #next = 1;
  #holds = true;
  take(line: ScannedLine, tip: SessionTip): void {
    const record = recordOf(line.bytes);
    const { header } = tip;
    const follows = record?.kind === "event" && record.event.sequence === this.#next &&
      record.event.session_id === header.session_id && record.event.run_id === header.run_id;
    if (!follows) this.#holds = false;
    this.#next++;
  }
  get count(): number {
    return this.#holds ? this.#next - 1 : 0;
  }
}

/** Everything that an examination collects. */
class Examiner {
  readonly replay = new Replay();
  readonly hash = new RunningSha256();
  readonly checkpoints: SessionCheckpoint[] = [];
  readonly restart = new RestartCount();
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #vouchedSize: number;
  tail: Examination["tail"] = "clean";
  damage: Damage | undefined;
  digestAt: Uint8Array | undefined;

  constructor(vouchedSize: number) {
    this.#vouchedSize = vouchedSize;
  }
  visit(line: ScannedLine): void {
    if (this.damage !== undefined) return this.restart.take(line, this.replay.tip());
    try {
      const record = this.replay.takeLine(this.#decoder.decode(line.bytes));
      if (record?.kind === "checkpoint") this.checkpoints.push(record.checkpoint);
    } catch (error) {
      return this.#broken(line, error);
    }
    this.hash.update(line.bytes);
    if (line.terminated) this.hash.update(LINE_END);
    else this.tail = "unterminated";
    if (this.hash.length === this.#vouchedSize) this.digestAt = this.hash.digest();
  }
  #broken(line: ScannedLine, error: unknown): void {
    if (!line.terminated) {
      this.tail = "torn";
      return;
    }
    const message = error instanceof GaitError ? error.message : "a line is not UTF-8";
    this.damage = { offset: line.start, line: this.replay.lines, message };
    this.restart.take(line, this.replay.tip());
  }
}

/**
 * Reads a journal as far as it is intact.
 *
 * @param vouchedSize Size at which a digest is wanted, bytes.
 * @throws GaitError `journal_invalid` when there is no header: then nothing can be mended
 */
export async function examine(
  session: HeldSession,
  vouchedSize: number,
  progress?: (done: number, total: number) => void,
): Promise<Examination> {
  const size = await session.file.size();
  const examiner = new Examiner(vouchedSize);
  await scanLines(session.file, {
    from: 0,
    to: size,
    progress: (offset) => progress?.(offset, size),
  }, (line) => examiner.visit(line));
  const tip = examiner.replay.tip();
  const { hash, checkpoints, tail, damage, digestAt, restart } = examiner;
  const atCheckpoint = tip.lastCheckpointSequence > 0 &&
    tip.lastSequence === tip.lastCheckpointSequence;
  return {
    size,
    tip,
    hash,
    checkpoints,
    tail,
    damage,
    restarted: damage !== undefined && atCheckpoint ? restart.count : 0,
    digestAt,
  };
}
