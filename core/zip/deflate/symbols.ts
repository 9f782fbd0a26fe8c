/**
 * Symbols of deflate for lengths and distances (RFC 1951 §3.2.5), and the fixed codes (§3.2.6).
 *
 * @module
 */

import { reversedCodes } from "./code_lengths.ts";

/** Number of literal and length symbols that occur. */
export const LITERAL_SYMBOLS = 286;
/** Number of distance symbols. */
export const DISTANCE_SYMBOLS = 30;
/** End of block. */
export const END_OF_BLOCK = 256;

/** Extra bits by length symbol, from 257. */
export const LENGTH_EXTRA = Uint8Array.of(
  ...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
);
/** Smallest length by length symbol, from 257. */
export const LENGTH_BASE = basesOf(LENGTH_EXTRA, 3);
// The last symbol stands for 258 alone (RFC 1951 §3.2.5).
LENGTH_BASE[28] = 258;

/** Extra bits by distance symbol. */
export const DISTANCE_EXTRA = Uint8Array.from(
  { length: DISTANCE_SYMBOLS },
  (_, symbol) => symbol < 2 ? 0 : (symbol >> 1) - 1,
);
/** Smallest distance by distance symbol. */
export const DISTANCE_BASE = basesOf(DISTANCE_EXTRA, 1);

function basesOf(extra: Uint8Array, first: number): Uint16Array {
  let base = first;
  return Uint16Array.from(extra, (bits) => {
    const own = base;
    base += 1 << bits;
    return own;
  });
}

/** Index (symbol − 257) by length 0–258. */
export const LENGTH_INDEX = new Uint8Array(259);
for (let index = 0; index < LENGTH_EXTRA.length; index++) {
  LENGTH_INDEX.fill(index, LENGTH_BASE[index]);
}

/** Symbol by distance − 1 for distances up to 256, then by (distance − 1) >> 7 from entry 256 on. */
const DISTANCE_TABLE = new Uint8Array(512);
for (let symbol = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
  const from = (DISTANCE_BASE[symbol] ?? 1) - 1;
  if (from < 256) DISTANCE_TABLE.fill(symbol, from, 256);
  else DISTANCE_TABLE.fill(symbol, 256 + (from >> 7));
}

/** Distance symbol of a distance 1–32768. */
export function distanceSymbol(distance: number): number {
  const n = distance - 1;
  return (n < 256 ? DISTANCE_TABLE[n] : DISTANCE_TABLE[256 + (n >> 7)]) as number;
}

/** A prefix code: length and reversed code by symbol. */
export interface PrefixCode {
  readonly lengths: Uint8Array;
  readonly codes: Uint16Array;
}

/** Makes a prefix code from its lengths. */
export function prefixCode(lengths: Uint8Array): PrefixCode {
  return { lengths, codes: reversedCodes(lengths) };
}

/** Fixed code of literals and lengths. */
export const FIXED_LITERALS = prefixCode(
  Uint8Array.from({ length: 288 }, (_, n) => n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8),
);
/** Fixed code of distances. */
export const FIXED_DISTANCES = prefixCode(new Uint8Array(DISTANCE_SYMBOLS).fill(5));
