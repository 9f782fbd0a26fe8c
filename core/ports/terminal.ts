/** The three standard streams as a port. Standard output is data, standard error is talk. */

import type { Bytes } from "../base/bytes.ts";

/** Standard streams. */
export interface Terminal {
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  /** Whether standard output is a terminal. */
  readonly outIsTerminal: boolean;
  /** Whether standard error is a terminal. */
  readonly errIsTerminal: boolean;
  /** Reads standard input to its end. @throws GaitError `input_too_large` */
  readInput(limit: { readonly maxBytes: number }): Promise<Bytes>;
  /** Reads standard input piece by piece. */
  inputChunks(): AsyncIterable<Bytes>;
}
