/**
 * The few file operations that several ports share, over Deno.
 *
 * @module
 */

import { toHex } from "../core/base/bytes.ts";
import { baseOf, directoryOf } from "./paths.ts";

/** What a path names itself; `undefined` when nothing is there. */
export function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Removes a file and ignores that it is not there. */
export function discard(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Makes a new name durable. Directories cannot be synced everywhere (Windows); then it is skipped. */
export function syncDirectory(path: string): void {
  if (Deno.build.os === "windows") return;
  using directory = Deno.openSync(path, { read: true });
  directory.syncSync();
}

/** A fresh name beside the target. */
export function temporaryName(path: string): string {
  const suffix = toHex(crypto.getRandomValues(new Uint8Array(6)));
  return `${directoryOf(path)}/.${baseOf(path)}.tmp-${suffix}`;
}
