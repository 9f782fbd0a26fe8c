/**
 * Numbers for every value that some rule of a policy asks for. A condition is a list of such numbers, and
 * matching an intent begins with marking the numbers that it brings.
 *
 * @module
 */

import type { PathRules } from "../intent/paths/path_forms.ts";
import { cleanedPattern, cleanedPrefix, literalPattern, withoutEndSlash } from "./_path_reading.ts";
import { type Dimension, DIMENSIONS } from "./_match_slots.ts";
import { emptySegmentTrie, segmentNode, type SegmentTrie } from "./_segment_trie.ts";

/** Up to this many prefixes are compared one by one; of more, the tree knows all. */
export const FEW_PREFIXES = 4;

/** Numbers by key; several values may share a key once case or spelling is taken away. */
export type NumberLists = Map<string, number[]>;

/** Numbers of all values. */
export interface FactTable {
  readonly rules: PathRules;
  /** How many numbers there are. */
  size: number;
  /** Numbers of values as the policy spells them. */
  readonly numbers: Readonly<Record<Dimension, Map<string, number>>>;
  /** `target_values` and `destination_values` as literal paths, and as cleaned ones that differ. */
  readonly literalPaths: NumberLists;
  readonly cleanedPaths: NumberLists;
  /** The first literal `workspace_prefixes` and their numbers: all of them when they are few. */
  readonly prefixes: { readonly directory: string; readonly number: number }[];
  /** The same as a tree, and the cleaned ones that differ. */
  readonly literalPrefixes: SegmentTrie<number[]>;
  readonly cleanedPrefixes: SegmentTrie<number[]>;
  /** Prefixes that clean to `.`, the directory a relative path starts from. */
  readonly startPrefixes: number[];
}

/** An empty map for every dimension. */
function emptyNumbers(): Record<Dimension, Map<string, number>> {
  const entries = DIMENSIONS.map((dimension) => [dimension, new Map<string, number>()]);
  return Object.fromEntries(entries);
}

/** A table without numbers. */
export function emptyFactTable(rules: PathRules): FactTable {
  return {
    rules,
    size: 0,
    numbers: emptyNumbers(),
    literalPaths: new Map(),
    cleanedPaths: new Map(),
    prefixes: [],
    literalPrefixes: emptySegmentTrie(),
    cleanedPrefixes: emptySegmentTrie(),
    startPrefixes: [],
  };
}

/** Adds a number to the list under a key. */
function addTo(lists: NumberLists, key: string, number: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [number]);
  else list.push(number);
}

/** Adds a number to the list at a prefix. */
function addPrefix(trie: SegmentTrie<number[]>, prefix: string, number: number): void {
  const node = segmentNode(trie, prefix);
  if (node.value === undefined) node.value = [number];
  else node.value.push(number);
}

/** Stores a new value as a path. */
function storePath(table: FactTable, value: string, number: number): void {
  const literal = literalPattern(value, table.rules);
  const cleaned = cleanedPattern(literal, table.rules);
  addTo(table.literalPaths, literal, number);
  if (cleaned !== literal) addTo(table.cleanedPaths, cleaned, number);
}

/** Stores a new value as a workspace prefix. */
function storePrefix(table: FactTable, value: string, number: number): void {
  const literal = withoutEndSlash(literalPattern(value, table.rules));
  const cleaned = cleanedPrefix(literal, table.rules);
  if (table.prefixes.length <= FEW_PREFIXES) table.prefixes.push({ directory: literal, number });
  addPrefix(table.literalPrefixes, literal, number);
  if (cleaned === ".") table.startPrefixes.push(number);
  else if (cleaned !== literal) addPrefix(table.cleanedPrefixes, cleaned, number);
}

/**
 * The number of a value, given out when it is new.
 *
 * @param table Table to change.
 * @param dimension Where the value is looked for.
 * @param value The value as the policy spells it.
 */
export function factNumber(table: FactTable, dimension: Dimension, value: string): number {
  const numbers = table.numbers[dimension];
  const known = numbers.get(value);
  if (known !== undefined) return known;
  const number = table.size++;
  numbers.set(value, number);
  if (dimension === "value") storePath(table, value, number);
  else if (dimension === "workspace") storePrefix(table, value, number);
  return number;
}
