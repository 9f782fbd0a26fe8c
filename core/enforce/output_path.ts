/**
 * Rules for paths that a command writes to (spec 02 §13.2, divergence C8).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { trim } from "../base/text_rules.ts";
import type { Files } from "../ports/files.ts";
import { cleanPath } from "../session/session_paths.ts";

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
 * An output as it is opened. A relative path may take a detour that stays inside (`a/../t.json`, spec 04
 * §4.3); it is cleaned, because `a` may be missing, or lead elsewhere.
 *
 * @param path As spelled by the caller.
 */
export function withoutDetours(path: string): string {
  const isDetour = !/^\/|\\/.test(path) && path.split("/").includes("..");
  return isDetour ? cleanPath(path) : path;
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

/** The one spelling of a path: real as far as it exists, cleaned behind that. */
async function realSpelling(path: string, files: Files): Promise<string> {
  const whole = await realPathOf(path, files);
  if (whole !== undefined) return whole;
  const segments = cleaned(path).split("/");
  for (let length = segments.length - 1; length > 0; length--) {
    const folder = segments.slice(0, length).join("/") || "/";
    const real = await realPathOf(folder, files);
    if (real !== undefined) return cleaned(`${real}/${segments.slice(length).join("/")}`);
  }
  return cleaned(`${await files.realPath(".")}/${segments.join("/")}`);
}

/** Last segment of a path. */
function nameOf(path: string): string {
  return segmentsOf(cleaned(path)).at(-1) ?? "";
}

/**
 * Tells whether something is at a path. Looking for what is not there is slow, so a folder that is missing
 * answers for everything in it; `..` may lead through a link to another folder and is not answered so.
 */
function existence(files: Files): (path: string) => Promise<boolean> {
  const folders = new Map<string, boolean>();
  const mayExist = async (folder: string) => {
    // A folder that must not be looked at may hold a file that may be.
    const answer = folders.get(folder) ??
      await files.stat(folder).then((info) => info !== undefined, () => true);
    folders.set(folder, answer);
    return answer;
  };
  return async (path) => {
    const cut = path.lastIndexOf("/");
    if (cut > 0 && cleaned(path) === path && !await mayExist(path.slice(0, cut))) return false;
    return await files.stat(path) !== undefined;
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
  const names = new Set(named.map(([, path]) => nameOf(path)));
  const exists = existence(files);
  const taken = new Map<string, string>();
  for (const path of inputs) {
    if (path === "" || path === "-") continue;
    // What is not there is no output either, unless it has the name of one.
    if (!names.has(nameOf(path)) && !await exists(path)) continue;
    taken.set(await realSpelling(path, files), path);
  }
  for (const [what, path] of named) {
    const real = await realSpelling(path, files);
    const other = taken.get(real);
    if (other !== undefined) throw inUse(what, path, other);
    taken.set(real, path);
  }
}
