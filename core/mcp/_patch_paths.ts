/**
 * The files that a patch touches.
 *
 * @module
 */

import { trim } from "../base/text_rules.ts";

/** One file of a patch. */
export interface PatchedFile {
  readonly path: string;
  readonly operation: "create" | "update" | "delete";
}

const HEADERS: readonly (readonly [prefix: string, operation: PatchedFile["operation"]])[] = [
  ["*** Add File: ", "create"],
  ["*** Update File: ", "update"],
  ["*** Delete File: ", "delete"],
  ["*** Move to: ", "create"],
  ["--- ", "update"],
  ["+++ ", "update"],
  ["rename to ", "create"],
];

/** The path of a unified diff's header: without its tab-separated time and the `a/` or `b/` in front. */
function diffPath(text: string): string {
  const path = trim(text.split("\t", 1)[0] ?? "");
  return path === "/dev/null" ? "" : path.replace(/^[ab]\//, "");
}

/** Reads one line. */
function fileOf(line: string): PatchedFile | undefined {
  const header = HEADERS.find(([prefix]) => line.startsWith(prefix));
  if (header === undefined) return undefined;
  const [prefix, operation] = header;
  const rest = line.slice(prefix.length);
  const path = prefix.startsWith("*** ") ? trim(rest) : diffPath(rest);
  return path === "" ? undefined : { path, operation };
}

/**
 * Reads the headers of an `apply_patch` text or a unified diff.
 *
 * A content line that looks like a header yields a target too many, never one too few.
 */
export function patchedFiles(text: string): PatchedFile[] {
  const out: PatchedFile[] = [];
  for (const line of text.split("\n")) {
    const file = fileOf(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (file !== undefined) out.push(file);
  }
  return out;
}
