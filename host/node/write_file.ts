/**
 * Atomic writing over Node (divergence C8): the content goes to a temporary file beside the target, is synced,
 * and appears under its name in one step. Links are never written through, and the parent directory must
 * still be the same one when the name appears.
 *
 * @module
 */

import fs from "node:fs";
import { piecesOf } from "../../core/base/bytes.ts";
import { dirname } from "node:path";
import type { FileData } from "../../core/ports/files.ts";
import { fileError } from "./errors.ts";
import {
  checkRegular,
  checkSameDirectory,
  discard,
  type Identity,
  lstat,
  makeDirectory,
  stat,
  syncDirectory,
  temporaryName,
  writeAll,
} from "./fs.ts";

/** How the finished file takes its name. */
export type Placement = "replace" | "create";

/** Identity of the parent directory, which is created when missing. */
function prepareParent(parent: string): Identity {
  if (lstat(parent) === undefined) makeDirectory(parent);
  return stat(parent);
}

/** Writes and syncs a new file. */
function writeNew(path: string, data: FileData, mode: number): void {
  const fd = fs.openSync(path, "wx", mode);
  try {
    for (const part of piecesOf(data)) writeAll(fd, part);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Gives the temporary file its name. */
function place(temporary: string, target: string, placement: Placement): void {
  if (placement === "replace") return fs.renameSync(temporary, target);
  // A hard link appears with its content or not at all, and fails when the name is taken.
  fs.linkSync(temporary, target);
}

/**
 * Writes a file atomically.
 *
 * @param path Target; parents are created with mode 0750.
 * @param data Whole content.
 * @param how `replace` overwrites a regular file, `create` fails when the path exists; `mode` are the permission bits.
 * @throws GaitError `path_is_symlink`, `path_not_allowed`, `already_exists`, `io_failure`, `permission_missing`
 */
export function writeFile(
  path: string,
  data: FileData,
  how: { readonly placement: Placement; readonly mode: number },
): void {
  const parent = dirname(path);
  const temporary = temporaryName(path);
  try {
    const identity = prepareParent(parent);
    checkRegular(path, lstat(path), "write");
    try {
      writeNew(temporary, data, how.mode);
      checkSameDirectory(parent, identity);
      checkRegular(path, lstat(path), "write");
      place(temporary, path, how.placement);
    } catch (error) {
      discard(temporary);
      throw error;
    }
    if (how.placement === "create") discard(temporary);
    syncDirectory(parent);
  } catch (error) {
    throw fileError(error, "write", path);
  }
}
