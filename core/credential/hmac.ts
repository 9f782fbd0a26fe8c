/**
 * HMAC-SHA-256 (RFC 2104) over the digest port.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../base/bytes.ts";
import type { Digester } from "../ports/digest.ts";

/** Block size of SHA-256, bytes (FIPS 180-4 §1). */
const BLOCK = 64;

/** The key, hashed when it is longer than a block, padded with zeros and combined with a pad byte. */
function padded(key: Uint8Array, pad: number): Bytes {
  const block = new Uint8Array(BLOCK).fill(pad);
  key.forEach((byte, index) => block[index] = byte ^ pad);
  return block;
}

/**
 * HMAC-SHA-256 of a message (RFC 2104; test cases in RFC 4231).
 *
 * @param digester Computes SHA-256.
 * @param input Key and message, any length.
 * @returns 32 bytes.
 */
export async function hmacSha256(
  digester: Digester,
  input: { readonly key: Uint8Array; readonly message: Uint8Array },
): Promise<Bytes> {
  const key = input.key.length > BLOCK ? await digester.sha256(input.key) : input.key;
  const innerPad = padded(key, 0x36);
  const outerPad = padded(key, 0x5c);
  const innerText = concatBytes([innerPad, input.message]);
  const inner = await digester.sha256(innerText);
  const outer = await digester.sha256(concatBytes([outerPad, inner]));
  // The pads give the key away, the inner text the message, which may be a secret.
  innerPad.fill(0);
  outerPad.fill(0);
  innerText.fill(0);
  return outer;
}
