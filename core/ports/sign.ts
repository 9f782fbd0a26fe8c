/** Ed25519 (RFC 8032) as a port, so that a key can live in this process, in an agent, or in a command. */

import type { Bytes } from "../base/bytes.ts";
import type { MaybePromise } from "./digest.ts";

/** Signs with one key. */
export interface Signer {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Bytes;
  /** Lower-case hex SHA-256 of the raw public key (spec 01 §6). */
  readonly keyId: string;
  /** Ed25519 signature of the message, 64 bytes. @throws GaitError `signer_failed` */
  sign(message: Uint8Array): MaybePromise<Bytes>;
}

/** An Ed25519 key that was made from a seed. */
export interface Ed25519Key {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Bytes;
  /** Ed25519 signature of the message, 64 bytes. */
  sign(message: Uint8Array): MaybePromise<Bytes>;
}

/** A verification request. */
export interface SignatureCheck {
  /** Raw public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The signed bytes. */
  readonly message: Uint8Array;
  /** Signature, 64 bytes. */
  readonly signature: Uint8Array;
}

/** The signature scheme. */
export interface Ed25519 {
  /** Makes a key from a 32-byte seed. */
  fromSeed(seed: Uint8Array): MaybePromise<Ed25519Key>;
  /** Whether the signature is valid; malformed input is not valid, never an exception. */
  verify(check: SignatureCheck): MaybePromise<boolean>;
}
