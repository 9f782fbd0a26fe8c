/**
 * Many globs against one text. A long list is searched through the rarest literal text of each glob, so
 * that only globs that can match are tried.
 *
 * @module
 */

import { buildKeywordFinder, type KeywordFinder, someKeyword } from "./_keyword_finder.ts";
import { compileGlob, type Glob, matchesGlob } from "./glob.ts";

/** Up to this many globs are tried one after the other. */
const SHORT_LIST = 8;

/** Compiled globs; matching any one is enough. */
export interface GlobList {
  /** Globs that are always tried. */
  readonly plain: readonly Glob[];
  readonly finder: KeywordFinder | undefined;
  /** Globs to try when a keyword occurs. */
  readonly byKeyword: readonly (readonly Glob[])[];
}

/** How many globs contain each literal text. */
function countRuns(globs: readonly Glob[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const glob of globs) {
    for (const run of new Set(glob.runs)) counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}

/** The literal text of a glob that fewest globs share; the longest of these. */
function rarestRun(glob: Glob, counts: ReadonlyMap<string, number>): string {
  let best = "";
  let bestCount = Infinity;
  for (const run of glob.runs) {
    const count = counts.get(run) ?? 0;
    if (count < bestCount || (count === bestCount && run.length > best.length)) {
      best = run;
      bestCount = count;
    }
  }
  return best;
}

/**
 * Compiles globs; malformed ones are left out, since they match nothing.
 *
 * @param patterns Glob texts.
 * @returns `undefined` when no glob is left.
 */
export function compileGlobList(patterns: readonly string[]): GlobList | undefined {
  const globs = patterns.map(compileGlob).filter((glob) => glob !== undefined);
  if (globs.length === 0) return undefined;
  if (globs.length <= SHORT_LIST) return { plain: globs, finder: undefined, byKeyword: [] };
  const counts = countRuns(globs);
  const plain: Glob[] = [];
  const groups = new Map<string, Glob[]>();
  for (const glob of globs) {
    const keyword = rarestRun(glob, counts);
    const group = groups.get(keyword);
    if (keyword === "") plain.push(glob);
    else if (group === undefined) groups.set(keyword, [glob]);
    else group.push(glob);
  }
  const finder = groups.size === 0 ? undefined : buildKeywordFinder([...groups.keys()]);
  return { plain, finder, byKeyword: [...groups.values()] };
}

/** Whether one of some globs matches. */
function someGlob(globs: readonly Glob[], text: string): boolean {
  for (const glob of globs) if (matchesGlob(glob, text)) return true;
  return false;
}

/**
 * Whether some glob of a list matches a whole text.
 *
 * @param list Compiled globs.
 * @param text Any text.
 */
export function matchesGlobList(list: GlobList, text: string): boolean {
  if (someGlob(list.plain, text)) return true;
  if (list.finder === undefined) return false;
  return someKeyword(list.finder, text, {
    test: (keyword) => someGlob(list.byKeyword[keyword] ?? [], text),
  });
}
