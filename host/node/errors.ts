/**
 * Translates Node's errors into ours, in one place.
 *
 * @module
 */

import type { ErrorCode } from "../../core/base/error_codes.ts";
import { GaitError } from "../../core/base/errors.ts";

/** What was being done to a path. */
export type FileAction = "read" | "write" | "list" | "stat" | "remove" | "lock" | "resolve";

/** Errors of the operating system in words; anything else keeps the runtime's own. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file or directory"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EEXIST", "it already exists"],
  ["ENOTDIR", "a parent is not a directory"],
  ["EISDIR", "it is a directory"],
  ["ENOSPC", "no space is left on the device"],
  ["EROFS", "the file system is read-only"],
  ["EMFILE", "too many files are open"],
  ["ELOOP", "too many symbolic links"],
  ["ERR_ACCESS_DENIED", "the runtime permission is missing"],
]);

/** Code of a system error, e.g. `ENOENT`; "" when there is none. */
export function systemCode(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** Whether the failure says that nothing is there. */
export function isMissing(error: unknown): boolean {
  return systemCode(error) === "ENOENT";
}

/** Whether the runtime's own permission model said no. */
export function isNotPermitted(error: unknown): boolean {
  return systemCode(error) === "ERR_ACCESS_DENIED";
}

/** Our code for a failed file operation. */
function codeOf(system: string, action: FileAction): ErrorCode {
  if (system === "ERR_ACCESS_DENIED") return "permission_missing";
  const reading = action !== "write" && action !== "lock" && action !== "remove";
  if (system === "ENOENT") return reading ? "file_not_found" : "io_failure";
  if (system === "EEXIST") return "already_exists";
  if (reading) return "file_unreadable";
  // The path leads through a file: wrong as it is spelled, however often it is tried.
  return system === "ENOTDIR" ? "path_not_allowed" : "io_failure";
}

/**
 * Makes a {@linkcode GaitError} of a failed file operation.
 *
 * @param error What was thrown.
 * @param action What was being done.
 * @param path The path, as the caller spelled it.
 */
export function fileError(error: unknown, action: FileAction, path: string): GaitError {
  if (error instanceof GaitError) return error;
  const system = systemCode(error);
  const reason = REASONS.get(system) ??
    (error instanceof Error ? error.message : "unknown failure");
  return new GaitError(codeOf(system, action), `Cannot ${action} ${path}: ${reason}`, {
    cause: error,
    details: { path },
  });
}

/** Runs a synchronous step so that its failure rejects, in our own words. */
export function attempt<T>(step: () => T, action: FileAction, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    try {
      resolve(step());
    } catch (error) {
      reject(fileError(error, action, path));
    }
  });
}
