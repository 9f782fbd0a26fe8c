/**
 * Raw deflate (RFC 1951), decoded into a buffer of known size.
 *
 * The platform's decompression stream is not used here: it does not say where a stream ends, ignores
 * padding bits, and may produce a gigabyte from one chunk before anyone can count.
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import { readDynamicTables, takeFixedTables } from "./_block_tables.ts";
import { END_FLAG, huffmanTable, LINK_FLAG } from "./_huffman.ts";
import { alignToByte, corrupt, type State, take } from "./_inflate_state.ts";

/**
 * Output for which a stream may spend one more block, bytes. Encoders write far larger blocks; a stream
 * of empty ones would cost time without end.
 */
const BYTES_PER_BLOCK = 8;
/** The same for dynamic blocks, whose tables take as long as thousands of bytes. */
const BYTES_PER_DYNAMIC_BLOCK = 256;
/** Blocks that every stream may have. */
const FREE_BLOCKS = 64;

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
  const own = { literals: huffmanTable(), distances: huffmanTable() };
  const state: State = {
    src,
    out: new Uint8Array(size),
    pos: 0,
    bits: 0,
    count: 0,
    at: 0,
    ...own,
    own,
    fixed: undefined,
    blocks: FREE_BLOCKS + size / BYTES_PER_BLOCK,
    dynamicBlocks: FREE_BLOCKS + size / BYTES_PER_DYNAMIC_BLOCK,
  };
  for (let last = false; !last;) {
    if (--state.blocks < 0) throw corrupt("it spends too many blocks");
    last = take(state, 1) === 1;
    const type = take(state, 2);
    if (type === 0) readStored(state);
    else if (type === 3) throw corrupt("a block has an unknown type");
    else {
      if (type === 1) takeFixedTables(state);
      else readDynamicTables(state);
      readCoded(state);
    }
  }
  alignToByte(state);
  if (state.pos !== src.length) throw corrupt("bytes follow its stream");
  if (state.at !== size) throw corrupt("it is shorter than declared");
  return state.out;
}
