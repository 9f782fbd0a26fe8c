/**
 * Rules for paths that a command writes to (spec 02 §13.2, divergence C8).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { trim } from "../base/text_rules.ts";

/** A path without `.` segments and doubled slashes, for comparing spellings. */
function cleaned(path: string): string {
  const absolute = path.startsWith("/");
  const out: string[] = [];
  for (const segment of path.split(/[\\/]+/)) {
    if (segment === "" || segment === ".") continue;
    if (segment === ".." && out.length > 0 && out.at(-1) !== "..") out.pop();
    else out.push(segment);
  }
  return `${absolute ? "/" : ""}${out.join("/")}`;
}

/**
 * Checks one output path.
 *
 * @param path As spelled by the caller.
 * @param what What is written there, for the message, e.g. `trace`.
 * @throws GaitError `path_not_allowed` when it is empty, names a directory, or is relative and climbs
 */
export function checkOutputPath(path: string, what: string): void {
  const plain = trim(path);
  if (plain === "" || cleaned(plain) === "" || cleaned(plain) === "/") {
    throw new GaitError("path_not_allowed", `The ${what} path is required and must name a file`, {
      details: { path },
    });
  }
  const relative = !/^([\\/]|[A-Za-z]:)/.test(plain);
  if (relative && plain.split(/[\\/]/).includes("..")) {
    throw new GaitError(
      "path_not_allowed",
      `The relative ${what} path must not traverse parent directories`,
      { details: { path } },
    );
  }
}

/**
 * Refuses outputs that would overwrite each other or an input.
 *
 * @param outputs Explicit output paths by what is written there; "" means a default name.
 * @param inputs Paths that are read.
 * @throws GaitError `path_not_allowed`
 */
export function checkDistinctPaths(
  outputs: Readonly<Record<string, string>>,
  inputs: readonly string[],
): void {
  const taken = new Map(inputs.filter((path) => path !== "").map((path) => [cleaned(path), path]));
  for (const [what, path] of Object.entries(outputs)) {
    if (path === "") continue;
    const other = taken.get(cleaned(path));
    if (other !== undefined) {
      throw new GaitError("path_not_allowed", `Cannot write the ${what} to ${path}: it is in use`, {
        hint: "name another file; inputs and other outputs are never overwritten",
        details: { path, in_use_as: other },
      });
    }
    taken.set(cleaned(path), path);
  }
}
