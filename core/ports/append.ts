/** Files that grow at their end, and files too large to hold in memory, as a port. */

import type { Bytes } from "../base/bytes.ts";

/** An open file that records are appended to. */
export interface AppendFile {
  /** Current size, bytes. */
  size(): Promise<number>;
  /** Reads up to `length` bytes from a position; fewer at the end of the file. */
  read(position: number, length: number): Promise<Bytes>;
  /**
   * Writes at the end with one system call; what a failed write left behind is cut off again. Not durable
   * before {@linkcode AppendFile.sync}.
   *
   * @throws GaitError `io_failure`
   */
  append(data: Uint8Array): Promise<void>;
  /** Makes everything written durable. @throws GaitError `io_failure` */
  sync(): Promise<void>;
  /** Cuts the file, durably. @throws GaitError `io_failure` */
  truncate(size: number): Promise<void>;
  /** Whether the path still names this very file. */
  isNamed(): Promise<boolean>;
  /**
   * Takes the operating system's lock on the file itself, so that two names of one file exclude each other.
   *
   * @returns Whether it was free.
   */
  tryLock(): Promise<boolean>;
  /** Closes the file; may be called twice. */
  close(): void;
}

/** A file that is being written and gets its name at the end. */
export interface OutputFile {
  /** Writes the next bytes. */
  write(data: Uint8Array): Promise<void>;
  /** Syncs the content, gives the file its name, replacing a regular file, and syncs the directory. */
  commit(): Promise<void>;
  /** Removes what was written; nothing happens after `commit`. */
  discard(): Promise<void>;
}

/** Appending and streaming. Paths as in `Files`; symbolic links are refused (divergence C8). */
export interface Appends {
  /**
   * Opens a regular file for reading and appending.
   *
   * @param how `create` makes a missing file (0600) and its parents (0750); otherwise it must exist.
   * @throws GaitError `file_not_found`, `file_unreadable`, `path_is_symlink`, `path_not_allowed`, `io_failure`
   */
  open(path: string, how: { readonly create: boolean }): Promise<AppendFile>;
  /**
   * Replaces a file atomically but without waiting for the disk: for caches that can be rebuilt.
   *
   * @throws GaitError `io_failure`, `path_is_symlink`, `path_not_allowed`
   */
  replaceCache(path: string, data: Uint8Array): Promise<void>;
  /** Starts a file of mode 0600 that replaces `path` on commit; parents are created (0750). */
  output(path: string): Promise<OutputFile>;
}
