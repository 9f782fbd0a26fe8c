/**
 * SHA-256 over bytes, text and canonical JSON (spec 01 §5).
 *
 * @module
 */

import { toHex, utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import type { JsonValue } from "../base/json_value.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import type { Digester, MaybePromise } from "../ports/digest.ts";

/**
 * SHA-256 in lower-case hex, at once when the digester answers at once: for the way of a decision, where
 * every further promise costs half as much as the hash.
 *
 * @param digester Computes the hash.
 * @param data Bytes, or text that is hashed as UTF-8.
 * @throws GaitError as {@linkcode sha256Hex} does, before any hash is begun
 */
export function hexDigest(digester: Digester, data: Uint8Array | string): MaybePromise<string> {
  if (typeof data === "string" && !data.isWellFormed()) {
    throw new GaitError("text_encoding", "Cannot digest a text: it has a lone surrogate");
  }
  if (digester.sha256Hex !== undefined) return digester.sha256Hex(data);
  const digest = digester.sha256(typeof data === "string" ? utf8(data) : data);
  return digest instanceof Uint8Array ? toHex(digest) : digest.then(toHex);
}

/**
 * SHA-256 in lower-case hex.
 *
 * @param digester Computes the hash.
 * @param data Bytes, or text that is hashed as UTF-8.
 * @returns 64 lower-case hex digits.
 * @throws GaitError `text_encoding` when a text holds a lone surrogate, which UTF-8 cannot carry: two such
 *   texts would share a digest.
 */
export async function sha256Hex(digester: Digester, data: Uint8Array | string): Promise<string> {
  return await hexDigest(digester, data);
}

/**
 * SHA-256 in lower-case hex over the canonical JSON of a value (RFC 8785).
 *
 * @param digester Computes the hash.
 * @param value A JSON value.
 * @returns 64 lower-case hex digits.
 * @throws GaitError as {@linkcode canonicalize} does.
 *
 * @example
 * ```ts
 * import { digestOfJson, webDigester } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const one = await digestOfJson(webDigester, { b: 1, a: "x" });
 * const other = await digestOfJson(webDigester, { a: "x", b: 1.0 });
 * assertEquals(one, other); // the order of members and the spelling of numbers do not matter
 * ```
 */
export async function digestOfJson(digester: Digester, value: JsonValue): Promise<string> {
  return await sha256Hex(digester, canonicalize(value));
}
