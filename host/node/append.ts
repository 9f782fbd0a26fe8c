/**
 * The append port over Node. Opened files are compared with what their path names, so a link that is put in
 * place between the check and the opening is found out.
 *
 * @module
 */

import fs from "node:fs";
import { dirname } from "node:path";
import type { Bytes } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import type { AppendFile, Appends, OutputFile } from "../../core/ports/append.ts";
import { attempt } from "./errors.ts";
import {
  checkRegular,
  checkSameDirectory,
  discard,
  fstat,
  isSame,
  lstat,
  makeDirectory,
  stat,
  syncDirectory,
  temporaryName,
  writeAll,
} from "./fs.ts";

/** Whether the path names the file behind a handle. */
function names(path: string, fd: number): boolean {
  const named = lstat(path);
  return named !== undefined && named.isFile() && isSame(named, fstat(fd));
}

/** Writes everything; what a failure left behind is cut off. */
function appendAll(fd: number, data: Uint8Array): void {
  const before = fs.fstatSync(fd).size;
  try {
    writeAll(fd, data);
  } catch (error) {
    fs.ftruncateSync(fd, before);
    throw error;
  }
}

/** Reads up to `length` bytes from a position. */
function readAt(fd: number, position: number, length: number): Bytes {
  const out = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = fs.readSync(fd, out, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled === length ? out : out.slice(0, filled);
}

/** Wraps an open file. */
function appendFile(path: string, fd: number): AppendFile {
  let open = true;
  return {
    size: () => attempt(() => fs.fstatSync(fd).size, "read", path),
    read: (position, length) => attempt(() => readAt(fd, position, length), "read", path),
    append: (data) => attempt(() => appendAll(fd, data), "write", path),
    sync: () => attempt(() => fs.fdatasyncSync(fd), "write", path),
    truncate(size) {
      return attempt(
        () => {
          fs.ftruncateSync(fd, size);
          fs.fsyncSync(fd);
        },
        "write",
        path,
      );
    },
    isNamed: () => attempt(() => names(path, fd), "read", path),
    // Node offers no lock on a file; the lock file beside it is all that excludes others (divergence S3).
    tryLock: () => Promise.resolve(true),
    close() {
      if (open) fs.closeSync(fd);
      open = false;
    },
  };
}

/** Opens or creates a file for appending. */
function openAppend(path: string, create: boolean): AppendFile {
  const before = lstat(path);
  checkRegular(path, before, "open");
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW = 0 } = fs.constants;
  const make = create && before === undefined;
  if (make) makeDirectory(dirname(path));
  const fd = fs.openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW | (make ? O_CREAT : 0), 0o600);
  try {
    if (!names(path, fd)) {
      throw new GaitError("io_failure", `Cannot open ${path}: it was exchanged meanwhile`, {
        details: { path },
      });
    }
    if (before === undefined) syncDirectory(dirname(path));
    return appendFile(path, fd);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** Replaces a file without syncing. */
function replaceCache(path: string, data: Uint8Array): void {
  checkRegular(path, lstat(path), "open");
  const temporary = temporaryName(path);
  try {
    fs.writeFileSync(temporary, data, { flag: "wx", mode: 0o600 });
    fs.renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw error;
  }
}

/** Starts an output file. */
function startOutput(path: string): OutputFile {
  const parent = dirname(path);
  checkRegular(path, lstat(path), "open");
  makeDirectory(parent);
  const identity = stat(parent);
  const temporary = temporaryName(path);
  const fd = fs.openSync(temporary, "wx", 0o600);
  let state: "open" | "closed" = "open";
  function close(): void {
    if (state === "open") fs.closeSync(fd);
    state = "closed";
  }
  function commit(): void {
    fs.fsyncSync(fd);
    close();
    checkRegular(path, lstat(path), "open");
    checkSameDirectory(parent, identity);
    fs.renameSync(temporary, path);
    syncDirectory(parent);
  }
  return {
    write: (data) => attempt(() => appendAll(fd, data), "write", path),
    commit: () => attempt(commit, "write", path),
    discard() {
      return attempt(
        () => {
          close();
          discard(temporary);
        },
        "write",
        path,
      );
    },
  };
}

/** Appending files of the host. */
export const nodeAppends: Appends = {
  open: (path, how) => attempt(() => openAppend(path, how.create), "read", path),
  replaceCache: (path, data) => attempt(() => replaceCache(path, data), "write", path),
  output: (path) => attempt(() => startOutput(path), "write", path),
};
