/**
 * Finds rules by all of their values at once. Meant for rules of which every single value is common, while
 * the combination is not: ten tools, ten teams, ten risk classes and ten data classes make ten thousand
 * rules, but one combination picks one of them.
 *
 * Rules with the same slots form a group. A key is a hash of one value per slot; two combinations may share
 * a key, since whatever comes up is checked in full.
 *
 * @module
 */

import type { FactTable } from "./_fact_table.ts";
import type { Marks } from "./_marks.ts";
import { DELEGATION_SLOT, DIMENSIONS, LIST_SLOTS } from "./_match_slots.ts";
import { mix, nextAt, type Program, slotAt } from "./_program.ts";

/** Combinations under which one rule may be filed. */
const KEYS_PER_RULE = 16;
/** Combinations that one intent may look up in a group. */
const KEYS_PER_LOOKUP = 32;
/** Groups worth a look-up for every intent. */
const GROUPS = 8;

/** Rules that constrain the same slots. */
export interface TupleGroup {
  /** Dimension of each slot, as its place in {@linkcode DIMENSIONS}. */
  readonly dimensions: readonly number[];
  /** First entry of each key. */
  readonly first: ReadonlyMap<number, number>;
  /** Rule of each entry; along a key they ascend. */
  readonly place: Int32Array;
  /** Next entry of the same key, -1 at the end. */
  readonly next: Int32Array;
}

/** Groups, and the rules that are in one. */
export interface TupleIndex {
  readonly groups: readonly TupleGroup[];
  readonly filed: readonly number[];
}

/** Place in {@linkcode DIMENSIONS} of the dimension of a slot. */
function dimensionOf(slot: number): number {
  const dimension = slot === DELEGATION_SLOT ? "delegation" : LIST_SLOTS[slot]?.dimension;
  return dimension === undefined ? -1 : DIMENSIONS.indexOf(dimension);
}

/** The key of a rule with one value per condition; -1 when it has more. */
function singleKey({ code, start }: Program, place: number): number {
  let key = 1;
  for (let at = start[place] ?? 0; (code[at] ?? -1) >= 0; at += 3) {
    if (code[at + 1] !== 1) return -1;
    key = mix(key, code[at + 2] ?? 0);
  }
  return key;
}

/** Keys of all combinations of a rule's values. */
function keysOf(program: Program, place: number): number[] {
  const single = singleKey(program, place);
  if (single >= 0) return [single];
  const { code, start } = program;
  let keys = [1];
  for (let at = start[place] ?? 0; slotAt(program, at) >= 0; at = nextAt(program, at)) {
    const longer: number[] = [];
    for (const key of keys) {
      for (let i = at + 2; i < nextAt(program, at); i++) longer.push(mix(key, code[i] ?? 0));
    }
    keys = longer;
  }
  return [...new Set(keys)];
}

/** The slots of a rule as bits; -1 when it has too many combinations to be filed. */
function signature(program: Program, place: number): number {
  let slots = 0;
  let combinations = 1;
  for (
    let at = program.start[place] ?? 0;
    slotAt(program, at) >= 0;
    at = nextAt(program, at)
  ) {
    slots |= 1 << slotAt(program, at);
    combinations *= program.code[at + 1] ?? 0;
  }
  return combinations <= KEYS_PER_RULE ? slots : -1;
}

/** Rules by the slots that they constrain, largest group first. */
function bySlots(program: Program, places: readonly number[]): number[][] {
  const groups = new Map<number, number[]>();
  for (const place of places) {
    const slots = signature(program, place);
    const group = groups.get(slots);
    if (slots < 0) continue;
    if (group === undefined) groups.set(slots, [place]);
    else group.push(place);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

/** Dimensions of the slots of a rule, in the order of its conditions. */
function dimensionsOf(program: Program, place: number): number[] {
  const dimensions: number[] = [];
  for (let at = program.start[place] ?? 0; slotAt(program, at) >= 0; at = nextAt(program, at)) {
    dimensions.push(dimensionOf(slotAt(program, at)));
  }
  return dimensions;
}

/** Files the rules of a group. */
function buildGroup(program: Program, places: readonly number[]): TupleGroup {
  const keys = places.map((place) => keysOf(program, place));
  const size = keys.reduce((sum, list) => sum + list.length, 0);
  const first = new Map<number, number>();
  const place = new Int32Array(size);
  const next = new Int32Array(size);
  let entry = 0;
  // From the last rule to the first, so that each chain begins with its first rule.
  for (let i = places.length - 1; i >= 0; i--) {
    for (const key of keys[i] ?? []) {
      place[entry] = places[i] ?? 0;
      next[entry] = first.get(key) ?? -1;
      first.set(key, entry++);
    }
  }
  return { dimensions: dimensionsOf(program, places[0] ?? 0), first, place, next };
}

/**
 * Files rules by their combinations.
 *
 * @param program Conditions of the rules.
 * @param places Places of rules whose every condition is common, ascending.
 * @returns `filed` names the rules that found room.
 */
export function buildTupleIndex(program: Program, places: readonly number[]): TupleIndex {
  const groups = bySlots(program, places).slice(0, GROUPS);
  const filed = groups.length === 1 ? groups[0] ?? [] : groups.flat().sort((a, b) => a - b);
  return { groups: groups.map((group) => buildGroup(program, group)), filed };
}

/** Scratch: the facts of one intent, sorted by dimension. */
export interface FactLists {
  /** Dimension of every fact of the policy. */
  readonly dimensionOf: Uint8Array;
  readonly sorted: Int32Array;
  /** Where the facts of a dimension begin in `sorted`; they end where the next one's begin. */
  readonly start: Int32Array;
}

/** Scratch for the facts of a policy. */
export function newFactLists({ numbers, size }: FactTable): FactLists {
  const dimensionOf = new Uint8Array(size);
  for (const [place, dimension] of DIMENSIONS.entries()) {
    for (const number of numbers[dimension].values()) dimensionOf[number] = place;
  }
  return {
    dimensionOf,
    sorted: new Int32Array(size),
    start: new Int32Array(DIMENSIONS.length + 1),
  };
}

/** Sorts the marked facts of an intent by dimension. */
export function listFacts({ dimensionOf, sorted, start }: FactLists, marks: Marks): void {
  const { touched, count } = marks;
  start.fill(0);
  for (let t = 0; t < count; t++) {
    const next = (dimensionOf[touched[t] ?? 0] ?? 0) + 1;
    start[next] = (start[next] ?? 0) + 1;
  }
  for (let d = 1; d < start.length; d++) start[d] = (start[d] ?? 0) + (start[d - 1] ?? 0);
  // Filling from behind moves each start from the end of its list to the beginning.
  for (let t = count - 1; t >= 0; t--) {
    const number = touched[t] ?? 0;
    const end = (dimensionOf[number] ?? 0) + 1;
    const at = (start[end] ?? 0) - 1;
    start[end] = at;
    sorted[at] = number;
  }
  for (let d = 0; d + 1 < start.length; d++) start[d] = start[d + 1] ?? 0;
  start[start.length - 1] = count;
}

/** Whether an intent has few enough combinations in a group. */
export function isLookable({ dimensions }: TupleGroup, { start }: FactLists): boolean {
  let product = 1;
  for (const dimension of dimensions) {
    product *= (start[dimension + 1] ?? 0) - (start[dimension] ?? 0);
  }
  return product <= KEYS_PER_LOOKUP;
}

/** A look-up under way. */
interface Lookup {
  readonly group: TupleGroup;
  readonly facts: FactLists;
  readonly matches: (place: number) => boolean;
  best: number;
}

/** Tries every value of the slot at `depth` with the key of the slots before it. */
function descend(lookup: Lookup, depth: number, key: number): void {
  const { group, facts } = lookup;
  const dimension = group.dimensions[depth];
  if (dimension === undefined) {
    let entry = group.first.get(key) ?? -1;
    for (; entry >= 0; entry = group.next[entry] ?? -1) {
      const place = group.place[entry] ?? lookup.best;
      if (place >= lookup.best) return;
      if (!lookup.matches(place)) continue;
      lookup.best = place;
      return;
    }
    return;
  }
  const end = facts.start[dimension + 1] ?? 0;
  for (let i = facts.start[dimension] ?? 0; i < end; i++) {
    descend(lookup, depth + 1, mix(key, facts.sorted[i] ?? 0));
  }
}

/**
 * The first rule of a group that matches.
 *
 * @param group A group.
 * @param facts Facts that the intent brings, by dimension.
 * @param options Places from `limit` on do not count; `matches` checks a rule in full.
 * @returns Place of the rule, or `limit`.
 */
export function lookUp(
  group: TupleGroup,
  facts: FactLists,
  { limit, matches }: { readonly limit: number; readonly matches: (place: number) => boolean },
): number {
  const lookup: Lookup = { group, facts, matches, best: limit };
  descend(lookup, 0, 1);
  return lookup.best;
}
