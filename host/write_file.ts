/**
 * Atomic writing (divergence C8): the content goes to a temporary file beside the target, is synced, and
 * appears under its name in one step. Links are never written through, and the parent directory must
 * still be the same one when the name appears.
 *
 * @module
 */

import { GaitError } from "../core/base/errors.ts";
import { piecesOf } from "../core/base/bytes.ts";
import type { FileData } from "../core/ports/files.ts";
import { fileError } from "./errors.ts";
import { discard, lstat, syncDirectory, temporaryName } from "./_fs.ts";
import { directoryOf } from "./paths.ts";

/** Identity of a directory. */
interface Identity {
  readonly dev: number;
  readonly ino: number | null;
}

/** How the finished file takes its name. */
export type Placement = "replace" | "create";

/** Refuses a target that is a link or no regular file. */
function checkTarget(path: string): void {
  const info = lstat(path);
  if (info === undefined) return;
  if (info.isSymlink) {
    throw new GaitError("path_is_symlink", `Cannot write ${path}: it is a symbolic link`, {
      details: { path },
    });
  }
  if (!info.isFile) {
    throw new GaitError("path_not_allowed", `Cannot write ${path}: it is not a regular file`, {
      details: { path },
    });
  }
}

/** Identity of the parent directory, which is created when missing. */
function prepareParent(parent: string): Identity {
  if (lstat(parent) === undefined) Deno.mkdirSync(parent, { recursive: true, mode: 0o750 });
  const { dev, ino } = Deno.statSync(parent);
  return { dev, ino };
}

/** Refuses to go on when the parent was exchanged meanwhile. */
function checkParent(parent: string, before: Identity): void {
  const { dev, ino } = Deno.statSync(parent);
  if (dev !== before.dev || ino !== before.ino) {
    throw new GaitError("io_failure", `Cannot write into ${parent}: the directory was exchanged`, {
      details: { path: parent },
    });
  }
}

/** Writes and syncs a new file. */
function writeNew(path: string, data: FileData, mode: number): void {
  using file = Deno.openSync(path, { write: true, createNew: true, mode });
  for (const part of piecesOf(data)) {
    let written = 0;
    while (written < part.length) written += file.writeSync(part.subarray(written));
  }
  file.syncSync();
}

/** Gives the temporary file its name. */
function place(temporary: string, target: string, placement: Placement): void {
  if (placement === "replace") return Deno.renameSync(temporary, target);
  // A hard link appears with its content or not at all, and fails when the name is taken.
  Deno.linkSync(temporary, target);
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
  const parent = directoryOf(path);
  const temporary = temporaryName(path);
  try {
    const identity = prepareParent(parent);
    checkTarget(path);
    try {
      writeNew(temporary, data, how.mode);
      checkParent(parent, identity);
      checkTarget(path);
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
