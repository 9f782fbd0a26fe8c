/**
 * Where packs are written (spec 01 §10.2, §11.4).
 *
 * @module
 */

import { piecesOf } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { trim } from "../base/text_rules.ts";
import { checkOutputPath } from "../enforce/output_path.ts";
import type { FileData, Files } from "../ports/files.ts";

/** A path without empty and `.` segments; `..` stays, so that it can be refused. */
export function cleanPath(path: string): string {
  const plain = trim(path);
  const root = plain.startsWith("/") ? "/" : "";
  const parts = plain.split("/").filter((part) => part !== "" && part !== ".");
  return `${root}${parts.join("/")}`;
}

/** Directory of a path; "" when it has none. */
export function directoryPart(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/**
 * Path of a pack in a directory.
 *
 * @throws GaitError `path_not_allowed` when the directory is relative and climbs
 */
export function packPath(directory: string, fileName: string): string {
  const clean = cleanPath(directory);
  const path = clean === "" ? fileName : `${clean === "/" ? "" : clean}/${fileName}`;
  checkOutputPath(path, "runpack");
  return path;
}

/**
 * Refuses an output directory that is something else.
 *
 * @param directory As given; a missing one is fine.
 * @throws GaitError `path_not_allowed`
 */
export async function checkDirectory(directory: string, files: Files): Promise<void> {
  const clean = cleanPath(directory);
  for (let end = clean.indexOf("/", 1); clean !== ""; end = clean.indexOf("/", end + 1)) {
    const path = end < 0 ? clean : clean.slice(0, end);
    const info = await files.stat(path);
    // What is below a missing directory is missing too; a link is followed on writing, or fails there.
    if (info === undefined) return;
    if (info.kind === "file" || info.kind === "other") {
      throw new GaitError("path_not_allowed", `Cannot write into ${path}: it is no directory`, {
        details: { path },
      });
    }
    if (end < 0) return;
  }
}

/** How a path is shown: unchanged when absolute or starting with `.`, else with `./` before it. */
export function displayPath(path: string): string {
  return /^(\.|[\\/]|[A-Za-z]:)/.test(path) ? path : `./${path}`;
}

/** Whether bytes are those of the pieces in a row. */
export function sameBytes(found: Uint8Array, data: FileData): boolean {
  let at = 0;
  for (const part of piecesOf(data)) {
    if (at + part.length > found.length) return false;
    for (let i = 0; i < part.length; i++) if (found[at + i] !== part[i]) return false;
    at += part.length;
  }
  return at === found.length;
}

/** Whether a file holds exactly these bytes. */
async function holds(path: string, data: FileData, files: Files): Promise<boolean> {
  const size = piecesOf(data).reduce((sum, part) => sum + part.length, 0);
  const info = await files.stat(path);
  if (info?.kind !== "file" || info.size !== size) return false;
  return sameBytes(await files.read(path, { maxBytes: size }), data);
}

/**
 * Writes a pack. Evidence is never replaced by other evidence unless asked for (divergence C8); writing the
 * same bytes again is no change.
 *
 * @returns Whether the file is new.
 * @throws GaitError `already_exists`, `path_is_symlink`, `io_failure`
 */
export async function writePack(
  path: string,
  data: FileData,
  options: { readonly replace: boolean; readonly files: Files },
): Promise<boolean> {
  const { files, replace } = options;
  try {
    await files.create(path, data);
    return true;
  } catch (error) {
    if (!(error instanceof GaitError) || error.code !== "already_exists") throw error;
    if (await holds(path, data, files)) return false;
    if (!replace) {
      throw new GaitError(
        "already_exists",
        `Cannot write ${path}: another runpack is there already`,
        { hint: "use another --run-id or --out-dir, or --force to replace it", cause: error },
      );
    }
    await files.replace(path, data);
    return false;
  }
}
