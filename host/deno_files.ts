/**
 * The file system port over Deno. Artifacts are small, so the calls are synchronous inside: a one-shot
 * command spends less time in them than in a thread pool's round trip.
 *
 * @module
 */

import type { Bytes } from "../core/base/bytes.ts";
import { compareCodePoints } from "../core/base/text_rules.ts";
import type {
  DirectoryEntry,
  FileData,
  FileInfo,
  Files,
  WriteOptions,
} from "../core/ports/files.ts";
import { fileError } from "./errors.ts";
import { readChunks, readFile } from "./read_file.ts";
import { writeFile } from "./write_file.ts";

/** Kind of an entry. */
function kindOf(info: { isFile: boolean; isDirectory: boolean; isSymlink: boolean }) {
  if (info.isSymlink) return "symlink";
  if (info.isDirectory) return "directory";
  return info.isFile ? "file" : "other";
}

/** Runs a synchronous step so that its failure rejects instead of throwing at once. */
function attempt<T>(step: () => T): Promise<T> {
  return new Promise((resolve) => resolve(step()));
}

/** Describes a path without following a link. */
function statOf(path: string): FileInfo | undefined {
  try {
    const info = Deno.lstatSync(path);
    return {
      kind: kindOf(info),
      size: info.size,
      mode: info.mode === null ? undefined : info.mode & 0o7777,
      modifiedMs: info.mtime?.getTime(),
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw fileError(error, "stat", path);
  }
}

/** Entries of a directory, sorted by name. */
function entriesOf(path: string): DirectoryEntry[] {
  try {
    return Array.from(
      Deno.readDirSync(path),
      (entry) => ({ name: entry.name, kind: kindOf(entry) }),
    )
      .sort((a, b) => compareCodePoints(a.name, b.name)) as DirectoryEntry[];
  } catch (error) {
    throw fileError(error, "list", path);
  }
}

/** Runs a step and translates its failure. */
function translated<T>(step: () => T, action: "resolve" | "remove", path: string): T {
  try {
    return step();
  } catch (error) {
    throw fileError(error, action, path);
  }
}

/** Removes a file; nothing happens when it is not there. */
function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw fileError(error, "remove", path);
  }
}

/** Files of the host. */
export const denoFiles: Files = {
  read: (path: string, limit: { readonly maxBytes: number }): Promise<Bytes> =>
    attempt(() => readFile(path, limit.maxBytes)),
  chunks: readChunks,
  create: (path: string, data: FileData, options: WriteOptions = {}): Promise<void> =>
    attempt(() => writeFile(path, data, { placement: "create", mode: options.mode ?? 0o600 })),
  replace: (path: string, data: FileData, options: WriteOptions = {}): Promise<void> =>
    attempt(() => writeFile(path, data, { placement: "replace", mode: options.mode ?? 0o600 })),
  stat: (path: string): Promise<FileInfo | undefined> => attempt(() => statOf(path)),
  list: (path: string): Promise<DirectoryEntry[]> => attempt(() => entriesOf(path)),
  realPath: (path: string): Promise<string> =>
    attempt(() => translated(() => Deno.realPathSync(path), "resolve", path)),
  remove: (path: string): Promise<void> => attempt(() => removeFile(path)),
  workingDirectory: (): string => translated(() => Deno.cwd(), "resolve", "."),
};
