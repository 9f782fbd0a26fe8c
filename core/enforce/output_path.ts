/**
 * Rules for paths that a command writes to (spec 02 §13.2, divergence C8).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { trim } from "../base/text_rules.ts";
import type { Files } from "../ports/files.ts";

/** What stands between the slashes of either kind. */
function segmentsOf(path: string): string[] {
  return path.replaceAll("\\", "/").split("/");
}

/** A path without `.` segments and doubled slashes, for comparing spellings. */
function cleaned(path: string): string {
  const absolute = path.startsWith("/");
  const out: string[] = [];
  for (const segment of segmentsOf(path)) {
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
  if (segmentsOf(plain).includes("..") && !/^([\\/]|[A-Za-z]:)/.test(plain)) {
    throw new GaitError(
      "path_not_allowed",
      `The relative ${what} path must not traverse parent directories`,
      { details: { path } },
    );
  }
}

/** The refusal of an output that is something else already. */
function inUse(what: string, path: string, other: string): GaitError {
  return new GaitError("path_not_allowed", `Cannot write the ${what} to ${path}: it is in use`, {
    hint: "name another file; inputs and other outputs are never overwritten",
    details: { path, in_use_as: other },
  });
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
    if (other !== undefined) throw inUse(what, path, other);
    taken.set(cleaned(path), path);
  }
}

/** Real path of something that exists; `undefined` when nothing does, or a link leads nowhere. */
async function realPathOf(path: string, files: Files): Promise<string | undefined> {
  if (await files.stat(path) === undefined) return undefined;
  return await files.realPath(path).catch(() => undefined);
}

/**
 * Finds the one spelling of a path: real as far as it exists, cleaned behind that. What one path tells about
 * folders serves the next, because looking for something that is not there is slow.
 */
function spellings(files: Files): (path: string) => Promise<string> {
  const folders = new Map<string, string | undefined>();
  let here: string | undefined;
  async function realFolder(folder: string): Promise<string | undefined> {
    if (!folders.has(folder)) folders.set(folder, await realPathOf(folder, files));
    return folders.get(folder);
  }
  // Asks for clean spellings only: `..` may lead through a link to another folder.
  function liesNowhere(path: string): boolean {
    const folder = path.slice(0, path.lastIndexOf("/"));
    return folders.has(folder) && folders.get(folder) === undefined && cleaned(path) === path;
  }
  return async (path) => {
    const whole = liesNowhere(path) ? undefined : await realPathOf(path, files);
    if (whole !== undefined) return whole;
    const segments = cleaned(path).split("/");
    for (let length = segments.length - 1; length > 0; length--) {
      const real = await realFolder(segments.slice(0, length).join("/") || "/");
      if (real !== undefined) return cleaned(`${real}/${segments.slice(length).join("/")}`);
    }
    here ??= await files.realPath(".");
    return cleaned(`${here}/${segments.join("/")}`);
  };
}

/**
 * As {@linkcode checkDistinctPaths}, for however the paths are spelled: relative, absolute or through links.
 *
 * @param outputs Explicit output paths by what is written there; "" means a default name.
 * @param inputs Paths that are read; "" and `-` name no file.
 * @throws GaitError `path_not_allowed`
 */
export async function checkDistinctFiles(
  outputs: Readonly<Record<string, string>>,
  inputs: readonly string[],
  files: Files,
): Promise<void> {
  const named = Object.entries(outputs).filter(([, path]) => path !== "");
  if (named.length === 0) return;
  const spelling = spellings(files);
  const taken = new Map<string, string>();
  for (const path of inputs) {
    if (path !== "" && path !== "-") taken.set(await spelling(path), path);
  }
  for (const [what, path] of named) {
    const real = await spelling(path);
    const other = taken.get(real);
    if (other !== undefined) throw inUse(what, path, other);
    taken.set(real, path);
  }
}
