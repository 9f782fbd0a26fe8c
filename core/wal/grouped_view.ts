/**
 * A view of the file system in which files of one directory are created and removed through a group.
 *
 * @module
 */

import type { FileData, Files, WriteOptions } from "../ports/files.ts";
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

/** The file system with grouped creation and removal in `directory`. */
export function groupedView(directory: string, group: GroupedFiles, files: Files): Files {
  async function create(path: string, data: FileData, options?: WriteOptions): Promise<void> {
    const name = nameIn(directory, path);
    // Evidence is text; whatever else comes along is durable by itself.
    if (name === undefined || typeof data !== "string" || options?.mode !== undefined) {
      return await files.create(path, data, options);
    }
    await group.create(name, data);
  }
  async function remove(path: string): Promise<void> {
    const name = nameIn(directory, path);
    return name === undefined ? await files.remove(path) : await group.remove(name);
  }
  return {
    read: files.read.bind(files),
    chunks: files.chunks.bind(files),
    replace: files.replace.bind(files),
    stat: files.stat.bind(files),
    list: files.list.bind(files),
    realPath: files.realPath.bind(files),
    workingDirectory: files.workingDirectory.bind(files),
    create,
    remove,
  };
}
