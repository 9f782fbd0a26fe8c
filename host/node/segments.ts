/**
 * Segments under Node, which has no lock that ends with its process: they can be settled and recovered, but
 * none is begun, so services under Node sync each trace by itself.
 *
 * @module
 */

import fs from "node:fs";
import { GaitError } from "../../core/base/errors.ts";
import type { HeldDirectory, Segments } from "../../core/ports/segments.ts";
import { attempt, systemCode } from "./errors.ts";

/** The refusal to begin one. */
function refuse(): Promise<never> {
  return Promise.reject(
    new GaitError("dependency_missing", "Cannot group syncs: Node has no file locks"),
  );
}

/** Syncs whatever a path names; what is gone needs nothing. */
function settle(path: string): void {
  if (!fs.existsSync(path)) return;
  const file = fs.openSync(path, "r");
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** Whether a path leads to a directory. */
function leadsTo(path: string, held: fs.BigIntStats): boolean {
  try {
    const { dev, ino } = fs.statSync(path, { bigint: true });
    return dev === held.dev && ino === held.ino;
  } catch (error) {
    if (/^(?:ENOENT|ENOTDIR)$/.test(systemCode(error))) return false;
    throw error;
  }
}

/** Holds a directory: as long as it is open, its number is given to no other one. */
function hold(path: string): HeldDirectory {
  const first = fs.statSync(path, { bigint: true });
  // Windows opens no directories.
  let handle = process.platform === "win32" ? undefined : fs.openSync(path, "r");
  // Some file systems give the same directory another number some day; its handle knows.
  const held = () => handle === undefined ? first : fs.fstatSync(handle, { bigint: true });
  return {
    isInPlace: () => attempt(() => leadsTo(path, held()), "stat", path),
    close() {
      if (handle !== undefined) fs.closeSync(handle);
      handle = undefined;
    },
  };
}

/** Segments of the host. */
export const nodeSegments: Segments = {
  hold: (path) => attempt(() => hold(path), "stat", path),
  createVisible: refuse,
  create: refuse,
  settle: (path) => attempt(() => settle(path), "write", path),
  settleDirectory: (path) =>
    attempt(
      () => {
        if (process.platform !== "win32") settle(path);
      },
      "write",
      path,
    ),
};
