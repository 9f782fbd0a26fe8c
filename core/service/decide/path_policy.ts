/**
 * Layer 1 of the path policy (design §5, divergence W4): every path that a client may influence is cleaned
 * lexically, then followed to the real path of its deepest existing parent, and must lie inside the
 * directory that was configured for its kind. Everything happens before any work.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { trim } from "../../base/text_rules.ts";
import type { Files } from "../../ports/files.ts";
import { cleanPath } from "../../session/session_paths.ts";

/** Longest path that a client may send, UTF-16 units. */
const MAX_PATH = 1024;

/** What clients may do with their path fields. */
export type ClientPaths = "refused" | "confined" | "any";

/** A directory that the service writes to. */
export interface ServiceDirectory {
  /** As configured; prefix of the paths that responses name. */
  readonly path: string;
  /** With every link resolved, when the service started. */
  readonly realPath: string;
}

/** What a field may name. */
export interface PathRule {
  /** Name of the request field, for messages. */
  readonly field: string;
  readonly clientPaths: ClientPaths;
  /** Where the path must lie; `undefined` when the service has no such directory. */
  readonly directory: ServiceDirectory | undefined;
}

/** A path that passed. */
export interface AdmittedPath {
  /** As the client spelled it, without blanks around; responses echo it. */
  readonly spelled: string;
  /** Cleaned; what is opened. */
  readonly path: string;
}

/** The one refusal; the value is not repeated. */
function refusal(field: string, state: string): GaitError {
  return new GaitError("path_not_allowed", `request.${field} ${state}`, {
    hint: "leave the field out: the service names its files itself",
    details: { field },
  });
}

/** Whether a path is the directory itself or lies below it. */
function isInside(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}

/** Directory part of a cleaned absolute path. */
function parentOf(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut <= 0 ? "/" : path.slice(0, cut);
}

/** Real path of a cleaned absolute path whose last parts may not exist yet. */
async function realPathOf(path: string, files: Files): Promise<string> {
  const missing: string[] = [];
  let existing = path;
  // `stat` looks at the entry itself: a dangling link counts as existing and fails to resolve below.
  while (existing !== "/" && await files.stat(existing) === undefined) {
    missing.unshift(existing.slice(existing.lastIndexOf("/") + 1));
    existing = parentOf(existing);
  }
  const real = await files.realPath(existing);
  return missing.length === 0 ? real : `${real === "/" ? "" : real}/${missing.join("/")}`;
}

/** Checks the spelling and makes the path absolute. */
function absolutePath(spelled: string, field: string, files: Files): string {
  if (spelled.length > MAX_PATH || /[\p{Cc}\\]/u.test(spelled)) {
    throw refusal(field, "is not a path that this service accepts");
  }
  const cleaned = cleanPath(spelled);
  if (cleaned === "." || cleaned === "/" || spelled.endsWith("/")) {
    throw refusal(field, "must name a file");
  }
  if (cleaned.slice(cleaned.lastIndexOf("/") + 1).startsWith(".") && cleaned !== "..") {
    // Hidden files are the service's own: write-ahead segments, files that are being written.
    throw refusal(field, "must not name a hidden file");
  }
  if (cleaned === ".." || cleaned.startsWith("../")) {
    throw refusal(field, "must not traverse parent directories");
  }
  return cleaned.startsWith("/") ? cleaned : cleanPath(`${files.workingDirectory()}/${cleaned}`);
}

/**
 * Admits or refuses one path field of a request.
 *
 * @param value The field; blank counts as absent.
 * @returns `undefined` when the field is absent.
 * @throws GaitError `path_not_allowed`
 */
export async function admitPath(
  value: string,
  rule: PathRule,
  files: Files,
): Promise<AdmittedPath | undefined> {
  const spelled = trim(value);
  if (spelled === "") return undefined;
  if (rule.clientPaths === "refused") {
    throw refusal(rule.field, "is not allowed by server configuration");
  }
  const absolute = absolutePath(spelled, rule.field, files);
  if (rule.clientPaths === "any") return { spelled, path: cleanPath(spelled) };
  await confine(absolute, rule, files);
  return { spelled, path: cleanPath(spelled) };
}

/** Refuses a path whose real place is outside of the directory, or whose parents are no directories. */
async function confine(absolute: string, rule: PathRule, files: Files): Promise<void> {
  const outside = refusal(rule.field, "lies outside of the directory that is configured for it");
  if (rule.directory === undefined) throw outside;
  let parent: string;
  try {
    parent = await realPathOf(parentOf(absolute), files);
  } catch {
    throw outside;
  }
  const name = absolute.slice(absolute.lastIndexOf("/") + 1);
  if (!isInside(`${parent === "/" ? "" : parent}/${name}`, rule.directory.realPath)) throw outside;
}

/**
 * Refuses a client's journal where something else than a file stands.
 *
 * @throws GaitError `path_not_allowed`
 */
export async function checkJournalPlace(
  admitted: AdmittedPath | undefined,
  files: Files,
): Promise<void> {
  const info = admitted && await files.stat(admitted.path);
  if (info !== undefined && info.kind !== "file") {
    throw refusal("session_journal", "names no regular file");
  }
}

/** The refusal of a place where a file stands: it is evidence of somebody. */
function taken(field: string): GaitError {
  return refusal(field, "names a file that exists");
}

/** Waits for what writes a client's artifact; that the place was taken meanwhile is the client's mistake. */
export async function orTaken<T>(field: string, written: Promise<T>): Promise<T> {
  try {
    return await written;
  } catch (error) {
    throw error instanceof GaitError && error.code === "already_exists" ? taken(field) : error;
  }
}

/**
 * Makes the place of a client's artifact free. A link that stands there is removed, not followed; a file that
 * stands there is evidence of somebody, and stays.
 *
 * @throws GaitError `path_not_allowed`
 */
export async function clearPlace(
  admitted: AdmittedPath | undefined,
  field: string,
  files: Files,
): Promise<void> {
  if (admitted === undefined) return;
  const info = await files.stat(admitted.path);
  if (info?.kind === "symlink") await files.remove(admitted.path);
  else if (info !== undefined) throw taken(field);
}
