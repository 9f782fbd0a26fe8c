/** Cycles between folders, which no rule that sees one file at a time can find. */

import { rankedFolderOf } from "../ranks.ts";
import type { ImportGraph } from "./import_graph.ts";

/** Which ranked folders each ranked folder imports, itself left out. */
export function folderEdges(graph: ImportGraph): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const [path, imports] of graph) {
    const from = rankedFolderOf(path)?.folder;
    if (from === undefined) continue;
    const to = edges.get(from) ?? new Set<string>();
    edges.set(from, to);
    for (const { target } of imports) {
      const folder = target === undefined ? undefined : rankedFolderOf(target)?.folder;
      if (folder !== undefined && folder !== from) to.add(folder);
    }
  }
  return edges;
}

/** The first cycle found from every folder, as `a -> b -> a`; each cycle once. */
export function findCycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found = new Map<string, string>();
  const done = new Set<string>();
  const visit = (folder: string, path: readonly string[]): void => {
    const at = path.indexOf(folder);
    if (at >= 0) {
      const cycle = path.slice(at);
      const key = cycle.toSorted((a, b) => (a < b ? -1 : 1)).join(" ");
      if (!found.has(key)) found.set(key, [...cycle, folder].join(" -> "));
      return;
    }
    if (done.has(folder)) return;
    for (const next of edges.get(folder) ?? []) visit(next, [...path, folder]);
    done.add(folder);
  };
  for (const folder of edges.keys()) visit(folder, []);
  return [...found.values()];
}
