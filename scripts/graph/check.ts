/**
 * Task `ranks`: import direction, cycles between folders, files without a rank, and what the command
 * line program loads at start.
 *
 * @module
 */

import { importProblem, rankedFolderOf } from "../ranks.ts";
import { exists, productFiles, readText } from "../sources.ts";
import { conclude } from "../terminal.ts";
import { findCycles, folderEdges } from "./cycles.ts";
import { type ImportGraph, importGraph } from "./import_graph.ts";
import { startPath } from "./start_path.ts";

/** Eager modules of the command line program; each costs start-up time when it is not bundled. */
const MAX_START_MODULES = 60;

/** All findings about a graph, one line each. */
export function rankFindings(graph: ImportGraph): string[] {
  const findings: string[] = [];
  for (const [path, imports] of graph) {
    if (path.startsWith("core/") && rankedFolderOf(path) === undefined) {
      findings.push(`${path}: its folder has no rank in scripts/ranks.ts`);
      continue;
    }
    for (const { target } of imports) {
      const problem = target === undefined ? undefined : importProblem(path, target);
      if (problem !== undefined) findings.push(`${path}: ${problem}`);
    }
  }
  return [...findings, ...findCycles(folderEdges(graph)).map((cycle) => `Cycle: ${cycle}`)];
}

/** All findings about the start of a program. */
export function startFindings(graph: ImportGraph, entry: string): string[] {
  const { files, outside } = startPath(graph, entry);
  const findings = outside.map((found) => `${entry} loads ${found} at start`);
  if (files.length > MAX_START_MODULES) {
    findings.push(
      `${entry} loads ${files.length} modules at start, more than ${MAX_START_MODULES}`,
    );
  }
  return findings;
}

/** Imports of the files that ship. */
export function productGraph(): ImportGraph {
  return importGraph(new Map(productFiles().map((path) => [path, readText(path)])));
}

if (import.meta.main) {
  const graph = productGraph();
  const findings = rankFindings(graph);
  if (exists("cli.ts")) findings.push(...startFindings(graph, "cli.ts"));
  const eager = startPath(graph, "cli.ts").files.length;
  conclude(
    findings,
    `${graph.size} files follow the rank table; cli.ts loads ${eager} modules at start`,
  );
}
