/**
 * The signature object that signed records carry (spec 01 §6.3).
 *
 * @module
 */

import { fromHex, toBase64, toHex } from "../base/bytes.ts";
import type { Signer } from "../ports/sign.ts";

/** The only algorithm. */
export const SIGNATURE_ALG = "ed25519";

/** A signature as records carry it, members in file order. */
export interface Signature {
  /** Always `ed25519`. */
  readonly alg: string;
  /** Id of the signing key, 64 hex digits. */
  readonly key_id: string;
  /** Padded base64 of the 64 signature bytes. */
  readonly sig: string;
  /** Digest of the canonical signable form, 64 hex digits. */
  readonly signed_digest: string;
}

/** Names of the members; any other one inside a signature object is covered by nothing. */
export const SIGNATURE_MEMBERS: readonly string[] = ["alg", "key_id", "sig", "signed_digest"];

/**
 * Signs a digest: pure Ed25519 over the 32 raw bytes, not over their hex text.
 *
 * @param digest SHA-256 of the canonical signable form, 32 bytes.
 * @param signer Holder of the key.
 * @throws GaitError `signer_failed` when an external signer fails
 */
export async function signDigest(digest: Uint8Array, signer: Signer): Promise<Signature> {
  return await signHexDigest(toHex(digest), signer);
}

/**
 * Signs a digest that is known as text.
 *
 * @param hex SHA-256 of the canonical signable form, 64 lower-case hex digits.
 * @throws GaitError `signer_failed` when an external signer fails
 */
export async function signHexDigest(hex: string, signer: Signer): Promise<Signature> {
  const digest = fromHex(hex);
  if (digest?.length !== 32) throw new RangeError("Cannot sign: the digest is not 32 bytes");
  const sig = await signer.sign(digest);
  return { alg: SIGNATURE_ALG, key_id: signer.keyId, sig: toBase64(sig), signed_digest: hex };
}
