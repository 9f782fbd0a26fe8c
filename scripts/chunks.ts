/** What the chunks of a bundle load, and when. */

/** Name of the chunk that starts the program. */
export const ENTRY = "cli.js";
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

/**
 * Problems of a bundle, one line each.
 *
 * @param modules Names of the modules that must load lazily, without `.ts`.
 */
export function bundleFindings(
  chunks: ReadonlyMap<string, string>,
  modules: readonly string[],
): string[] {
  const start = loadedAtStart(chunks, ENTRY);
  const lazy = start.flatMap((name) => chunkImports(chunks.get(name) ?? "").lazy)
    .filter((name) => !start.includes(name));
  const findings = modules.filter((name) => !lazy.some((chunk) => isChunkOf(chunk, name)))
    .map((name) => `${name} is no chunk of its own that loads lazily`);
  if (start.length > MAX_START_CHUNKS) {
    findings.push(`Start-up loads ${start.length} chunks, more than ${MAX_START_CHUNKS}`);
  }
  return findings;
}

/** Whether a chunk `name-HASH.js` is made from a module. */
function isChunkOf(chunk: string, module: string): boolean {
  return chunk.startsWith(`${module}-`) && /^[A-Z0-9]+\.js$/.test(chunk.slice(module.length + 1));
}
