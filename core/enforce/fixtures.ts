/**
 * Finding intent fixtures below files and folders (spec 02 §15.5).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { sortedSet, trim } from "../base/text_rules.ts";
import type { Files } from "../ports/files.ts";

/** Suffix of files that say what a fixture should lead to. */
export const EXPECTATION_SUFFIX = ".expect.json";

/** Whether a file name is that of an intent fixture. */
function isFixture(name: string): boolean {
  const lowered = name.toLowerCase();
  return lowered.endsWith(".json") && !lowered.endsWith(EXPECTATION_SUFFIX);
}

/** Walks a folder; links are not followed. */
async function walk(path: string, depth: number, files: Files, found: string[]): Promise<void> {
  if (depth > LIMITS.fixtureDepth || found.length > LIMITS.fixtures) {
    throw new GaitError("input_too_large", `Cannot search ${path}: too many fixtures or folders`);
  }
  for (const { name, kind } of await files.list(path)) {
    const full = `${path.replace(/\/+$/, "")}/${name}`;
    if (kind === "directory") await walk(full, depth + 1, files, found);
    else if (kind === "file" && isFixture(name)) found.push(full);
  }
}

/** A path without doubled slashes and `.` segments. */
function clean(path: string): string {
  const parts = path.split("/").filter((part, i) => part !== "." && (part !== "" || i === 0));
  return parts.join("/") || ".";
}

/**
 * Finds fixtures.
 *
 * @param list Files, which must end `.json`, and folders, which are searched recursively.
 * @returns Paths, sorted, each once.
 * @throws GaitError `file_not_found`, `invalid_input` for other files or when nothing is found
 */
export async function findFixtures(list: readonly string[], files: Files): Promise<string[]> {
  const found: string[] = [];
  for (const path of list.map(trim).filter((each) => each !== "").map(clean)) {
    const info = await files.stat(path);
    if (info === undefined) {
      throw new GaitError("file_not_found", `Cannot find fixtures at ${path}: no such file`);
    }
    if (info.kind === "directory") await walk(path, 0, files, found);
    else if (isFixture(path)) found.push(path);
    else throw new GaitError("invalid_input", `Fixture file must be .json: ${path}`);
  }
  if (found.length === 0) {
    throw new GaitError("invalid_input", "No intent fixtures discovered", {
      hint: "name .json files with intents, or folders that hold such files",
    });
  }
  return sortedSet(found);
}
