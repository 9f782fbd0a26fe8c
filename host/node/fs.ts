/**
 * The few file operations that several ports share, over Node.
 *
 * @module
 */

import fs from "node:fs";
import { basename, dirname } from "node:path";
import { toHex } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import { isMissing } from "./errors.ts";
import { process } from "./_process.ts";

/** What a path or an open file is; numbers of inodes need more than 53 bits on some systems. */
export type Info = fs.BigIntStats;

/** What tells one file from another. */
export type Identity = Pick<Info, "dev" | "ino">;

/** Whether this is Windows, which has no modes and syncs no directories. */
export const IS_WINDOWS = process.platform === "win32";

/** What a path names itself; `undefined` when nothing is there. */
export function lstat(path: string): Info | undefined {
  try {
    return fs.lstatSync(path, { bigint: true });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What an open file is. */
export function fstat(fd: number): Info {
  return fs.fstatSync(fd, { bigint: true });
}

/** What a path names, links followed. */
export function stat(path: string): Info {
  return fs.statSync(path, { bigint: true });
}

/** Whether two descriptions are of one file. */
export function isSame(a: Identity, b: Identity): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** Writes everything. */
export function writeAll(fd: number, data: Uint8Array): void {
  for (let at = 0; at < data.length;) at += fs.writeSync(fd, data, at);
}

/** Makes a new name durable; directories cannot be synced everywhere (Windows). */
export function syncDirectory(path: string): void {
  if (IS_WINDOWS) return;
  const fd = fs.openSync(path, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Removes a file and ignores that it is not there. */
export function discard(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Makes a directory and its parents. */
export function makeDirectory(path: string): void {
  fs.mkdirSync(path, { recursive: true, mode: 0o750 });
}

/** A fresh name beside the target. */
export function temporaryName(path: string): string {
  const suffix = toHex(crypto.getRandomValues(new Uint8Array(6)));
  return `${dirname(path)}/.${basename(path)}.tmp-${suffix}`;
}

/** Refuses links and anything that is no regular file (divergence C8). */
export function checkRegular(path: string, info: Info | undefined, action: "write" | "open"): void {
  if (info === undefined || info.isFile()) return;
  const isLink = info.isSymbolicLink();
  const state = isLink ? "it is a symbolic link" : "it is not a regular file";
  throw new GaitError(
    isLink ? "path_is_symlink" : "path_not_allowed",
    `Cannot ${action} ${path}: ${state}`,
    { details: { path } },
  );
}

/** Refuses to go on when a directory was exchanged meanwhile. */
export function checkSameDirectory(path: string, before: Identity): void {
  if (isSame(stat(path), before)) return;
  throw new GaitError("io_failure", `Cannot write into ${path}: the directory was exchanged`, {
    details: { path },
  });
}
