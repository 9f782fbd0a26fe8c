/**
 * The standard streams over Deno.
 *
 * @module
 */

import { utf8 } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";
import type { Terminal } from "../core/ports/terminal.ts";
import { collectInput } from "./input.ts";

/**
 * Writes everything to standard output; a reader that went away is no failure of ours.
 *
 * @throws GaitError `io_failure` when the answer cannot be delivered, e.g. to a full disk
 */
function writeAll(stream: { writeSync(data: Uint8Array): number }, text: string): void {
  const data = utf8(text);
  let written = 0;
  try {
    while (written < data.length) written += stream.writeSync(data.subarray(written));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw new GaitError("io_failure", "Cannot write the answer to standard output", {
      cause: error,
    });
  }
}

/** Writes a diagnostic; where it cannot be written, there is nobody to tell. */
function writeError(text: string): void {
  try {
    writeAll(Deno.stderr, text);
  } catch {
    // The exit code still tells.
  }
}

/** Standard streams of the host. */
export const denoTerminal: Terminal = {
  out: (text: string): void => writeAll(Deno.stdout, text),
  err: writeError,
  get outIsTerminal(): boolean {
    return Deno.stdout.isTerminal();
  },
  get errIsTerminal(): boolean {
    return Deno.stderr.isTerminal();
  },
  readInput: (limit) => collectInput(Deno.stdin.readable, limit),
  inputChunks: () => Deno.stdin.readable,
};
