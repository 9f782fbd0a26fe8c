/**
 * Task `bundle`: the command line program as minified chunks under `dist/bundle`. Fails when commands no
 * longer load lazily: each must be a chunk of its own, and start-up must need only a few chunks.
 *
 * @module
 */

import { COMMANDS } from "../core/commands/frame/table.ts";
import { runDeno } from "./run_deno.ts";
import { exists, listFiles, readText, ROOT } from "./sources.ts";
import { conclude, say, warn } from "./terminal.ts";

const OUTPUT = "dist/bundle";
const ENTRY = "cli.js";
/** Chunks that start-up may load, the entry included. */
const MAX_START_CHUNKS = 16;

/** What a chunk loads. */
export interface ChunkImports {
  /** Chunks that it needs at once. */
  readonly eager: readonly string[];
  /** Chunks that it may load later. */
  readonly lazy: readonly string[];
}

/** Imports of a minified chunk. */
export function chunkImports(source: string): ChunkImports {
  const names = (pattern: RegExp): string[] =>
    [...source.matchAll(pattern)].map(([, name = ""]) => name);
  return {
    eager: names(/\b(?:from|import)\s*"\.\/([^"]+\.js)"/g),
    lazy: names(/\bimport\("\.\/([^"]+\.js)"\)/g),
  };
}

/** Chunks that loading one chunk loads. */
export function loadedAtStart(chunks: ReadonlyMap<string, string>, entry: string): string[] {
  const loaded = new Set([entry]);
  for (const name of loaded) {
    for (const next of chunkImports(chunks.get(name) ?? "").eager) loaded.add(next);
  }
  return [...loaded];
}

/** Problems of a bundle, one line each. */
export function bundleFindings(
  chunks: ReadonlyMap<string, string>,
  commands: number,
): string[] {
  const start = loadedAtStart(chunks, ENTRY);
  const lazy = new Set(start.flatMap((name) => chunkImports(chunks.get(name) ?? "").lazy));
  const separate = [...lazy].filter((name) => !start.includes(name));
  const findings: string[] = [];
  if (separate.length < commands) {
    findings.push(`Only ${separate.length} lazy chunks for ${commands} commands`);
  }
  if (start.length > MAX_START_CHUNKS) {
    findings.push(`Start-up loads ${start.length} chunks, more than ${MAX_START_CHUNKS}`);
  }
  return findings;
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
  conclude(bundleFindings(chunks, COMMANDS.length), `Wrote ${OUTPUT}/${ENTRY}`);
}
