/**
 * Making directories over Deno.
 *
 * @module
 */

import { GaitError } from "../core/base/errors.ts";
import type { Directories } from "../core/ports/directories.ts";
import { fileError } from "./errors.ts";

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

/** Directories of the host. */
export const denoDirectories: Directories = {
  ensure: (path) =>
    new Promise((resolve) => {
      resolve(ensure(path));
    }),
};
