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

type Operation = PatchedFile["operation"];

/** How the path behind a header is spelled. */
type Spelling = "plain" | "prefixed" | "pair";

/** Lines that name a file: of `apply_patch`, of unified diffs, of git. */
const HEADERS: readonly (readonly [prefix: string, operation: Operation, spelling: Spelling])[] = [
  ["*** Add File: ", "create", "plain"],
  ["*** Update File: ", "update", "plain"],
  ["*** Delete File: ", "delete", "plain"],
  ["*** Move to: ", "create", "plain"],
  ["--- ", "update", "prefixed"],
  ["+++ ", "update", "prefixed"],
  // Binary and empty files have no other header.
  ["diff --git ", "update", "pair"],
  ["rename from ", "delete", "plain"],
  ["rename to ", "create", "plain"],
  ["copy to ", "create", "plain"],
];

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** Undoes git's quoting of unusual names: `"b/\303\244"` is `b/ä`. */
function unquoted(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  const bytes: number[] = [];
  for (const part of text.slice(1, -1).match(/\\[0-7]{3}|\\?[^]/gu) ?? []) {
    if (/^\\[0-7]{3}$/.test(part)) bytes.push(parseInt(part.slice(1), 8) & 0xff);
    else {
      const char = part.startsWith("\\") ? ESCAPES[part.slice(1)] ?? part.slice(1) : part;
      bytes.push(...new TextEncoder().encode(char));
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** A diff's path: without its tab-separated time and the `a/` or `b/` in front. */
function diffPath(text: string): string {
  const path = unquoted(trim(text.split("\t", 1)[0] ?? ""));
  return path === "/dev/null" ? "" : path.replace(/^[ab]\//, "");
}

/** The second path of `a/old b/new`. */
function pairPath(text: string): string {
  const quoted = text.lastIndexOf(' "b/');
  const at = quoted >= 0 ? quoted : text.lastIndexOf(" b/");
  return at < 0 ? "" : diffPath(text.slice(at + 1));
}

/** Reads one line. */
function fileOf(line: string): PatchedFile | undefined {
  const header = HEADERS.find(([prefix]) => line.startsWith(prefix));
  if (header === undefined) return undefined;
  const [prefix, operation, spelling] = header;
  const rest = line.slice(prefix.length);
  const path = spelling === "plain"
    ? unquoted(trim(rest))
    : spelling === "pair"
    ? pairPath(rest)
    : diffPath(rest);
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
