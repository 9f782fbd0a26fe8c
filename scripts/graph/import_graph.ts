/**
 * The import graph of the repository, read from the text of the files. The formatter keeps import
 * statements in one shape, so a small scanner is enough.
 *
 * @module
 */

import { resolveImport } from "../lint/files.ts";

/** One import. */
export interface Import {
  /** Specifier as written. */
  readonly specifier: string;
  /** Path from the repository root, or `undefined` for a bare specifier. */
  readonly target: string | undefined;
  /** Loaded only when the code runs there. */
  readonly isLazy: boolean;
  /** Erased before the program runs. */
  readonly isTypeOnly: boolean;
  /** Names that it brings in; empty for lazy and side-effect imports. */
  readonly names: readonly string[];
}

/** A line of a comment, as the formatter lays it out; globs in strings look like comments elsewhere. */
const COMMENT_LINE = /^\s*(?:\/\/|\/?\*).*$/gm;
const STATIC = /^(?:import|export)\s+(type\s+)?([\w*\s{},$]*?)(?:\s*from\s+)?"([^"\n]+)"/gm;
const LAZY = /\bimport\(\s*"([^"\n]+)"/g;

/** Imports of one file. */
export function importsOf(path: string, source: string): Import[] {
  const code = source.replace(COMMENT_LINE, "");
  const found: Import[] = [];
  for (const [, type, clause = "", specifier = ""] of code.matchAll(STATIC)) {
    const names = namesOf(clause);
    const isTypeOnly = type !== undefined ||
      (/\{\s*type\s/.test(clause) && names.every((name) => name.startsWith("type ")));
    found.push({
      specifier,
      target: resolveImport(path, specifier),
      isLazy: false,
      isTypeOnly,
      names: names.map((name) => name.replace(/^type\s+/, "").replace(/\s+as\s.*$/, "")),
    });
  }
  for (const [, specifier = ""] of code.matchAll(LAZY)) {
    const target = resolveImport(path, specifier);
    found.push({ specifier, target, isLazy: true, isTypeOnly: false, names: [] });
  }
  return found;
}

/** Names in the braces of an import clause. */
function namesOf(clause: string): string[] {
  const inside = /\{([^}]*)\}/.exec(clause)?.[1] ?? "";
  return inside.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

/** Imports of every file. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** Builds the graph of the given files. */
export function importGraph(files: ReadonlyMap<string, string>): ImportGraph {
  return new Map([...files].map(([path, source]) => [path, importsOf(path, source)]));
}
