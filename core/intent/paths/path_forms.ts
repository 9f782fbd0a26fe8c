/**
 * The readings of a path that a decision compares with patterns (divergences G1, G10).
 *
 * A deny entry matches when it matches the literal or the cleaned form. An allow entry must match both, and
 * is never satisfied by a path whose `..` cleaning removes or, on Windows, by one with a hazard.
 *
 * @module
 */

import { foldCase } from "./fold.ts";
import { cleanPosixPath } from "./posix.ts";
import {
  cleanWindowsPath,
  isOpaqueWindowsPath,
  isWindowsDotDot,
  windowsPathHazards,
} from "./windows.ts";

/** Which path rules hold. */
export interface PathRules {
  /** Family of the system whose paths are judged. */
  readonly system: "posix" | "windows";
  /** Whether names that differ only in case or composition are one file. */
  readonly foldCase: boolean;
}

/** How `--fs-case` may be set; `auto` follows the platform. */
export type FsCase = "auto" | "sensitive" | "insensitive";

/** Both readings of one path. */
export interface PathForms {
  /** As written; on Windows with forward slashes; folded when the rules say so. */
  readonly literal: string;
  /** After lexical cleaning; folded when the rules say so. */
  readonly cleaned: string;
  /** Whether an allow entry may be satisfied at all. */
  readonly allowable: boolean;
  /** Whether the file may have another name that a deny entry spells: then a deny list counts as hit. */
  readonly opaque: boolean;
}

/**
 * Path rules of a platform: Windows and macOS ignore case unless told otherwise.
 *
 * @param platform Name of the operating system: `linux`, `darwin`, `windows`, …
 */
export function pathRulesFor(platform: string, fsCase: FsCase = "auto"): PathRules {
  const system = platform === "windows" ? "windows" : "posix";
  const ignoresCase = platform === "windows" || platform === "darwin";
  return { system, foldCase: fsCase === "auto" ? ignoresCase : fsCase === "insensitive" };
}

/** Longest path that Windows takes, UTF-16 units. Longer ones name nothing and are not looked into. */
const MAX_WINDOWS_PATH = 32_767;

/** Whether a segment means "parent directory". */
function isDotDot(segment: string, system: PathRules["system"]): boolean {
  return segment === ".." || (system === "windows" && isWindowsDotDot(segment));
}

/**
 * Whether a path has a `..` that cleaning removes: one behind a name, or at the root. Such a path means
 * something else when the name in front is a link. A leading `..` of a relative path stays and does not
 * count. Both slashes separate on every system, since the caller may run on another one.
 *
 * @param path Any path.
 */
export function hasEscapingDotDot(
  path: string,
  { system }: { readonly system: PathRules["system"] },
): boolean {
  if (!path.includes(".")) return false;
  let named = /^[/\\]/.test(path) || /^[A-Za-z]:/.test(path);
  for (const segment of path.split(/[/\\]/)) {
    if (isDotDot(segment, system)) {
      if (named) return true;
    } else if (segment !== "" && segment !== ".") {
      named = true;
    }
  }
  return false;
}

/**
 * Reads a path in both ways.
 *
 * @param path Value of a `path` target, a workspace, or a pattern without wildcards.
 * @param rules Rules of the system whose path it is.
 */
export function pathForms(path: string, rules: PathRules): PathForms {
  const windows = rules.system === "windows";
  if (windows && path.length > MAX_WINDOWS_PATH) {
    return { literal: path, cleaned: path, allowable: false, opaque: true };
  }
  const literal = windows ? path.replaceAll("\\", "/") : path;
  // Programs in C end a path at the first NUL.
  const end = path.indexOf("\0");
  const reached = end < 0 ? path : path.slice(0, end);
  const cleaned = windows ? cleanWindowsPath(reached) : cleanPosixPath(reached);
  return {
    literal: rules.foldCase ? foldCase(literal) : literal,
    cleaned: rules.foldCase ? foldCase(cleaned) : cleaned,
    allowable: end < 0 && !hasEscapingDotDot(path, rules) &&
      (!windows || windowsPathHazards(path).length === 0),
    opaque: windows && isOpaqueWindowsPath(path),
  };
}

/** Names of a path between its slashes, empty ones left out. */
export function pathSegments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/**
 * Whether a path is a directory or lies in it: `/w` holds `/w` and `/w/x`, not `/wx` (divergence G10).
 *
 * @param path One form of the path.
 * @param prefix The directory, in the same form; trailing slashes do not count.
 */
export function hasPathPrefix(path: string, prefix: string): boolean {
  const base = prefix.replace(/(?<!\/)\/+$/, "");
  if (base === "") return path.startsWith("/");
  return path === base || (path.startsWith(base) && path[base.length] === "/");
}
