/**
 * The standard streams over Deno.
 *
 * @module
 */

import { type Bytes, utf8 } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";
import type { Terminal } from "../core/ports/terminal.ts";
import { tooLarge } from "./read_file.ts";

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

/** Reads standard input to its end. */
async function readInput(limit: { readonly maxBytes: number }): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of Deno.stdin.readable) {
    length += part.length;
    if (length > limit.maxBytes) throw tooLarge("standard input", limit.maxBytes);
    parts.push(part);
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
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
  readInput,
  inputChunks: () => Deno.stdin.readable,
};
