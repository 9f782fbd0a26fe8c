/** Randomness as a port. */

import type { Bytes } from "../base/bytes.ts";

/** A cryptographically secure source. */
export interface Random {
  /** Fresh random bytes. */
  bytes(length: number): Bytes;
}
