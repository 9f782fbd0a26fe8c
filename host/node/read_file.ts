/**
 * Bounded reading over Node.
 *
 * @module
 */

import fs from "node:fs";
import type { Bytes } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import { tooLarge } from "../input.ts";
import { fileError } from "./errors.ts";
import { IS_WINDOWS } from "./fs.ts";

/** Reads until the end or until one byte more than allowed. */
function readUpTo(fd: number, sizeHint: number, maxBytes: number): Bytes {
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
    const count = fs.readSync(fd, buffer, filled, buffer.length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

/** Names of descriptors that this process was handed, as in `--intent <(command)`. */
const HANDED = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/self\/fd\/)/;

/** Refuses a named pipe before it is opened: opening one waits for a writer, who may never come. */
function refusePipe(path: string): void {
  if (IS_WINDOWS || HANDED.test(path) || !fs.statSync(path).isFIFO()) return;
  throw new GaitError("file_unreadable", `Cannot read ${path}: it is a named pipe`, {
    hint: "pass - and feed standard input instead",
    details: { path },
  });
}

/** Reads an open file. */
function readOpen(fd: number, path: string, maxBytes: number): Bytes {
  const info = fs.fstatSync(fd);
  if (info.isDirectory()) {
    throw new GaitError("file_unreadable", `Cannot read ${path}: it is a directory`, {
      details: { path },
    });
  }
  // A sparse file costs nothing to make; its size alone tells, before memory is taken.
  if (info.isFile() && info.size > maxBytes) throw tooLarge(path, maxBytes);
  const data = readUpTo(fd, info.size, maxBytes);
  if (data.length > maxBytes) throw tooLarge(path, maxBytes);
  return data;
}

/**
 * Reads a file that is at most `maxBytes` long. Links are followed: the caller named the path.
 *
 * @throws GaitError `file_not_found`, `file_unreadable`, `input_too_large`, `permission_missing`
 */
export function readFile(path: string, maxBytes: number): Bytes {
  try {
    refusePipe(path);
    const fd = fs.openSync(path, "r");
    try {
      return readOpen(fd, path, maxBytes);
    } finally {
      fs.closeSync(fd);
    }
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
  let file: fs.promises.FileHandle | undefined;
  try {
    file = await fs.promises.open(path, "r");
    for (;;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw fileError(error, "read", path);
  } finally {
    await file?.close();
  }
}
