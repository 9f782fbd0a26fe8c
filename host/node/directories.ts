/**
 * Making directories over Node.
 *
 * @module
 */

import { GaitError } from "../../core/base/errors.ts";
import type { Directories } from "../../core/ports/directories.ts";
import { attempt } from "./errors.ts";
import { makeDirectory, stat } from "./fs.ts";

/** Makes a directory, or accepts one that is there. */
function ensure(path: string): void {
  makeDirectory(path);
  if (stat(path).isDirectory()) return;
  throw new GaitError("path_not_allowed", `Cannot use ${path}: it is not a directory`);
}

/** Directories of the host. */
export const nodeDirectories: Directories = {
  ensure: (path) => attempt(() => ensure(path), "write", path),
};
