/**
 * Signers that hold their key in this process.
 *
 * @module
 */

import type { Digester } from "../ports/digest.ts";
import type { Ed25519, Ed25519Key, Signer } from "../ports/sign.ts";
import { keyId } from "./key_id.ts";

/** The two primitives that signing and verifying rest on. */
export interface SignPorts {
  /** SHA-256. */
  readonly digester: Digester;
  /** Pure Ed25519, no prehash. */
  readonly ed25519: Ed25519;
}

/**
 * Makes a signer. The seed is not kept as bytes: the caller fills it with zeros afterwards.
 *
 * @param seed Secret seed, 32 bytes.
 * @param ports Hash and signature scheme.
 * @throws RangeError when the seed is not 32 bytes long
 *
 * @example
 * ```ts
 * import { formatPublicKey, signerFromSeed, webDigester, webEd25519 } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const seed = crypto.getRandomValues(new Uint8Array(32));
 * const signer = await signerFromSeed(seed, { digester: webDigester, ed25519: webEd25519 });
 * seed.fill(0);
 * assertEquals(formatPublicKey(signer.publicKey).trim().length, 44); // give this to verifiers
 * ```
 */
export async function signerFromSeed(seed: Uint8Array, ports: SignPorts): Promise<Signer> {
  if (seed.length !== 32) throw new RangeError("Cannot make a signer: the seed is not 32 bytes");
  return await signerFromKey(await ports.ed25519.fromSeed(seed), ports.digester);
}

/**
 * Makes a signer of a key that was imported already.
 *
 * @param key The key.
 * @param digester Computes SHA-256, for the key id.
 */
export async function signerFromKey(key: Ed25519Key, digester: Digester): Promise<Signer> {
  return {
    publicKey: key.publicKey,
    keyId: await keyId(key.publicKey, digester),
    sign: (message) => key.sign(message),
  };
}
