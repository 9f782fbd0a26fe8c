/**
 * Translates the runtime's errors into ours, in one place.
 *
 * @module
 */

import type { ErrorCode } from "../core/base/error_codes.ts";
import { GaitError } from "../core/base/errors.ts";
import { flagHint } from "./flag_hint.ts";

/** What was being done to a path. */
export type FileAction = "read" | "write" | "list" | "stat" | "remove" | "lock" | "resolve";

/** Code for a failed file operation. */
function codeOf(error: unknown, action: FileAction): ErrorCode {
  if (error instanceof Deno.errors.NotCapable) return "permission_missing";
  const reading = action !== "write" && action !== "lock" && action !== "remove";
  if (error instanceof Deno.errors.NotFound) return reading ? "file_not_found" : "io_failure";
  if (error instanceof Deno.errors.AlreadyExists) return "already_exists";
  if (reading) return "file_unreadable";
  // The path leads through a file: wrong as it is spelled, however often it is tried.
  if (error instanceof Deno.errors.NotADirectory) return "path_not_allowed";
  return "io_failure";
}

/**
 * What to do about a missing permission: names the flag, which the runtime's message ends with.
 *
 * @param error What was thrown.
 */
export function permissionHint(error: unknown): string {
  const flag = error instanceof Error ? /--allow-[a-z]+/.exec(error.message)?.[0] : undefined;
  return flagHint(flag ?? "the flag");
}

/** The runtime's own words for what happened, without its stack. */
function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or directory";
  if (error instanceof Deno.errors.NotCapable) return "the runtime permission is missing";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.AlreadyExists) return "it already exists";
  if (error instanceof Deno.errors.NotADirectory) return "a parent is not a directory";
  return error instanceof Error ? error.message : "unknown failure";
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
  const message = `Cannot ${action} ${path}: ${reasonOf(error)}`;
  const code = codeOf(error, action);
  const hint = code === "permission_missing" ? { hint: permissionHint(error) } : {};
  return new GaitError(code, message, { cause: error, details: { path }, ...hint });
}
