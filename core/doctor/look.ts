/**
 * Looking at paths that somebody else may have chosen: nothing is opened that could wait, run or grow.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { FileInfo, Files } from "../ports/files.ts";
import { cleanPath } from "../session/session_paths.ts";

/** A path of a file or flag, seen from a directory: absolute ones stay. */
export function below(directory: string, path: string): string {
  const isAbsolute = /^(?:[\\/]|[A-Za-z]:[\\/])/.test(path);
  if (isAbsolute) return path;
  const joined = cleanPath(`${directory}/${path}`);
  // A lone dash is standard input to those who read files.
  return joined === "-" ? "./-" : joined;
}

/** Folders of the system in which a name stands for a device or a process. */
const SPECIAL = /^\/(?:dev(?!\/shm\/)|proc|sys)(?:\/|$)/;
/** Whether a path is one of those names; the runtime refuses them even to look. */
export function isSpecial(path: string): boolean {
  return SPECIAL.test(cleanPath(path));
}

/** What is there, as far as anybody wants to know. */
const DEVICE: FileInfo = { kind: "other", size: 0, mode: undefined, modifiedMs: undefined };

/**
 * What a path leads to, links followed; `undefined` when nothing is there.
 *
 * @throws GaitError when that cannot be found out
 */
export async function lookAt(path: string, files: Files): Promise<FileInfo | undefined> {
  if (isSpecial(path)) return DEVICE;
  try {
    const real = await files.realPath(path);
    return SPECIAL.test(real) ? DEVICE : await files.stat(real);
  } catch (error) {
    if (error instanceof GaitError && error.code === "file_not_found") return undefined;
    throw error;
  }
}

/**
 * Makes sure that a path leads to a regular file: reading a pipe, terminal or device may wait for ever.
 *
 * @throws GaitError `file_not_found`, `file_unreadable`
 */
export async function needRegular(path: string, files: Files): Promise<FileInfo> {
  const info = await lookAt(path, files);
  if (info === undefined) {
    throw new GaitError("file_not_found", `Cannot read ${path}: no such file or directory`);
  }
  if (info.kind !== "file") {
    const state = info.kind === "directory" ? "it is a directory" : "it is no regular file";
    throw new GaitError("file_unreadable", `Cannot read ${path}: ${state}`);
  }
  return info;
}

/** Whether others than the owner may use a file in the given way (permission bits). */
export function mayOthers(info: FileInfo, bits: number): boolean {
  return info.mode !== undefined && (info.mode & bits) !== 0;
}
