/**
 * Domain patterns of an endpoint list (spec 02 §6): equal, `*.x.y` for any depth below `x.y` but not `x.y`
 * itself, or a shell glob whose `*` crosses dots.
 *
 * @module
 */

import { compileGlobList, type GlobList, matchesGlobList } from "./_glob_list.ts";

/** Compiled domain patterns. */
export interface DomainList {
  readonly exact: ReadonlySet<string>;
  /** Endings that begin with a dot. */
  readonly suffixes: ReadonlySet<string>;
  readonly longestSuffix: number;
  readonly globs: GlobList | undefined;
}

/**
 * Compiles domain patterns.
 *
 * @param patterns Lower-cased patterns.
 * @returns `undefined` for an empty list, which does not constrain.
 */
export function compileDomainList(patterns: readonly string[]): DomainList | undefined {
  if (patterns.length === 0) return undefined;
  const suffixes = patterns.filter((text) => text.startsWith("*.")).map((text) => text.slice(1));
  // A suffix without metacharacters says all that its glob could say.
  const globs = patterns.filter((text) =>
    /[*?[\\]/.test(text.startsWith("*.") ? text.slice(2) : text)
  );
  return {
    exact: new Set(patterns),
    suffixes: new Set(suffixes),
    longestSuffix: suffixes.reduce((longest, text) => Math.max(longest, text.length), 0),
    globs: compileGlobList(globs),
  };
}

/** Whether a domain ends with one of the suffixes. */
function hasSuffix(list: DomainList, domain: string): boolean {
  if (list.suffixes.size === 0) return false;
  let dot = domain.lastIndexOf(".");
  // Bounded by the longest suffix, so that a domain of a million dots costs nothing.
  while (dot >= 0 && domain.length - dot <= list.longestSuffix) {
    if (list.suffixes.has(domain.slice(dot))) return true;
    dot = dot === 0 ? -1 : domain.lastIndexOf(".", dot - 1);
  }
  return false;
}

/**
 * Whether a domain matches some pattern.
 *
 * @param list Compiled patterns.
 * @param domain Lower-cased domain.
 */
export function matchesDomain(list: DomainList, domain: string): boolean {
  return list.exact.has(domain) || hasSuffix(list, domain) ||
    (list.globs !== undefined && matchesGlobList(list.globs, domain));
}

/**
 * Whether a deny list names a domain. The dot of a fully qualified name does not hide it: `a.example.` and
 * `a.example` are the same host. (An allow list wants the exact spelling.)
 *
 * @param list Compiled patterns.
 * @param domain Lower-cased domain.
 */
export function deniesDomain(list: DomainList, domain: string): boolean {
  if (matchesDomain(list, domain)) return true;
  return domain.endsWith(".") && matchesDomain(list, domain.slice(0, -1));
}
