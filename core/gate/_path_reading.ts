/**
 * Paths and path patterns in the two forms that matching looks at (divergence G1).
 *
 * @module
 */

import { foldCase } from "../intent/paths/fold.ts";
import { type PathForms, pathForms, type PathRules } from "../intent/paths/path_forms.ts";
import { cleanPosixPath } from "../intent/paths/posix.ts";
import { cleanWindowsPath } from "../intent/paths/windows.ts";

/** Whether a POSIX path has no segment that cleaning or `..` rules could care about. */
function isPlain(path: string): boolean {
  return path !== "" && !path.includes("//") && !path.includes("/.") && !path.includes("\\.") &&
    path[0] !== "." && !path.includes("\0") && (path.at(-1) !== "/" || path === "/");
}

/**
 * Both forms of a path; a short cut for the common spelling comes first.
 *
 * @param path Value of a `path` target or a workspace.
 * @param rules Rules of the file system.
 */
export function readPath(path: string, rules: PathRules): PathForms {
  if (rules.system === "posix" && !rules.foldCase && isPlain(path)) {
    return { literal: path, cleaned: path, allowable: true, opaque: false };
  }
  return pathForms(path, rules);
}

/** A pattern in the spelling that literal paths have. */
export function literalPattern(pattern: string, rules: PathRules): string {
  const text = rules.system === "windows" ? pattern.replaceAll("\\", "/") : pattern;
  return rules.foldCase ? foldCase(text) : text;
}

/** A literal pattern in the spelling that cleaned paths have. */
export function cleanedPattern(literal: string, rules: PathRules): string {
  const cleaned = rules.system === "windows" ? cleanWindowsPath(literal) : cleanPosixPath(literal);
  return rules.foldCase ? foldCase(cleaned) : cleaned;
}

/** A directory in the spelling in which prefixes are stored: no slash at the end, "" for the root. */
export function cleanedPrefix(literal: string, rules: PathRules): string {
  return literal === "" ? "" : withoutEndSlash(cleanedPattern(literal, rules));
}

/** A directory without slashes at its end; the root becomes "". */
export function withoutEndSlash(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}

/** Whether a cleaned path lies at or below the directory it starts from, which is the prefix `.`. */
export function isBelowStart(cleaned: string): boolean {
  return cleaned[0] !== "/" && cleaned !== ".." && !cleaned.startsWith("../") &&
    !/^[A-Za-z]:/.test(cleaned);
}

/** Whether a path is a directory, spelled without a slash at its end, or continues it. */
export function isInDirectory(path: string, directory: string): boolean {
  if (!path.startsWith(directory)) return false;
  return path.length === directory.length || path.charCodeAt(directory.length) === 0x2f;
}
