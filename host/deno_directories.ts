/**
 * Making directories over Deno.
 *
 * @module
 */

import { GaitError } from "../core/base/errors.ts";
import type { Directories } from "../core/ports/directories.ts";
import { fileError } from "./errors.ts";
import { directoryOf } from "./paths.ts";

/** Makes a directory, or accepts one that is there. */
function ensure(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true, mode: 0o750 });
    if (Deno.statSync(path).isDirectory) return;
  } catch (error) {
    throw fileError(error, "write", path);
  }
  throw new GaitError("path_not_allowed", `Cannot use ${path}: it is not a directory`);
}

/** Renames a file to a name that is free: a hard link fails when the name is taken, a rename would not. */
function rename(from: string, to: string): void {
  try {
    if (!Deno.lstatSync(from).isFile) {
      throw new GaitError("path_is_symlink", `Cannot rename ${from}: it is not a regular file`);
    }
    Deno.linkSync(from, to);
    Deno.removeSync(from);
    if (Deno.build.os === "windows") return;
    using directory = Deno.openSync(directoryOf(to), { read: true });
    directory.syncSync();
  } catch (error) {
    throw fileError(error, "write", to);
  }
}

/** Directories of the host. */
export const denoDirectories: Directories = {
  ensure: (path) =>
    new Promise((resolve) => {
      resolve(ensure(path));
    }),
  rename: (from, to) =>
    new Promise((resolve) => {
      resolve(rename(from, to));
    }),
};
