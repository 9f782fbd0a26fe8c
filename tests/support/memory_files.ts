/**
 * The file system port in memory. It can fail or stop at the n-th operation, so that crash consistency is
 * a loop over n.
 */

import { GaitError } from "../../core/base/errors.ts";
import { type Bytes, piecesOf } from "../../core/base/bytes.ts";
import type {
  DirectoryEntry,
  FileData,
  FileInfo,
  Files,
  WriteOptions,
} from "../../core/ports/files.ts";

/** One file, directory or link. */
export type MemoryEntry =
  | { kind: "file"; data: Bytes; mode: number; modifiedMs: number }
  | { kind: "directory" }
  | { kind: "symlink"; to: string };

/** Makes an operation fail. */
export interface Fault {
  /** Counted from 1; no fault when absent. */
  at?: number;
  /**
   * `fail` (when absent): that one operation fails. `stop`: it and every later one fail, as when the process
   * was killed before it. `torn`: as `stop`, but half of what it was to append is there.
   */
  mode?: "fail" | "stop" | "torn";
}

/** Cleans a path lexically against a working directory. */
function absolute(path: string, cwd: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${cwd}/${path}`).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Files in memory. */
export class MemoryFiles implements Files {
  readonly entries = new Map<string, MemoryEntry>();
  readonly fault: Fault = {};
  operations = 0;
  readonly #cwd: string;

  constructor(cwd = "/work") {
    this.#cwd = cwd;
    this.#makeParents(`${cwd}/x`);
  }

  /** Puts a file in place without counting as an operation. */
  put(path: string, data: string | Uint8Array, mode = 0o600): void {
    const full = absolute(path, this.#cwd);
    this.#makeParents(full);
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
    this.entries.set(full, { kind: "file", data: bytes, mode, modifiedMs: 0 });
  }
  link(path: string, to: string): void {
    const full = absolute(path, this.#cwd);
    this.#makeParents(full);
    this.entries.set(full, { kind: "symlink", to });
  }
  text(path: string): string | undefined {
    const entry = this.entries.get(absolute(path, this.#cwd));
    return entry?.kind === "file" ? new TextDecoder().decode(entry.data) : undefined;
  }
  /** Every file, by absolute path. */
  files(): Map<string, string> {
    const out = new Map<string, string>();
    for (const [path, entry] of this.entries) {
      if (entry.kind === "file") out.set(path, new TextDecoder().decode(entry.data));
    }
    return out;
  }

  #makeParents(full: string): void {
    const parts = full.split("/").slice(1, -1);
    for (let i = 1; i <= parts.length; i++) {
      const directory = `/${parts.slice(0, i).join("/")}`;
      if (!this.entries.has(directory)) this.entries.set(directory, { kind: "directory" });
    }
  }
  #count(action: string, path: string): void {
    this.operations++;
    const { at, mode = "fail" } = this.fault;
    if (at === undefined) return;
    if (mode === "fail" ? this.operations === at : this.operations >= at) {
      throw new GaitError("io_failure", `Cannot ${action} ${path}: injected fault`);
    }
  }
  /** Counts an operation of another double that works on these files. */
  count(action: string, path: string): void {
    this.#count(action, path);
  }
  /** The path without `.` and `..`, from the root. */
  absolute(path: string): string {
    return absolute(path, this.#cwd);
  }
  #follow(path: string): string {
    let full = absolute(path, this.#cwd);
    for (let hops = 0; hops < 10; hops++) {
      const entry = this.entries.get(full);
      if (entry?.kind !== "symlink") return full;
      full = absolute(entry.to, full.slice(0, full.lastIndexOf("/")) || "/");
    }
    throw new GaitError("file_unreadable", `Cannot read ${path}: too many links`);
  }

  read(path: string, limit: { readonly maxBytes: number }): Promise<Bytes> {
    return Promise.resolve().then(() => {
      this.#count("read", path);
      const entry = this.entries.get(this.#follow(path));
      if (entry === undefined) {
        throw new GaitError("file_not_found", `Cannot read ${path}: no such file or directory`);
      }
      if (entry.kind !== "file") {
        throw new GaitError("file_unreadable", `Cannot read ${path}: it is a directory`);
      }
      if (entry.data.length > limit.maxBytes) {
        throw new GaitError("input_too_large", `Cannot read ${path}: it is too large`);
      }
      return new Uint8Array(entry.data);
    });
  }
  async *chunks(path: string): AsyncGenerator<Bytes> {
    yield await this.read(path, { maxBytes: Infinity });
  }
  #write(path: string, data: FileData, mode: number): void {
    const full = absolute(path, this.#cwd);
    const entry = this.entries.get(full);
    if (entry?.kind === "symlink") {
      throw new GaitError("path_is_symlink", `Cannot write ${path}: it is a symbolic link`);
    }
    if (entry?.kind === "directory") {
      throw new GaitError("path_not_allowed", `Cannot write ${path}: it is not a regular file`);
    }
    this.#makeParents(full);
    const parts = piecesOf(data);
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.entries.set(full, { kind: "file", data: bytes, mode, modifiedMs: 0 });
  }
  create(path: string, data: FileData, options: WriteOptions = {}): Promise<void> {
    return Promise.resolve().then(() => {
      this.#count("write", path);
      const existing = this.entries.get(absolute(path, this.#cwd));
      if (existing?.kind === "file") {
        throw new GaitError("already_exists", `Cannot write ${path}: it already exists`);
      }
      this.#write(path, data, options.mode ?? 0o600);
    });
  }
  replace(path: string, data: FileData, options: WriteOptions = {}): Promise<void> {
    return Promise.resolve().then(() => {
      this.#count("write", path);
      this.#write(path, data, options.mode ?? 0o600);
    });
  }
  stat(path: string): Promise<FileInfo | undefined> {
    return Promise.resolve().then(() => {
      this.#count("stat", path);
      const entry = this.entries.get(absolute(path, this.#cwd));
      if (entry === undefined) return undefined;
      const file = entry.kind === "file" ? entry : undefined;
      return {
        kind: entry.kind,
        size: file?.data.length ?? 0,
        mode: file?.mode,
        modifiedMs: file?.modifiedMs,
      };
    });
  }
  list(path: string): Promise<DirectoryEntry[]> {
    return Promise.resolve().then(() => {
      this.#count("list", path);
      const full = this.#follow(path);
      const entry = this.entries.get(full);
      if (entry === undefined) {
        throw new GaitError("file_not_found", `Cannot list ${path}: no such file or directory`);
      }
      if (entry.kind !== "directory") {
        throw new GaitError("file_unreadable", `Cannot list ${path}: it is no directory`);
      }
      const prefix = full === "/" ? "/" : `${full}/`;
      return [...this.entries]
        .filter(([name]) => name.startsWith(prefix) && !name.slice(prefix.length).includes("/"))
        .map(([name, each]) => ({ name: name.slice(prefix.length), kind: each.kind }))
        .filter((each) => each.name !== "")
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }
  realPath(path: string): Promise<string> {
    return Promise.resolve().then(() => {
      this.#count("resolve", path);
      const full = this.#follow(path);
      if (!this.entries.has(full)) {
        throw new GaitError("file_not_found", `Cannot resolve ${path}: no such file or directory`);
      }
      return full;
    });
  }
  remove(path: string): Promise<void> {
    return Promise.resolve().then(() => {
      this.#count("remove", path);
      this.entries.delete(absolute(path, this.#cwd));
    });
  }
  workingDirectory(): string {
    return this.#cwd;
  }
}
