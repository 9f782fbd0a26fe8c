/**
 * The deflate encoder of spec 01 §7.3: the same bytes as the reference's, so that one input has one archive.
 * Data may come in pieces of any size; the stream does not depend on how it was cut.
 *
 * @module
 */

import type { Bytes } from "../../base/bytes.ts";
import { BitWriter } from "./bit_writer.ts";
import { writeBlock, writeEnd } from "./block.ts";

const WINDOW = 65_536;
const HALF = 32_768;
/** Input that must lie ahead before a position is decided, unless the input ends: longest match and hash. */
const LOOK_AHEAD = 262;
const MAX_MATCH = 258;
const MIN_MATCH = 4;
/** A match this long is taken at once; also the longest one that is still improved on. */
const NICE_LENGTH = 32;
const LAZY_LENGTH = 16;
const MAX_CANDIDATES = 32;
/** Matches of four bytes from further back cost more than they save. */
const SHORT_MATCH_REACH = 4096;
const BLOCK_TOKENS = 16_384;
const NONE = -1;

/** Positions are 32-bit integers. */
const MAX_INPUT = 0x7fff_0000;

/** Length of the common prefix of two places, at most `limit`; nothing beyond `limit` is read. */
function commonLength(
  data: DataView,
  a: number,
  options: { readonly b: number; readonly limit: number },
): number {
  const { b, limit } = options;
  let n = 0;
  // Four bytes at a time, which is three times as fast as single ones.
  for (; n + 4 <= limit; n += 4) {
    const differing = data.getInt32(a + n, true) ^ data.getInt32(b + n, true);
    // The first byte that differs holds the lowest bit that is set.
    if (differing !== 0) return n + (31 - Math.clz32(differing & -differing) >> 3);
  }
  while (n < limit && data.getUint8(a + n) === data.getUint8(b + n)) n++;
  return n;
}

/** Slot of the hash table for four bytes, given as a big-endian word. */
function slotOf(word: number): number {
  return Math.imul(word, 0x1e35a7bd) >>> 15;
}

/** A streaming encoder; positions count from the start of the input. */
export class DeflateEncoder {
  readonly #out = new BitWriter();
  /** The input from `#base` on. */
  readonly #window = new Uint8Array(WINDOW);
  /** The same bytes, for reading four at a time at any offset. */
  readonly #words = new DataView(this.#window.buffer);
  readonly #head = new Int32Array(1 << 17).fill(NONE);
  readonly #previous = new Int32Array(HALF).fill(NONE);
  readonly #tokens = new Uint32Array(BLOCK_TOKENS);
  #count = 0;
  #base = 0;
  #end = 0;
  #position = 0;
  #blockStart = 0;
  #chain = NONE;
  #length = MIN_MATCH - 1;
  #distance = 0;
  #pending = false;

  /** Number of bytes taken in so far. */
  get size(): number {
    return this.#end;
  }

  /**
   * Takes in the next bytes; they are copied.
   *
   * @throws RangeError beyond 2 GiB
   */
  write(data: Uint8Array): void {
    if (this.#end + data.length > MAX_INPUT) {
      throw new RangeError("Cannot deflate: the input exceeds 2 GiB");
    }
    for (let from = 0; from < data.length;) {
      const filled = this.#end - this.#base;
      if (filled === WINDOW) {
        // More input is certain here, which is what decides about sliding the window.
        this.#advance(true);
        this.#slide();
        continue;
      }
      const part = data.subarray(from, from + WINDOW - filled);
      this.#window.set(part, filled);
      this.#end += part.length;
      from += part.length;
    }
  }

  /** Compressed bytes that are ready; handed over once. */
  take(): Bytes[] {
    return this.#out.take();
  }

  /** Ends the stream and returns what was not taken yet. The encoder is used up. */
  finish(): Bytes[] {
    this.#advance(false);
    if (this.#pending) this.#emitLiteral();
    if (this.#count > 0) this.#endBlock();
    writeEnd(this.#out);
    return this.#out.take();
  }

  #slide(): void {
    this.#window.copyWithin(0, HALF);
    this.#base += HALF;
  }

  /** Decides positions until the input runs out or too little of it lies ahead. */
  #advance(more: boolean): void {
    for (;;) {
      const look = this.#end - this.#position;
      if (look === 0 || (more && look < LOOK_AHEAD)) return;
      if (look > 3) this.#insertCurrent();
      const length = this.#length;
      const distance = this.#distance;
      this.#length = MIN_MATCH - 1;
      this.#distance = 0;
      const low = Math.max(this.#base, this.#position - HALF);
      const searches = this.#chain >= low && this.#chain !== NONE && look > length &&
        length < LAZY_LENGTH;
      if (searches) this.#search(low, look);
      if (length >= MIN_MATCH && this.#length <= length) this.#emitMatch(length, distance);
      else this.#defer();
    }
  }

  /** Remembers the current position and the one before with the same hash. */
  #insertCurrent(): void {
    const hash = slotOf(this.#words.getInt32(this.#position - this.#base));
    this.#chain = this.#head[hash] as number;
    this.#previous[this.#position & (HALF - 1)] = this.#chain;
    this.#head[hash] = this.#position;
  }

  /** Looks for the longest earlier occurrence of what lies ahead. */
  #search(low: number, look: number): void {
    const data = this.#words;
    const base = this.#base;
    const position = this.#position;
    const previous = this.#previous;
    const here = position - base;
    const limit = Math.min(MAX_MATCH, look);
    const nice = Math.min(NICE_LENGTH, limit);
    let best = this.#length;
    let candidate = this.#chain;
    // The bytes that only a longer match has in common: most candidates fail here.
    let wanted = data.getInt32(here + best - 3);
    for (let tries = 0; tries < MAX_CANDIDATES; tries++) {
      const there = candidate - base;
      if (data.getInt32(there + best - 3) === wanted) {
        const n = commonLength(data, there, { b: here, limit });
        const reach = position - candidate;
        if (n > best && (n > MIN_MATCH || reach <= SHORT_MATCH_REACH)) {
          best = n;
          this.#distance = reach;
          if (n >= nice) break;
          wanted = data.getInt32(here + best - 3);
        }
      }
      if (candidate === position - HALF) break;
      candidate = previous[candidate & (HALF - 1)] as number;
      if (candidate < low) break;
    }
    this.#length = best;
  }

  /** Takes the match that the position before found: nothing better begins here. */
  #emitMatch(length: number, distance: number): void {
    this.#tokens[this.#count++] = length << 16 | distance;
    const last = Math.min(this.#position + length - 2, this.#end - MIN_MATCH);
    const head = this.#head;
    const previous = this.#previous;
    const data = this.#words;
    const base = this.#base;
    for (let position = this.#position + 1; position <= last; position++) {
      const hash = slotOf(data.getInt32(position - base));
      previous[position & (HALF - 1)] = head[hash] as number;
      head[hash] = position;
    }
    this.#position += length - 1;
    this.#pending = false;
    this.#length = MIN_MATCH - 1;
    if (this.#count === BLOCK_TOKENS) this.#endBlock();
  }

  /** Leaves the current byte pending: the next position may begin a longer match. */
  #defer(): void {
    if (this.#pending) {
      this.#emitLiteral();
      if (this.#count === BLOCK_TOKENS) this.#endBlock();
    }
    this.#position++;
    this.#pending = true;
  }

  #emitLiteral(): void {
    this.#tokens[this.#count++] = this.#window[this.#position - 1 - this.#base] as number;
  }

  /** Writes the tokens collected so far; the input up to the current position is done. */
  #endBlock(): void {
    const start = this.#blockStart - this.#base;
    const raw = start < 0 ? undefined : this.#window.subarray(start, this.#position - this.#base);
    writeBlock(this.#out, { tokens: this.#tokens, count: this.#count, raw });
    this.#blockStart = this.#position;
    this.#count = 0;
  }
}

/**
 * Compresses a whole input.
 *
 * @returns The stream in chunks.
 */
export function deflate(data: Uint8Array): Bytes[] {
  const encoder = new DeflateEncoder();
  encoder.write(data);
  return encoder.finish();
}
