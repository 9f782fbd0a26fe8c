/**
 * The only module that touches `crypto.subtle`. Deterministic operations only: SHA-256, and Ed25519 with
 * keys made from a given seed. Random bytes come from the `random` port.
 *
 * @module
 */

import { type Bytes, fromBase64 } from "./bytes.ts";

/** PKCS#8 header of an Ed25519 private key (RFC 8410 §7); the 32-byte seed follows. */
const PKCS8_PREFIX = [
  0x30,
  0x2e,
  0x02,
  0x01,
  0x00,
  0x30,
  0x05,
  0x06,
  0x03,
  0x2b,
  0x65,
  0x70,
  0x04,
  0x22,
  0x04,
  0x20,
];

/** Copies into a plain buffer when a view lies over anything else. */
function plain(bytes: Uint8Array): Bytes {
  return bytes.buffer instanceof ArrayBuffer ? bytes as Bytes : new Uint8Array(bytes);
}

/** SHA-256 (FIPS 180-4) of all bytes: 32 bytes. */
export async function subtleSha256(data: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", plain(data)));
}

/**
 * Imports an Ed25519 private key (RFC 8032).
 *
 * @param seed The 32-byte seed.
 * @returns The public key of 32 bytes and a signing function that yields 64 bytes.
 */
export async function subtleEd25519(
  seed: Uint8Array,
): Promise<{ publicKey: Bytes; sign(message: Uint8Array): Promise<Bytes> }> {
  const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...seed]);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  pkcs8.fill(0);
  const { x } = await crypto.subtle.exportKey("jwk", key);
  // JSON Web Keys use unpadded base64url (RFC 7517); 32 bytes make 43 digits and one pad.
  const publicKey = fromBase64(`${(x ?? "").replaceAll("-", "+").replaceAll("_", "/")}=`);
  if (publicKey?.length !== 32) throw new TypeError("Cannot derive the public key");
  return {
    publicKey,
    async sign(message: Uint8Array): Promise<Bytes> {
      return new Uint8Array(await crypto.subtle.sign("Ed25519", key, plain(message)));
    },
  };
}

/** Verifies an Ed25519 signature; a malformed key or signature is simply not valid. */
export async function subtleVerify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("raw", plain(publicKey), "Ed25519", false, [
      "verify",
    ]);
    return await crypto.subtle.verify("Ed25519", key, plain(signature), plain(message));
  } catch {
    return false;
  }
}
