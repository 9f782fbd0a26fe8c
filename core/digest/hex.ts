/**
 * SHA-256 digests in their text form: 64 hex digits (spec 01 §5).
 *
 * @module
 */

import { lower, trim } from "../base/text_rules.ts";

const SHA256_HEX = /^[0-9a-f]{64}$/;
const SHA256_HEX_ANY_CASE = /^[0-9a-fA-F]{64}$/;

/** Whether a text is a SHA-256 digest in lower-case hex, the only form that is written. */
export function isSha256Hex(text: string): boolean {
  return SHA256_HEX.test(text);
}

/** Whether a text is a SHA-256 digest in hex of either case, as file hashes are read (spec 01 §5). */
export function isSha256HexAnyCase(text: string): boolean {
  return SHA256_HEX_ANY_CASE.test(text);
}

/**
 * Reads a SHA-256 digest as people write one: in either case, perhaps with `sha256:` in front.
 *
 * @returns Its lower-case form; `undefined` when it is none.
 */
export function readSha256(text: string): string | undefined {
  const plain = lower(trim(text)).replace(/^sha256:/, "");
  return isSha256Hex(plain) ? plain : undefined;
}

/**
 * Compares two texts in time that depends on their lengths only. Case counts; file hashes, which may come
 * in upper case, are lower-cased by the caller first.
 *
 * @param a Usually a digest that was computed.
 * @param b Usually a digest that was claimed.
 */
export function equalHex(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
