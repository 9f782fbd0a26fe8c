/**
 * Bounded reading of a whole file.
 *
 * @module
 */

import type { Bytes } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";
import { fileError } from "./errors.ts";
import { tooLarge } from "./input.ts";

/** Reads until the end or until one byte more than allowed. */
function readUpTo(file: Deno.FsFile, sizeHint: number, maxBytes: number): Bytes {
  // A file may grow, or be a pipe without a size, so the hint only chooses the first buffer.
  let buffer = new Uint8Array(Math.min(Math.max(sizeHint, 511), maxBytes) + 1);
  let filled = 0;
  for (;;) {
    if (filled === buffer.length) {
      if (filled > maxBytes) break;
      const larger = new Uint8Array(Math.min(2 * filled, maxBytes + 1));
      larger.set(buffer);
      buffer = larger;
    }
    const count = file.readSync(buffer.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

/** Whether a path names a descriptor that this process was handed, as in `--intent <(command)`. */
function isHanded(path: string): boolean {
  return path === "/dev/stdin" || path.startsWith("/dev/fd/") || path.startsWith("/proc/self/fd/");
}

/** Refuses a named pipe before it is opened: opening one waits for a writer, who may never come. */
function refusePipe(path: string): void {
  if (Deno.build.os === "windows" || isHanded(path) || !Deno.statSync(path).isFifo) return;
  throw new GaitError("file_unreadable", `Cannot read ${path}: it is a named pipe`, {
    hint: "pass - and feed standard input instead",
    details: { path },
  });
}

/**
 * Reads a file that is at most `maxBytes` long. Links are followed: the caller named the path.
 *
 * @throws GaitError `file_not_found`, `file_unreadable`, `input_too_large`, `permission_missing`
 */
export function readFile(path: string, maxBytes: number): Bytes {
  try {
    refusePipe(path);
    using file = Deno.openSync(path, { read: true });
    const info = file.statSync();
    if (info.isDirectory) {
      throw new GaitError("file_unreadable", `Cannot read ${path}: it is a directory`, {
        details: { path },
      });
    }
    // A sparse file costs nothing to make; its size alone tells, before memory is taken.
    if (info.isFile && info.size > maxBytes) throw tooLarge(path, maxBytes);
    const data = readUpTo(file, info.size, maxBytes);
    if (data.length > maxBytes) throw tooLarge(path, maxBytes);
    return data;
  } catch (error) {
    throw fileError(error, "read", path);
  }
}

/** Read at a time, bytes. */
const CHUNK = 1 << 18;

/**
 * Reads a file of any length piece by piece. Links are followed: the caller named the path.
 *
 * @throws GaitError `file_not_found`, `file_unreadable`, `permission_missing`
 */
export async function* readChunks(path: string): AsyncGenerator<Bytes> {
  try {
    using file = await Deno.open(path, { read: true });
    for (;;) {
      const chunk = new Uint8Array(CHUNK);
      const count = await file.read(chunk);
      if (count === null) return;
      yield chunk.subarray(0, count);
    }
  } catch (error) {
    throw fileError(error, "read", path);
  }
}
