/** Hashing as a port: WebCrypto (async) for one-shot commands, a native sync one in long-lived processes. */

import type { Bytes } from "../base/bytes.ts";

/** A value, or a promise of it: `await` serves both, and the sync form costs no I/O turn. */
export type MaybePromise<T> = T | Promise<T>;

/** Computes SHA-256. */
export interface Digester {
  /** SHA-256 (FIPS 180-4) of all bytes: 32 bytes. */
  sha256(data: Uint8Array): MaybePromise<Bytes>;
  /**
   * The same as 64 lower-case hex digits, for hosts where that costs less than bytes and their encoding.
   *
   * @param data Bytes, or a well-formed text that is hashed as UTF-8.
   */
  sha256Hex?(data: Uint8Array | string): MaybePromise<string>;
}
