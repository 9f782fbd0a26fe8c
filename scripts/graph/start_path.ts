/** What the command line program loads before it runs a command. */

import type { ImportGraph } from "./import_graph.ts";

/** Result of following the imports that are neither lazy nor erased. */
export interface StartPath {
  /** Files loaded, in the order in which they are found. */
  readonly files: readonly string[];
  /** Bare and `scheme:` specifiers on the way, as `specifier (from file)`. */
  readonly outside: readonly string[];
}

/** Follows the eager imports of a file. */
export function startPath(graph: ImportGraph, entry: string): StartPath {
  const files = new Set([entry]);
  const outside: string[] = [];
  for (const path of files) {
    for (const { specifier, target, isLazy, isTypeOnly } of graph.get(path) ?? []) {
      if (isLazy || isTypeOnly) continue;
      if (target === undefined) outside.push(`${specifier} (from ${path})`);
      else files.add(target);
    }
  }
  return { files: [...files], outside };
}
