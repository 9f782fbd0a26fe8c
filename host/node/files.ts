/**
 * The file system port over Node. Artifacts are small, so the calls are synchronous inside: a one-shot
 * command spends less time in them than in a thread pool's round trip.
 *
 * @module
 */

import fs from "node:fs";
import type { Bytes } from "../../core/base/bytes.ts";
import { compareCodePoints } from "../../core/base/text_rules.ts";
import type {
  DirectoryEntry,
  FileData,
  FileInfo,
  Files,
  WriteOptions,
} from "../../core/ports/files.ts";
import { attempt, systemCode } from "./errors.ts";
import { discard, IS_WINDOWS } from "./fs.ts";
import { readChunks, readFile } from "./read_file.ts";
import { writeFile } from "./write_file.ts";
import { process } from "./_process.ts";

/** What a description of an entry answers. */
interface Entry {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** Kind of an entry. */
function kindOf(entry: Entry): FileInfo["kind"] {
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isDirectory()) return "directory";
  return entry.isFile() ? "file" : "other";
}

/** Describes a path without following a link. */
function statOf(path: string): FileInfo | undefined {
  try {
    const info = fs.lstatSync(path);
    return {
      kind: kindOf(info),
      size: info.size,
      mode: IS_WINDOWS ? undefined : info.mode & 0o7777,
      modifiedMs: info.mtime.getTime(),
    };
  } catch (error) {
    if (/^(?:ENOENT|ENOTDIR)$/.test(systemCode(error))) return undefined;
    throw error;
  }
}

/** Entries of a directory, sorted by name. */
function entriesOf(path: string): DirectoryEntry[] {
  return fs.readdirSync(path, { withFileTypes: true })
    .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
    .sort((a, b) => compareCodePoints(a.name, b.name));
}

/** Writes in one of the two ways. */
function write(
  path: string,
  data: FileData,
  how: { readonly placement: "create" | "replace"; readonly options: WriteOptions | undefined },
): Promise<void> {
  const mode = how.options?.mode ?? 0o600;
  return attempt(() => writeFile(path, data, { placement: how.placement, mode }), "write", path);
}

/** Files of the host. */
export const nodeFiles: Files = {
  read: (path: string, limit: { readonly maxBytes: number }): Promise<Bytes> =>
    attempt(() => readFile(path, limit.maxBytes), "read", path),
  chunks: readChunks,
  create: (path: string, data: FileData, options?: WriteOptions): Promise<void> =>
    write(path, data, { placement: "create", options }),
  replace: (path: string, data: FileData, options?: WriteOptions): Promise<void> =>
    write(path, data, { placement: "replace", options }),
  stat: (path: string): Promise<FileInfo | undefined> => attempt(() => statOf(path), "stat", path),
  list: (path: string): Promise<DirectoryEntry[]> => attempt(() => entriesOf(path), "list", path),
  realPath: (path: string): Promise<string> =>
    attempt(() => fs.realpathSync.native(path), "resolve", path),
  remove: (path: string): Promise<void> => attempt(() => discard(path), "remove", path),
  workingDirectory: (): string => process.cwd(),
};
