/**
 * Raw deflate (RFC 1951), decoded into a buffer of known size.
 *
 * The platform's decompression stream is not used here: it does not say where a stream ends, ignores
 * padding bits, and may produce a gigabyte from one chunk before anyone can count.
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import {
  DISTANCE_SYMBOLS,
  END_FLAG,
  fillTable,
  type HuffmanTable,
  huffmanTable,
  LINK_FLAG,
  LITERAL_SYMBOLS,
  PLAIN_SYMBOLS,
} from "./_huffman.ts";

/** A reader's place in a stream and the output so far. */
interface State {
  readonly src: Uint8Array;
  readonly out: Bytes;
  /** Next byte of `src` to load. */
  pos: number;
  /** Loaded bits, next one lowest. */
  bits: number;
  /** Number of loaded bits; below 0 never. */
  count: number;
  /** Next byte of `out` to write. */
  at: number;
  readonly literals: HuffmanTable;
  readonly distances: HuffmanTable;
}

/** Order of code length codes in a dynamic header (RFC 1951 §3.2.7). */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function corrupt(state: string): GaitError {
  return new GaitError("archive_corrupt", `Cannot inflate a member: ${state}`);
}

/** Takes up to 16 bits. */
function take(state: State, count: number): number {
  while (state.count < count) {
    if (state.pos >= state.src.length) throw corrupt("the stream ends early");
    state.bits |= (state.src[state.pos++] as number) << state.count;
    state.count += 8;
  }
  const out = state.bits & ((1 << count) - 1);
  state.bits >>>= count;
  state.count -= count;
  return out;
}

/** Drops the bits up to the next byte; they must be 0, so that no bit of a stream goes unread. */
function alignToByte(state: State): void {
  if (take(state, state.count & 7) !== 0) throw corrupt("padding bits are set");
}

/** Copies a stored block (RFC 1951 §3.2.4). */
function readStored(state: State): void {
  alignToByte(state);
  const length = take(state, 16);
  if ((take(state, 16) ^ 0xffff) !== length) throw corrupt("a stored block names two lengths");
  // Whole bytes may be loaded already; they are the first of the block.
  const start = state.pos - (state.count >> 3);
  const end = start + length;
  if (end > state.src.length) throw corrupt("the stream ends early");
  if (length > state.out.length - state.at) throw corrupt("it is longer than declared");
  state.out.set(state.src.subarray(start, end), state.at);
  state.at += length;
  state.pos = end;
  state.bits = 0;
  state.count = 0;
}

/** Reads one symbol of a dynamic header; its codes have at most 7 bits. */
function takeSymbol(state: State, table: HuffmanTable): number {
  let code = 0;
  for (let length = 1; length <= 7; length++) {
    code |= take(state, 1) << (length - 1);
    const entry = table.entries[code] as number;
    if ((entry & 15) === length) return entry >>> 16;
  }
  throw corrupt("a code length code is invalid");
}

/** Reads the code lengths of both tables of a dynamic block (RFC 1951 §3.2.7). */
function readLengths(state: State, count: number): Uint8Array {
  const table = state.distances;
  const lengths = new Uint8Array(count);
  for (let i = 0; i < count;) {
    const symbol = takeSymbol(state, table);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) throw corrupt("a code length repeats nothing");
    const value = symbol === 16 ? lengths[i - 1] as number : 0;
    const times = symbol === 16
      ? 3 + take(state, 2)
      : symbol === 17
      ? 3 + take(state, 3)
      : 11 + take(state, 7);
    if (i + times > count) throw corrupt("code lengths run over their count");
    lengths.fill(value, i, i + times);
    i += times;
  }
  return lengths;
}

/** Reads the header of a dynamic block and fills both tables. */
function readDynamicTables(state: State): void {
  const literalCount = 257 + take(state, 5);
  const distanceCount = 1 + take(state, 5);
  const codeCount = 4 + take(state, 4);
  if (literalCount > 286 || distanceCount > 30) throw corrupt("a block names too many codes");
  const codeLengths = new Uint8Array(19);
  for (let i = 0; i < codeCount; i++) {
    codeLengths[CODE_LENGTH_ORDER[i] as number] = take(state, 3);
  }
  // The distance table is free until the lengths are known.
  if (!fillTable(state.distances, codeLengths, PLAIN_SYMBOLS)) {
    throw corrupt("its codes are invalid");
  }
  const lengths = readLengths(state, literalCount + distanceCount);
  if (lengths[256] === 0) throw corrupt("a block has no end code");
  const literals = lengths.subarray(0, literalCount);
  const distances = lengths.subarray(literalCount);
  if (
    !fillTable(state.literals, literals, LITERAL_SYMBOLS) ||
    !fillTable(state.distances, distances, DISTANCE_SYMBOLS)
  ) throw corrupt("its codes are invalid");
}

/** Fills both tables with the fixed codes (RFC 1951 §3.2.6). */
function fillFixedTables(state: State): void {
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  fillTable(state.literals, lengths, LITERAL_SYMBOLS);
  fillTable(state.distances, new Uint8Array(32).fill(5), DISTANCE_SYMBOLS);
}

/** Copies an earlier part of the output to its end; the two may overlap. */
function copyMatch(out: Bytes, at: number, match: { length: number; distance: number }): void {
  const { length, distance } = match;
  if (distance === 1) {
    out.fill(out[at - 1] as number, at, at + length);
  } else if (distance >= length) {
    out.copyWithin(at, at - distance, at - distance + length);
  } else {
    for (let i = at; i < at + length; i++) out[i] = out[i - distance] as number;
  }
}

/**
 * Decodes the symbols of a block with filled tables. Everything hot lives in local variables. Behind the
 * end of the stream zeros are loaded; the check after the loop refuses what used them, and the bound of
 * the output ends the loop.
 */
function readCoded(state: State): void {
  const { src, out } = state;
  const literals = state.literals.entries;
  const distances = state.distances.entries;
  const literalBits = state.literals.primaryBits;
  const distanceBits = state.distances.primaryBits;
  const literalMask = (1 << literalBits) - 1;
  const distanceMask = (1 << distanceBits) - 1;
  const { length: end } = src;
  const { length: limit } = out;
  let { pos, bits, count, at } = state;
  for (;;) {
    for (; count <= 24; count += 8) bits |= (pos < end ? src[pos] as number : 0) << count, pos++;
    let entry = literals[bits & literalMask] as number;
    if ((entry & LINK_FLAG) !== 0) {
      const below = (bits >>> literalBits) & ((1 << ((entry >> 8) & 15)) - 1);
      entry = literals[(entry >>> 16) + below] as number;
    }
    bits >>>= entry & 15;
    count -= entry & 15;
    if (entry < 0) {
      if (at >= limit) throw corrupt("it is longer than declared");
      out[at++] = entry >> 16;
      continue;
    }
    if (entry === 0) throw corrupt("a code is invalid");
    if ((entry & END_FLAG) !== 0) break;
    const extra = (entry >> 8) & 15;
    const length = (entry >> 16) + (bits & ((1 << extra) - 1));
    bits >>>= extra;
    count -= extra;
    for (; count <= 24; count += 8) bits |= (pos < end ? src[pos] as number : 0) << count, pos++;
    entry = distances[bits & distanceMask] as number;
    if ((entry & LINK_FLAG) !== 0) {
      const below = (bits >>> distanceBits) & ((1 << ((entry >> 8) & 15)) - 1);
      entry = distances[(entry >>> 16) + below] as number;
    }
    if (entry === 0) throw corrupt("a code is invalid");
    bits >>>= entry & 15;
    count -= entry & 15;
    const more = (entry >> 8) & 15;
    for (; count < more; count += 8) bits |= (pos < end ? src[pos] as number : 0) << count, pos++;
    const distance = (entry >> 16) + (bits & ((1 << more) - 1));
    bits >>>= more;
    count -= more;
    if (distance > at) throw corrupt("a match reaches before the start");
    if (length > limit - at) throw corrupt("it is longer than declared");
    if (length < 16 && distance >= 1) {
      for (const stop = at + length; at < stop; at++) out[at] = out[at - distance] as number;
    } else {
      copyMatch(out, at, { length, distance });
      at += length;
    }
  }
  putBack(state, { pos, bits, count, at });
}

/** Ends a block: whole bytes that were loaded ahead go back. */
function putBack(state: State, ahead: Pick<State, "pos" | "bits" | "count" | "at">): void {
  state.pos = ahead.pos - (ahead.count >> 3);
  if (state.pos > state.src.length) throw corrupt("the stream ends early");
  state.count = ahead.count & 7;
  state.bits = ahead.bits & ((1 << state.count) - 1);
  state.at = ahead.at;
}

/**
 * Inflates a raw deflate stream.
 *
 * @param src The whole stream, nothing after it.
 * @param size Size of the content, bytes; the caller has bounded it.
 * @returns The content, exactly `size` bytes.
 * @throws GaitError `archive_corrupt` for a malformed or truncated stream, bytes after its end, padding bits
 *   that are not 0, and content of another size
 */
export function inflateRaw(src: Uint8Array, size: number): Bytes {
  const state: State = {
    src,
    out: new Uint8Array(size),
    pos: 0,
    bits: 0,
    count: 0,
    at: 0,
    literals: huffmanTable(),
    distances: huffmanTable(),
  };
  for (let last = false; !last;) {
    last = take(state, 1) === 1;
    const type = take(state, 2);
    if (type === 0) readStored(state);
    else if (type === 3) throw corrupt("a block has an unknown type");
    else {
      if (type === 1) fillFixedTables(state);
      else readDynamicTables(state);
      readCoded(state);
    }
  }
  alignToByte(state);
  if (state.pos !== src.length) throw corrupt("bytes follow its stream");
  if (state.at !== size) throw corrupt("it is shorter than declared");
  return state.out;
}
