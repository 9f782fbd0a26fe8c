/**
 * The standard streams over Node. The stream objects of `process` are costly to make, so they are touched only
 * when there is something to read.
 *
 * @module
 */

import fs from "node:fs";
import { type Bytes, utf8 } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import type { Terminal } from "../../core/ports/terminal.ts";
import { collectInput } from "../input.ts";
import { systemCode } from "./errors.ts";
import { process } from "./_process.ts";

const STDOUT = 1;
const STDERR = 2;
/** Pause before writing again to a pipe that is full and does not block, ms. */
const FULL_PIPE_MS = 2;

/** Waits without giving up the thread. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/**
 * Writes everything to a stream; a reader that went away is no failure of ours.
 *
 * @throws GaitError `io_failure` when the answer cannot be delivered, e.g. to a full disk
 */
function writeText(fd: number, text: string): void {
  const data = utf8(text);
  for (let at = 0; at < data.length;) {
    try {
      at += fs.writeSync(fd, data, at);
    } catch (error) {
      const code = systemCode(error);
      if (code === "EPIPE" || code === "EOF") return;
      if (code !== "EAGAIN") {
        throw new GaitError("io_failure", "Cannot write the answer to standard output", {
          cause: error,
        });
      }
      pause(FULL_PIPE_MS);
    }
  }
}

/** Writes a diagnostic; where it cannot be written, there is nobody to tell. */
function writeError(text: string): void {
  try {
    writeText(STDERR, text);
  } catch {
    // The exit code still tells.
  }
}

/** Whether a descriptor is a terminal. Most are not, and that costs no stream to find out. */
function isTerminal(fd: typeof STDOUT | typeof STDERR): boolean {
  try {
    if (!fs.fstatSync(fd).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  return (fd === STDOUT ? process.stdout : process.stderr).isTTY === true;
}

/** Standard input piece by piece. */
async function* inputChunks(): AsyncGenerator<Bytes> {
  for await (const part of process.stdin) yield new Uint8Array(part);
}

/** Standard streams of the host. */
export const nodeTerminal: Terminal = {
  out: (text: string): void => writeText(STDOUT, text),
  err: writeError,
  get outIsTerminal(): boolean {
    return isTerminal(STDOUT);
  },
  get errIsTerminal(): boolean {
    return isTerminal(STDERR);
  },
  readInput: (limit) => collectInput(inputChunks(), limit),
  inputChunks,
};
