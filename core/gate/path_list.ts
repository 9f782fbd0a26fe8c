/**
 * Path patterns of an endpoint list (spec 02 §6, divergence G1). A pattern matches a path that equals it,
 * that lies at or below `X` when it is `X/**`, or that it matches as a shell glob. A path is looked at as
 * literal and as cleaned: a deny list needs one of the two, an allow list both and no `..` that cleaning
 * removes.
 *
 * @module
 */

import type { PathForms, PathRules } from "../intent/paths/path_forms.ts";
import { compileGlobList, type GlobList, matchesGlobList } from "./_glob_list.ts";
import { emptySegmentTrie, segmentNode, type SegmentTrie, somePrefix } from "./_segment_trie.ts";
import {
  cleanedPattern,
  cleanedPrefix,
  isBelowStart,
  isInDirectory,
  literalPattern,
} from "./_path_reading.ts";

/** Patterns in one form. */
interface PatternSet {
  readonly exact: ReadonlySet<string>;
  /** Directories of `X/**`: a few as a list, many as a tree. */
  readonly directories: readonly string[];
  readonly tree: SegmentTrie<true> | undefined;
  /** Whether `./**` is among the cleaned patterns: everything below the starting directory. */
  readonly start: boolean;
  readonly globs: GlobList | undefined;
}

/** Compiled path patterns. */
export interface PathList {
  readonly literal: PatternSet;
  /** Cleaned patterns that differ from the literal ones; they meet cleaned paths only. */
  readonly cleaned: PatternSet | undefined;
}

const BELOW = "/**";
/** Up to this many directories are compared one by one. */
const FEW = 4;

/** Compiles patterns of one form. */
function compileSet(patterns: readonly string[], prefixes: readonly string[]): PatternSet {
  const few = prefixes.length <= FEW;
  const tree = few ? undefined : emptySegmentTrie<true>();
  for (const prefix of prefixes) if (tree !== undefined) segmentNode(tree, prefix).value = true;
  return {
    exact: new Set(patterns),
    directories: few ? prefixes : [],
    tree,
    start: prefixes.includes("."),
    // `X/**` without other metacharacters says all that its glob could say.
    globs: compileGlobList(patterns.filter((text) => {
      return /[*?[\\]/.test(text.endsWith(BELOW) ? text.slice(0, -BELOW.length) : text);
    })),
  };
}

/** `X` of each pattern `X/**`. */
function prefixesOf(patterns: readonly string[]): string[] {
  return patterns.filter((text) => text.endsWith(BELOW)).map((text) =>
    text.slice(0, -BELOW.length)
  );
}

/**
 * Compiles path patterns.
 *
 * @param patterns Patterns as the policy spells them.
 * @param rules Platform and case rules of the file system.
 * @returns `undefined` for an empty list, which does not constrain.
 */
export function compilePathList(
  patterns: readonly string[],
  rules: PathRules,
): PathList | undefined {
  if (patterns.length === 0) return undefined;
  const literal = patterns.map((text) => literalPattern(text, rules));
  const prefixes = prefixesOf(literal);
  const cleaned = literal.map((text) => cleanedPattern(text, rules)).filter((text, i) => {
    return text !== literal[i];
  });
  const cleanedPrefixes = prefixes.map((text) => cleanedPrefix(text, rules)).filter((text, i) => {
    return text !== prefixes[i] || text === ".";
  });
  const same = cleaned.length === 0 && cleanedPrefixes.length === 0;
  return {
    literal: compileSet(literal, prefixes),
    cleaned: same ? undefined : compileSet(cleaned, cleanedPrefixes),
  };
}

/** Stops a visit at the first stored prefix. */
function stop(): boolean {
  return true;
}

/** Whether a path matches a pattern of one form. */
function inSet(set: PatternSet, path: string): boolean {
  for (const directory of set.directories) if (isInDirectory(path, directory)) return true;
  if (set.exact.has(path)) return true;
  if (set.tree !== undefined && somePrefix(set.tree, path, { visit: stop })) return true;
  return set.globs !== undefined && matchesGlobList(set.globs, path);
}

/** Whether the cleaned form of a path matches. */
function cleanedMatches(list: PathList, forms: PathForms): boolean {
  if (inSet(list.literal, forms.cleaned)) return true;
  if (list.cleaned === undefined) return false;
  return (list.cleaned.start && isBelowStart(forms.cleaned)) || inSet(list.cleaned, forms.cleaned);
}

/**
 * Whether a deny list names a path: one form is enough, and so is that no form tells the file.
 *
 * @param list Compiled patterns.
 * @param forms The path.
 */
export function deniesPath(list: PathList, forms: PathForms): boolean {
  if (forms.opaque || cleanedMatches(list, forms)) return true;
  return forms.literal !== forms.cleaned && inSet(list.literal, forms.literal);
}

/**
 * Whether an allow list names a path: both forms are needed.
 *
 * @param list Compiled patterns.
 * @param forms The path.
 */
export function allowsPath(list: PathList, forms: PathForms): boolean {
  if (!forms.allowable || !inSet(list.literal, forms.literal)) return false;
  return forms.literal === forms.cleaned || cleanedMatches(list, forms);
}
