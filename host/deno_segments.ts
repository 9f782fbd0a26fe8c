/**
 * Write-ahead segments over Deno.
 *
 * @module
 */

import { GaitError } from "../core/base/errors.ts";
import type { HeldDirectory, SegmentFile, Segments } from "../core/ports/segments.ts";
import { Patience } from "./patience.ts";
import { type FileAction, fileError } from "./errors.ts";

/** Runs a step and translates its failure. */
async function translated<T>(
  path: string,
  step: () => T | Promise<T>,
  action: FileAction = "write",
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw fileError(error, action, path);
  }
}

/** Writes everything to an open file. */
function writeAll(file: Deno.FsFile, data: Uint8Array): void {
  for (let at = 0; at < data.length;) at += file.writeSync(data.subarray(at));
}

/** Creates a file in one go; what a failure left behind is removed. */
function createVisible(path: string, data: Uint8Array): void {
  const file = Deno.openSync(path, { write: true, createNew: true, mode: 0o600 });
  try {
    writeAll(file, data);
  } catch (error) {
    Deno.removeSync(path);
    throw error;
  } finally {
    file.close();
  }
}

/** Makes sure that recovery would find a segment: what lost its name makes nothing durable. */
function checkNamed(path: string, { dev, ino }: Deno.FileInfo): void {
  const named = Deno.lstatSync(path);
  if (named.dev === dev && named.ino === ino) return;
  throw new GaitError("io_failure", `Cannot write ${path}: it was exchanged`, {
    details: { path },
  });
}

/** Creates and locks a segment. */
function createSegment(path: string, patience: Patience): SegmentFile {
  const file = Deno.openSync(path, { read: true, append: true, createNew: true, mode: 0o600 });
  file.lockSync(true);
  const identity = file.statSync();
  patience.dependOn(identity);
  const sync = patience.syncOf(file, identity);
  let open = true;
  return {
    append: (data) => translated(path, () => writeAll(file, data)),
    sync() {
      return translated(path, async () => {
        await sync();
        checkNamed(path, identity);
      });
    },
    close() {
      if (open) file.close();
      open = false;
    },
  };
}

/** Syncs whatever a path names. */
async function settle(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { read: true });
    await file.sync();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw fileError(error, "write", path);
  }
}

/** Whether a path leads to a directory. */
function leadsTo(path: string, held: Deno.FileInfo): boolean {
  try {
    const { dev, ino } = Deno.statSync(path);
    return dev === held.dev && ino === held.ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}

/** Holds a directory: as long as it is open, its number is given to no other one. */
function hold(path: string): HeldDirectory {
  const first = Deno.statSync(path);
  // Windows opens no directories.
  const handle = Deno.build.os === "windows" ? undefined : Deno.openSync(path, { read: true });
  let open = handle !== undefined;
  return {
    // Some file systems give the same directory another number some day; its handle knows.
    isInPlace: () => translated(path, () => leadsTo(path, handle?.statSync() ?? first), "stat"),
    close() {
      if (open) handle?.close();
      open = false;
    },
  };
}

/** Segments of a thread that waits while one is synced when that pays. */
export function denoSegmentsOf(patience: Patience): Segments {
  return {
    hold: (path) => translated(path, () => hold(path), "stat"),
    createVisible: (path, data) => translated(path, () => createVisible(path, data)),
    create: (path) => translated(path, () => createSegment(path, patience)),
    settle,
    settleDirectory: (path) => Deno.build.os === "windows" ? Promise.resolve() : settle(path),
  };
}

/** Segments of a process that goes on working while one is synced: what comes meanwhile shares the next sync. */
export const denoSegments: Segments = denoSegmentsOf(new Patience(() => false));
