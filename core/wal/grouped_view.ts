/**
 * A view of the file system in which files of one directory are created and removed through a group.
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import type { DirectoryEntry, FileData, FileInfo, Files, WriteOptions } from "../ports/files.ts";
import type { DirectoryGroup } from "./directory_group.ts";

/**
 * Name of a file that lies in a directory itself; `undefined` for other paths.
 *
 * @param directory Cleaned; "." is the working directory, which paths do not name.
 */
function nameIn(directory: string, path: string): string | undefined {
  const prefix = directory === "." ? "" : `${directory}/`;
  const name = path.startsWith(prefix) ? path.slice(prefix.length) : "";
  return name === "" || name.includes("/") ? undefined : name;
}

/** What of a group such a view uses. */
export type GroupedFiles = Pick<DirectoryGroup, "create" | "remove">;

/** The file system with grouped creation and removal in a directory. A class, because calls make their own ones. */
class GroupedView implements Files {
  readonly #directory: string;
  readonly #group: GroupedFiles;
  readonly #files: Files;

  constructor(directory: string, group: GroupedFiles, files: Files) {
    this.#directory = directory;
    this.#group = group;
    this.#files = files;
  }

  async create(path: string, data: FileData, options?: WriteOptions): Promise<void> {
    const name = nameIn(this.#directory, path);
    // Evidence is text; whatever else comes along is durable by itself.
    if (name === undefined || typeof data !== "string" || options?.mode !== undefined) {
      return await this.#files.create(path, data, options);
    }
    await this.#group.create(name, data);
  }

  async remove(path: string): Promise<void> {
    const name = nameIn(this.#directory, path);
    return name === undefined ? await this.#files.remove(path) : await this.#group.remove(name);
  }

  read(path: string, limit: { readonly maxBytes: number }): Promise<Bytes> {
    return this.#files.read(path, limit);
  }

  chunks(path: string): AsyncIterable<Bytes> {
    return this.#files.chunks(path);
  }

  replace(path: string, data: FileData, options?: WriteOptions): Promise<void> {
    return this.#files.replace(path, data, options);
  }

  stat(path: string): Promise<FileInfo | undefined> {
    return this.#files.stat(path);
  }

  list(path: string): Promise<DirectoryEntry[]> {
    return this.#files.list(path);
  }

  realPath(path: string): Promise<string> {
    return this.#files.realPath(path);
  }

  workingDirectory(): string {
    return this.#files.workingDirectory();
  }
}

/** The file system with grouped creation and removal in `directory`. */
export function groupedView(directory: string, group: GroupedFiles, files: Files): Files {
  return new GroupedView(directory, group, files);
}
