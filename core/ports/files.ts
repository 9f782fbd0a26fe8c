/** The file system as a port. Reads are bounded, writes are atomic, links are never written through. */

import type { Bytes } from "../base/bytes.ts";

/** What a directory entry or path is, without following a link. */
export interface FileInfo {
  /** Kind of the entry itself. */
  readonly kind: "file" | "directory" | "symlink" | "other";
  /** Size, bytes. */
  readonly size: number;
  /** Permission bits, or `undefined` where the platform has none. */
  readonly mode: number | undefined;
  /** Time of last modification, ms since the epoch. */
  readonly modifiedMs: number | undefined;
}

/** One entry of a directory. */
export interface DirectoryEntry {
  /** Name without the directory. */
  readonly name: string;
  /** Kind of the entry itself. */
  readonly kind: FileInfo["kind"];
}

/** How a file is written. */
export interface WriteOptions {
  /** Permission bits, 0600 when absent. */
  readonly mode?: number;
}

/** Content of a file: a text, which is written as UTF-8, bytes, or pieces that follow each other. */
export type FileData = string | Uint8Array | readonly Uint8Array[];

/**
 * Files. Relative paths are relative to the working directory. Every method throws `GaitError`:
 * `file_not_found`, `file_unreadable`, `input_too_large` on reading, `path_is_symlink`,
 * `already_exists`, `io_failure` on writing, `permission_missing` on either.
 */
export interface Files {
  /** Reads a whole file that is at most `maxBytes` long; links are followed. */
  read(path: string, limit: { readonly maxBytes: number }): Promise<Bytes>;
  /** Reads a file of any length piece by piece; links are followed. */
  chunks(path: string): AsyncIterable<Bytes>;
  /** Creates a file with its content in one step; fails when the path exists. Parents are created (0750). */
  create(path: string, data: FileData, options?: WriteOptions): Promise<void>;
  /** Replaces or creates a file atomically: temporary file, sync, rename, sync of the directory. */
  replace(path: string, data: FileData, options?: WriteOptions): Promise<void>;
  /** Describes a path without following a link; `undefined` when nothing is there. */
  stat(path: string): Promise<FileInfo | undefined>;
  /** Entries of a directory, sorted by name. */
  list(path: string): Promise<DirectoryEntry[]>;
  /** The path with every link resolved; fails when it does not exist. */
  realPath(path: string): Promise<string>;
  /** Removes a file; nothing happens when it is not there. */
  remove(path: string): Promise<void>;
  /** Absolute path of the working directory. */
  workingDirectory(): string;
}
