/**
 * Points of small order. Under such a "public key" anyone can make signatures that verify for every
 * message (RFC 8032 §8.9 leaves the check to us), so it is never accepted as a key.
 *
 * @module
 */

import { toHex } from "../base/bytes.ts";

/** All encodings of the eight points, canonical or not, with the sign bit cleared. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/** Whether an encoded point has small order. */
export function isSmallOrder(publicKey: Uint8Array): boolean {
  const point = Uint8Array.from(publicKey);
  point[31] = (point[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(toHex(point));
}
