/**
 * Whether two paths name one file.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Files } from "../ports/files.ts";
import { cleanPath } from "../session/session_paths.ts";

/** The path from the root, links resolved as far as the file exists. */
async function resolved(path: string, files: Files): Promise<string> {
  try {
    return await files.realPath(path);
  } catch (error) {
    if (!(error instanceof GaitError)) throw error;
    return cleanPath(path.startsWith("/") ? path : `${files.workingDirectory()}/${path}`);
  }
}

/** Whether a path names one of some files. */
export async function namesOneOf(
  path: string,
  others: readonly string[],
  files: Files,
): Promise<boolean> {
  const own = await resolved(path, files);
  for (const other of others) {
    if (cleanPath(other) === cleanPath(path) || await resolved(other, files) === own) return true;
  }
  return false;
}

/**
 * Refuses an output path that is a file of the session (divergence S7).
 *
 * @throws GaitError `path_not_allowed`
 */
export async function refuseOneOf(
  path: string,
  others: readonly string[],
  options: { readonly flag: string; readonly files: Files },
): Promise<void> {
  if (!await namesOneOf(path, others, options.files)) return;
  throw new GaitError(
    "path_not_allowed",
    `Cannot use --${options.flag} ${path}: it would overwrite a file of the session`,
    { hint: "choose another path", details: { path } },
  );
}
