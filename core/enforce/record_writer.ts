/**
 * Writing the records of one decision: side records first, the trace last, so that a trace never stands
 * without its evidence; a failure takes back what was created (divergences C8, C9, W6).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Files } from "../ports/files.ts";

/** One file to write. */
export interface RecordFile {
  /** Path. */
  readonly path: string;
  readonly text: string;
  /** An explicit path may be overwritten, a default name may not. */
  readonly explicit: boolean;
}

/** Tells that a default name is taken, so that the caller can choose another one. */
export function isNameTaken(error: unknown): boolean {
  return error instanceof GaitError && error.code === "already_exists";
}

/** Writes one file; `true` when it did not exist before. */
async function writeOne(file: RecordFile, files: Files): Promise<boolean> {
  if (!file.explicit) {
    await files.create(file.path, file.text);
    return true;
  }
  const isNew = await files.stat(file.path) === undefined;
  await files.replace(file.path, file.text);
  return isNew;
}

/**
 * Writes all files in order.
 *
 * @throws GaitError of the first write that failed; files that this call created are removed again
 */
export async function writeRecords(list: readonly RecordFile[], files: Files): Promise<void> {
  const created: string[] = [];
  try {
    for (const file of list) {
      if (await writeOne(file, files)) created.push(file.path);
    }
  } catch (error) {
    for (const path of created.reverse()) await files.remove(path).catch(() => {});
    throw error;
  }
}
