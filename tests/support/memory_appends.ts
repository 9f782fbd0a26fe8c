/** The append port over files in memory, with the same faults. */

import { GaitError } from "../../core/base/errors.ts";
import type { Bytes } from "../../core/base/bytes.ts";
import type { AppendFile, Appends, OutputFile } from "../../core/ports/append.ts";
import type { MemoryFiles } from "./memory_files.ts";

/** Two byte arrays in one. */
function joined(a: Uint8Array, b: Uint8Array): Bytes {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** Runs a step so that it rejects instead of throwing. */
function later<T>(step: () => T): Promise<T> {
  return Promise.resolve().then(step);
}

function openFile(files: MemoryFiles, path: string): AppendFile {
  const full = files.absolute(path);
  const opened = files.entries.get(full);
  function file() {
    if (opened?.kind !== "file") throw new GaitError("io_failure", `Cannot use ${path}`);
    return opened;
  }
  return {
    size: () =>
      later(() => {
        files.count("stat", path);
        return file().data.length;
      }),
    read: (position, length) =>
      later(() => {
        files.count("read", path);
        return file().data.slice(position, position + length);
      }),
    append: (data) =>
      later(() => {
        const { at, mode } = files.fault;
        // A killed process may leave half a record behind; a failed write is cut off again.
        if (mode === "torn" && files.operations + 1 === at) {
          file().data = joined(file().data, data.subarray(0, data.length >> 1));
        }
        files.count("write", path);
        file().data = joined(file().data, data);
      }),
    sync: () => later(() => files.count("sync", path)),
    truncate: (size) =>
      later(() => {
        files.count("truncate", path);
        file().data = file().data.slice(0, size);
      }),
    isNamed: () =>
      later(() => {
        files.count("stat", path);
        return files.entries.get(full) === opened;
      }),
    tryLock: () => Promise.resolve(true),
    close() {},
  };
}

function output(files: MemoryFiles, path: string): OutputFile {
  let data: Bytes = new Uint8Array();
  return {
    write: (part) =>
      later(() => {
        files.count("write", path);
        data = joined(data, part);
      }),
    commit: () => files.replace(path, data),
    discard: () => Promise.resolve(),
  };
}

/** Refuses links and folders. */
function checkRegular(files: MemoryFiles, path: string): void {
  const entry = files.entries.get(files.absolute(path));
  if (entry?.kind === "symlink") {
    throw new GaitError("path_is_symlink", `Cannot open ${path}: it is a symbolic link`);
  }
  if (entry?.kind === "directory") {
    throw new GaitError("path_not_allowed", `Cannot open ${path}: it is not a regular file`);
  }
}

/** Makes the port. */
export function memoryAppends(files: MemoryFiles): Appends {
  return {
    open: (path, how) =>
      later(() => {
        files.count("open", path);
        checkRegular(files, path);
        if (!files.entries.has(files.absolute(path))) {
          if (!how.create) {
            throw new GaitError("file_not_found", `Cannot read ${path}: no such file or directory`);
          }
          files.put(path, "");
        }
        return openFile(files, path);
      }),
    replaceCache: (path, data) => files.replace(path, data),
    output: (path) =>
      later(() => {
        files.count("open", path);
        checkRegular(files, path);
        return output(files, path);
      }),
  };
}
