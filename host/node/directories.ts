/**
 * Making directories over Node.
 *
 * @module
 */

import fs from "node:fs";
import { dirname } from "node:path";
import { GaitError } from "../../core/base/errors.ts";
import type { Directories } from "../../core/ports/directories.ts";
import { attempt } from "./errors.ts";
import { makeDirectory, stat, syncDirectory } from "./fs.ts";

/** Makes a directory, or accepts one that is there. */
function ensure(path: string): void {
  makeDirectory(path);
  if (stat(path).isDirectory()) return;
  throw new GaitError("path_not_allowed", `Cannot use ${path}: it is not a directory`);
}

/** Renames a file to a name that is free: a hard link fails when the name is taken, a rename would not. */
function rename(from: string, to: string): void {
  if (!fs.lstatSync(from).isFile()) {
    throw new GaitError("path_is_symlink", `Cannot rename ${from}: it is not a regular file`);
  }
  fs.linkSync(from, to);
  fs.unlinkSync(from);
  syncDirectory(dirname(to));
}

/** Directories of the host. */
export const nodeDirectories: Directories = {
  ensure: (path) => attempt(() => ensure(path), "write", path),
  rename: (from, to) => attempt(() => rename(from, to), "write", to),
};
