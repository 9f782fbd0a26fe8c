/**
 * The index over the `match` blocks of a policy.
 *
 * Every rule is posted under the values of its rarest condition, so that an intent only meets rules with
 * which it shares something uncommon. Rules whose every condition is common are kept in bit sets, one per
 * common value, which are intersected. Either way a rule that comes up is then checked in full, so the
 * index can only save work, never change the outcome.
 *
 * @module
 */

import type { PathRules } from "../intent/paths/path_forms.ts";
import type { Rule } from "../policy/policy.ts";
import { emptyFactTable, factNumber, type FactTable } from "./_fact_table.ts";
import { type Marks, newMarks } from "./_marks.ts";
import { type Condition, DELEGATION_SLOT, LIST_SLOTS, SPELLED_KEYS } from "./_match_slots.ts";
import { type BitIndex, buildBitIndex } from "./_bit_index.ts";

/** A condition with more rules per value than this is common. */
const COMMON = 24;
/** Depth of a rule that does not limit the chain. */
const UNLIMITED = 0x7fffffff;

/** A compiled index. Rules are named by their place in the policy. */
export interface MatchIndex {
  readonly table: FactTable;
  readonly marks: Marks;
  /** Conditions of all rules: slot, count, numbers, and so on; -1 ends a rule. */
  readonly program: Int32Array;
  /** Where the conditions of a rule begin. */
  readonly start: Int32Array;
  readonly maxDepth: Int32Array;
  /** 1 when the effect is `allow`, so that both readings are needed (G1). */
  readonly isAllow: Uint8Array;
  /** Rules posted under a fact: `posted[postStart[n]]` up to `posted[postStart[n + 1]]`, ascending. */
  readonly posted: Int32Array;
  readonly postStart: Int32Array;
  readonly bits: BitIndex | undefined;
  /** First rule without conditions, or the number of rules. */
  readonly catchAll: number;
}

/** Conditions of one rule in the order in which they are tried. */
function conditionsOf(rule: Rule, table: FactTable): Condition[] {
  const conditions: Condition[] = [];
  for (const [slot, { key, dimension }] of LIST_SLOTS.entries()) {
    const values = rule.match[key];
    if (values.length === 0) continue;
    conditions.push({ slot, numbers: values.map((value) => factNumber(table, dimension, value)) });
  }
  if (rule.match.require_delegation || rule.match.max_delegation_depth !== undefined) {
    conditions.push({ slot: DELEGATION_SLOT, numbers: [factNumber(table, "delegation", "")] });
  }
  return conditions;
}

/** Whether spelling or declaration can make a difference to a match block. */
function dependsOnReading(rule: Rule): boolean {
  return SPELLED_KEYS.some((key) => rule.match[key].length > 0);
}

/**
 * Places of the rules that can win. A rule with the same match block as an earlier one never does, unless
 * the earlier one is an allow rule that an odd spelling may keep from matching.
 */
function liveRules(rules: readonly Rule[]): number[] {
  const seen = new Set<string>();
  return rules.flatMap((rule, place) => {
    const key = JSON.stringify(rule.match);
    if (seen.has(key)) return [];
    if (rule.effect !== "allow" || !dependsOnReading(rule)) seen.add(key);
    else if (seen.has(`allow ${key}`)) return [];
    else seen.add(`allow ${key}`);
    return [place];
  });
}

/** Writes the conditions of all rules one after the other. */
function writeProgram(all: readonly (readonly Condition[])[]): {
  readonly program: Int32Array;
  readonly start: Int32Array;
} {
  const sizeOf = (list: readonly Condition[]) =>
    list.reduce((sum, { numbers }) => sum + 2 + numbers.length, 1);
  const program = new Int32Array(all.reduce((sum, list) => sum + sizeOf(list), 0));
  const start = new Int32Array(all.length);
  let at = 0;
  for (const [place, conditions] of all.entries()) {
    start[place] = at;
    for (const { slot, numbers } of conditions) {
      program[at] = slot;
      program[at + 1] = numbers.length;
      program.set(numbers, at + 2);
      at += 2 + numbers.length;
    }
    program[at++] = -1;
  }
  return { program, start };
}

/** How many conditions of the live rules ask for each fact. */
function countFacts(
  live: readonly number[],
  { all, size }: { readonly all: readonly (readonly Condition[])[]; readonly size: number },
): Int32Array {
  const counts = new Int32Array(size);
  for (const place of live) {
    for (const { numbers } of all[place] ?? []) {
      for (const number of numbers) counts[number] = (counts[number] ?? 0) + 1;
    }
  }
  return counts;
}

/** The condition whose most common value is rarest. */
function rarest(
  conditions: readonly Condition[],
  counts: Int32Array,
): { readonly condition: Condition | undefined; readonly count: number } {
  let condition: Condition | undefined;
  let count = Infinity;
  for (const candidate of conditions) {
    let most = 0;
    for (const number of candidate.numbers) most = Math.max(most, counts[number] ?? 0);
    const shorter = candidate.numbers.length < (condition?.numbers.length ?? Infinity);
    if (most < count || (most === count && shorter)) {
      condition = candidate;
      count = most;
    }
  }
  return { condition, count };
}

/** Lists of places, one per fact, laid out flat. */
function flatten(lists: ReadonlyMap<number, readonly number[]>, size: number): {
  readonly posted: Int32Array;
  readonly postStart: Int32Array;
} {
  let total = 0;
  for (const list of lists.values()) total += list.length;
  const posted = new Int32Array(total);
  const postStart = new Int32Array(size + 1);
  let at = 0;
  for (let number = 0; number < size; number++) {
    postStart[number] = at;
    const list = lists.get(number);
    if (list === undefined) continue;
    posted.set(list, at);
    at += list.length;
  }
  postStart[size] = at;
  return { posted, postStart };
}

/**
 * Compiles the match blocks of a policy.
 *
 * @param rules Rules in evaluation order.
 * @param paths Path rules of the file system.
 */
export function buildMatchIndex(rules: readonly Rule[], paths: PathRules): MatchIndex {
  const table = emptyFactTable(paths);
  const all = rules.map((rule) => conditionsOf(rule, table));
  const found = all.findIndex((conditions) => conditions.length === 0);
  const catchAll = found < 0 ? rules.length : found;
  const live = liveRules(rules).filter((place) => place < catchAll);
  const counts = countFacts(live, { all, size: table.size });
  const lists = new Map<number, number[]>();
  const common: number[] = [];
  for (const place of live) {
    const { condition, count } = rarest(all[place] ?? [], counts);
    if (count > COMMON) common.push(place);
    else {
      for (const number of condition?.numbers ?? []) {
        const list = lists.get(number);
        if (list === undefined) lists.set(number, [place]);
        else list.push(place);
      }
    }
  }
  return {
    table,
    marks: newMarks(table.size),
    ...writeProgram(all),
    maxDepth: Int32Array.from(rules, ({ match }) => {
      return Math.min(match.max_delegation_depth ?? UNLIMITED, UNLIMITED);
    }),
    isAllow: Uint8Array.from(rules, ({ effect }) => effect === "allow" ? 1 : 0),
    ...flatten(lists, table.size),
    bits: common.length === 0 ? undefined : buildBitIndex(common, { all, size: table.size }),
    catchAll,
  };
}
