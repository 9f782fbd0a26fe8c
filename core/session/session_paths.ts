/**
 * Names of the files of a session (spec 03 §1).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { trim } from "../base/text_rules.ts";

/** Cleans a path lexically: `a/./b//c/../d` becomes `a/b/d`. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") out.push(part);
    else if (out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (!rooted) out.push("..");
  }
  const joined = out.join("/");
  if (rooted) return `/${joined}`;
  return joined === "" ? "." : joined;
}

/**
 * Checks and cleans a path argument of a session command.
 *
 * @param text As given.
 * @param flag Name of the flag, for messages.
 * @throws GaitError `path_not_allowed`
 */
export function sessionPath(text: string, flag: string): string {
  const path = cleanPath(trim(text));
  if (trim(text) === "" || path === "." || path === "/") {
    throw new GaitError("path_not_allowed", `Cannot use --${flag}: it names no file`);
  }
  if (path.includes("\0")) {
    throw new GaitError("path_not_allowed", `Cannot use --${flag}: it contains a NUL character`);
  }
  if (path.split("/").includes("..") && !path.startsWith("/")) {
    throw new GaitError(
      "path_not_allowed",
      `Cannot use --${flag}: a relative path must not leave its folder`,
    );
  }
  return path;
}

/** State index of a journal. */
export function statePath(journal: string): string {
  return `${journal}.state.json`;
}

/** Lock of a journal. */
export function lockPath(journal: string): string {
  return `${journal}.lock`;
}

/** Chain file of a journal: its base name minus the last extension, plus `_chain.json`. */
export function chainPath(journal: string): string {
  const cut = journal.lastIndexOf("/") + 1;
  const name = journal.slice(cut);
  const dot = name.lastIndexOf(".");
  const base = dot < 0 ? name : name.slice(0, dot);
  return `${journal.slice(0, cut)}${base === "" ? "session" : base}_chain.json`;
}
