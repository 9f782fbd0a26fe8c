/**
 * Task `bundle`: the command line program as minified chunks under `dist/bundle`. Fails when commands no
 * longer load lazily: each must be a chunk of its own, and start-up must need only a few chunks.
 *
 * @module
 */

import { bundleFindings, ENTRY, loadedAtStart } from "./chunks.ts";
import { importsOf } from "./graph/import_graph.ts";
import { runDeno } from "./run_deno.ts";
import { exists, listFiles, readText, ROOT } from "./sources.ts";
import { conclude, say, warn } from "./terminal.ts";

const OUTPUT = "dist/bundle";
const TABLE = "core/commands/frame/table.ts";

/** Names of the modules that the table of commands loads. */
function commandModules(): string[] {
  return importsOf(TABLE, readText(TABLE)).filter(({ isLazy }) => isLazy)
    .map(({ specifier }) => specifier.replace(/^.*\//, "").replace(/\.ts$/, ""));
}

/** Size of texts in KiB. */
function kib(texts: readonly string[]): string {
  const bytes = texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

if (import.meta.main) {
  if (exists(OUTPUT)) await Deno.remove(ROOT + OUTPUT, { recursive: true });
  const flags = ["--code-splitting", "--minify", "--outdir", OUTPUT];
  const run = await runDeno(["bundle", "--quiet", ...flags, "cli.ts"]);
  if (!run.success) {
    warn(run.stderr);
    Deno.exit(1);
  }
  const names = listFiles(OUTPUT).filter((path) => path.endsWith(".js"));
  const chunks = new Map(names.map((path) => [path.slice(OUTPUT.length + 1), readText(path)]));
  const start = loadedAtStart(chunks, ENTRY).map((name) => chunks.get(name) ?? "");
  say(
    `${chunks.size} chunks, ${kib([...chunks.values()])}; start-up: ${start.length}, ${kib(start)}`,
  );
  conclude(bundleFindings(chunks, commandModules()), `Wrote ${OUTPUT}/${ENTRY}`);
}
