/**
 * Names of keys.
 *
 * @module
 */

import { toHex } from "../base/bytes.ts";
import type { Digester } from "../ports/digest.ts";

/**
 * Id of a public key: lower-case hex SHA-256 of its 32 raw bytes (spec 01 §5).
 *
 * @param publicKey Raw public key, 32 bytes.
 * @param digester Computes SHA-256.
 */
export async function keyId(publicKey: Uint8Array, digester: Digester): Promise<string> {
  return toHex(await digester.sha256(publicKey));
}
