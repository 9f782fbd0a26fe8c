/** Hashing as a port: WebCrypto (async) for one-shot commands, a native sync one in long-lived processes. */

import type { Bytes } from "../base/bytes.ts";

/** A value, or a promise of it: `await` serves both, and the sync form costs no I/O turn. */
export type MaybePromise<T> = T | Promise<T>;

/** Computes SHA-256. */
export interface Digester {
  /** SHA-256 (FIPS 180-4) of all bytes: 32 bytes. */
  sha256(data: Uint8Array): MaybePromise<Bytes>;
}
