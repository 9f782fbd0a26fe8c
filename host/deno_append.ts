/**
 * The append port over Deno. Opened files are compared with what their path names, so a link that is put
 * in place between the check and the opening is found out.
 *
 * @module
 */

import type { Bytes } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";
import type { AppendFile, Appends, OutputFile } from "../core/ports/append.ts";
import { discard, lstat, syncDirectory, temporaryName } from "./_fs.ts";
import { FRESH_MS } from "./_lock_file.ts";
import type { Patience } from "./patience.ts";
import { denoClock } from "./deno_clock.ts";
import { fileError } from "./errors.ts";
import { directoryOf } from "./paths.ts";

/** Runs a step so that its failure rejects, in our own words. */
async function attempt<T>(
  step: () => T | Promise<T>,
  action: "read" | "write",
  path: string,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw fileError(error, action, path);
  }
}

/** Refuses links and anything that is no regular file. */
function checkRegular(path: string, info: Deno.FileInfo | undefined): void {
  if (info === undefined || info.isFile) return;
  const code = info.isSymlink ? "path_is_symlink" : "path_not_allowed";
  const state = info.isSymlink ? "it is a symbolic link" : "it is not a regular file";
  throw new GaitError(code, `Cannot open ${path}: ${state}`, { details: { path } });
}

/** Whether the path names the file behind a handle. */
function names(path: string, file: Deno.FsFile): boolean {
  const named = lstat(path);
  const held = file.statSync();
  return named !== undefined && named.isFile && named.ino === held.ino && named.dev === held.dev;
}

/** Writes everything; what a failure left behind is cut off. */
function appendAll(file: Deno.FsFile, data: Uint8Array): void {
  const before = file.statSync().size;
  try {
    let written = 0;
    while (written < data.length) written += file.writeSync(data.subarray(written));
  } catch (error) {
    file.truncateSync(before);
    throw error;
  }
}

/** Reads up to `length` bytes from a position. */
function readAt(file: Deno.FsFile, position: number, length: number): Bytes {
  const out = new Uint8Array(length);
  file.seekSync(position, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < length) {
    const count = file.readSync(out.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled === length ? out : out.slice(0, filled);
}

/** How appended data of an open file is made durable. */
type SyncOf = (file: Deno.FsFile) => () => void | Promise<void>;

/** Tells again and again whether a path names an open file, and looks at the path now and then. */
function namer(path: string, file: Deno.FsFile): () => boolean {
  let namedAt = -Infinity;
  return () => {
    const now = denoClock.monotonic();
    // A file that lost its last name shows it by itself, at a fifth of the price.
    if (now - namedAt < FRESH_MS && (file.statSync().nlink ?? 0) > 0) return true;
    const isNamed = names(path, file);
    if (isNamed) namedAt = now;
    return isNamed;
  };
}

/** Wraps an open file. */
function appendFile(path: string, file: Deno.FsFile, syncOf: SyncOf): AppendFile {
  let open = true;
  const sync = syncOf(file);
  const isNamed = namer(path, file);
  return {
    size: () => attempt(() => file.statSync().size, "read", path),
    read: (position, length) => attempt(() => readAt(file, position, length), "read", path),
    append: (data) => attempt(() => appendAll(file, data), "write", path),
    sync: () => attempt(sync, "write", path),
    truncate(size) {
      return attempt(
        () => {
          file.truncateSync(size);
          file.syncSync();
        },
        "write",
        path,
      );
    },
    isNamed: () => attempt(isNamed, "read", path),
    tryLock: () => attempt(() => file.tryLockSync(true), "write", path),
    close() {
      if (open) file.close();
      open = false;
    },
  };
}

/** Opens or creates a file for appending. */
function openAppend(path: string, create: boolean, syncOf: SyncOf): AppendFile {
  const before = lstat(path);
  checkRegular(path, before);
  if (before === undefined && create) {
    Deno.mkdirSync(directoryOf(path), { recursive: true, mode: 0o750 });
  }
  const file = Deno.openSync(path, {
    read: true,
    append: true,
    create: create && before === undefined,
    mode: 0o600,
  });
  try {
    if (!names(path, file)) {
      throw new GaitError("io_failure", `Cannot open ${path}: it was exchanged meanwhile`, {
        details: { path },
      });
    }
    if (before === undefined) syncDirectory(directoryOf(path));
    return appendFile(path, file, syncOf);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Replaces a file without syncing. */
function replaceCache(path: string, data: Uint8Array): void {
  checkRegular(path, lstat(path));
  const temporary = temporaryName(path);
  try {
    Deno.writeFileSync(temporary, data, { createNew: true, mode: 0o600 });
    Deno.renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw error;
  }
}

/** Starts an output file. */
function startOutput(path: string): OutputFile {
  const parent = directoryOf(path);
  checkRegular(path, lstat(path));
  Deno.mkdirSync(parent, { recursive: true, mode: 0o750 });
  const identity = Deno.statSync(parent);
  const temporary = temporaryName(path);
  const file = Deno.openSync(temporary, { write: true, createNew: true, mode: 0o600 });
  let state: "open" | "closed" = "open";
  function close(): void {
    if (state === "open") file.close();
    state = "closed";
  }
  function commit(): void {
    file.syncSync();
    close();
    const now = Deno.statSync(parent);
    checkRegular(path, lstat(path));
    if (now.ino !== identity.ino || now.dev !== identity.dev) {
      throw new GaitError("io_failure", `Cannot write into ${parent}: it was exchanged`, {
        details: { path: parent },
      });
    }
    Deno.renameSync(temporary, path);
    syncDirectory(parent);
  }
  return {
    write: (data) => attempt(() => appendAll(file, data), "write", path),
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

/** Appending files with one way to sync. */
function appends(syncOf: SyncOf): Appends {
  return {
    open: (path, { create }) => attempt(() => openAppend(path, create, syncOf), "read", path),
    replaceCache: (path, data) => attempt(() => replaceCache(path, data), "write", path),
    output: (path) => attempt(() => startOutput(path), "write", path),
  };
}

/** Appending files of a process with nothing else to do: waiting is cheaper than a detour over a thread. */
export const denoAppends: Appends = appends((file) => () => file.syncDataSync());

/** Appending files of a process that goes on working while a file is synced. */
export const denoBusyAppends: Appends = appends((file) => () => file.syncData());

/** Appending files of a thread that waits while one is synced when that pays. */
export function denoAppendsOf(patience: Patience): Appends {
  return appends((file) => patience.syncOf(file, file.statSync()));
}
