/**
 * The index over the `match` blocks of a policy.
 *
 * Every rule is posted under the values of its rarest condition, so that an intent only meets rules with
 * which it shares something uncommon. Rules whose every condition is common are filed under the combination
 * of their values; where a rule or an intent has too many combinations, bit sets, one per common value, are
 * intersected instead. Either way a rule that comes up is then checked in full, so the index can only save
 * work, never change the outcome.
 *
 * @module
 */

import type { PathRules } from "../intent/paths/path_forms.ts";
import type { Rule } from "../policy/policy.ts";
import { type BitIndex, buildBitIndex } from "./_bit_index.ts";
import { emptyFactTable, type FactTable } from "./_fact_table.ts";
import { liveRules } from "./_live_rules.ts";
import { type Marks, newMarks } from "./_marks.ts";
import { nextAt, type Program, slotAt, writeProgram } from "./_program.ts";
import { buildTupleIndex, type FactLists, newFactLists, type TupleIndex } from "./_tuple_index.ts";

/** A condition with more rules per value than this is common. */
const COMMON = 24;

/** A compiled index. Rules are named by their place in the policy. */
export interface MatchIndex {
  readonly table: FactTable;
  readonly marks: Marks;
  readonly program: Program;
  /** 1 when the effect is `allow`, so that both readings are needed (G1). */
  readonly isAllow: Uint8Array;
  /** Rules posted under a fact: `posted[postStart[n]]` up to `posted[postStart[n + 1]]`, ascending. */
  readonly posted: Int32Array;
  readonly postStart: Int32Array;
  /** Rules filed by combination. */
  readonly tuples: TupleIndex;
  /** Bit sets over the same rules; made when an intent first has too many combinations, then kept. */
  tupleBits: BitIndex | undefined;
  /** Bit sets over the common rules that are not filed by combination. */
  readonly bits: BitIndex | undefined;
  readonly facts: FactLists;
  /** First rule without conditions, or the number of rules. */
  readonly catchAll: number;
}

/** Adds up, for each fact, the conditions of the live rules that ask for it. */
function countFacts(program: Program, live: readonly number[], size: number): Int32Array {
  const { code, start } = program;
  const counts = new Int32Array(size);
  for (const place of live) {
    for (let at = start[place] ?? 0; slotAt(program, at) >= 0; at = nextAt(program, at)) {
      for (let i = at + 2; i < nextAt(program, at); i++) {
        const number = code[i] ?? 0;
        counts[number] = (counts[number] ?? 0) + 1;
      }
    }
  }
  return counts;
}

/** Where the condition stands whose most common value is rarest; -1 when even that one is common. */
function rarestAt(program: Program, place: number, counts: Int32Array): number {
  const { code, start } = program;
  let best = -1;
  let fewest = COMMON + 1;
  let shortest = 0;
  for (let at = start[place] ?? 0; slotAt(program, at) >= 0; at = nextAt(program, at)) {
    let most = 0;
    for (let i = at + 2; i < nextAt(program, at); i++) {
      most = Math.max(most, counts[code[i] ?? 0] ?? 0);
    }
    const length = code[at + 1] ?? 0;
    if (most < fewest || (most === fewest && best >= 0 && length < shortest)) {
      best = at;
      fewest = most;
      shortest = length;
    }
  }
  return best;
}

/** The condition under which each live rule is posted, and the rules that are too common for that. */
function choosePosts(
  program: Program,
  live: readonly number[],
  size: number,
): { readonly posts: readonly (readonly [number, number])[]; readonly common: readonly number[] } {
  const counts = countFacts(program, live, size);
  const posts: (readonly [number, number])[] = [];
  const common: number[] = [];
  for (const place of live) {
    const at = rarestAt(program, place, counts);
    if (at < 0) common.push(place);
    else posts.push([place, at]);
  }
  return { posts, common };
}

/** Lays the posted rules out flat, by fact. */
function layOut(
  program: Program,
  posts: readonly (readonly [number, number])[],
  size: number,
): Pick<MatchIndex, "posted" | "postStart"> {
  const { code } = program;
  const postStart = new Int32Array(size + 1);
  for (const [, at] of posts) {
    for (let i = at + 2; i < nextAt(program, at); i++) {
      const next = (code[i] ?? 0) + 1;
      postStart[next] = (postStart[next] ?? 0) + 1;
    }
  }
  for (let n = 1; n <= size; n++) postStart[n] = (postStart[n] ?? 0) + (postStart[n - 1] ?? 0);
  const posted = new Int32Array(postStart[size] ?? 0);
  const fill = postStart.slice();
  for (const [place, at] of posts) {
    for (let i = at + 2; i < nextAt(program, at); i++) {
      const number = code[i] ?? 0;
      const slot = fill[number] ?? 0;
      posted[slot] = place;
      fill[number] = slot + 1;
    }
  }
  return { posted, postStart };
}

/** Indexes of the common rules. */
function indexCommon(
  program: Program,
  common: readonly number[],
  size: number,
): Pick<MatchIndex, "tuples" | "tupleBits" | "bits"> {
  const tuples = buildTupleIndex(program, common);
  const filed = new Set(tuples.filed);
  const rest = common.filter((place) => !filed.has(place));
  return {
    tuples,
    tupleBits: undefined,
    bits: rest.length === 0 ? undefined : buildBitIndex(program, rest, { size }),
  };
}

/** Bit sets over the rules filed by combination. */
export function tupleBitsOf(index: MatchIndex): BitIndex {
  const { program, tuples, table } = index;
  index.tupleBits ??= buildBitIndex(program, tuples.filed, { size: table.size });
  return index.tupleBits;
}

/** Place of the first rule without conditions; the number of rules when there is none. */
function findCatchAll(program: Program): number {
  const found = program.start.findIndex((at) => slotAt(program, at) < 0);
  return found < 0 ? program.start.length : found;
}

/**
 * Compiles the match blocks of a policy.
 *
 * @param rules Rules in evaluation order.
 * @param paths Path rules of the file system.
 */
export function buildMatchIndex(rules: readonly Rule[], paths: PathRules): MatchIndex {
  const table = emptyFactTable(paths);
  const program = writeProgram(rules, table);
  const isAllow = Uint8Array.from(rules, ({ effect }) => effect === "allow" ? 1 : 0);
  const catchAll = findCatchAll(program);
  const live = liveRules(program, isAllow, { limit: catchAll });
  const { posts, common } = choosePosts(program, live, table.size);
  return {
    table,
    marks: newMarks(table.size),
    program,
    isAllow,
    ...layOut(program, posts, table.size),
    ...indexCommon(program, common, table.size),
    facts: newFactLists(table),
    catchAll,
  };
}
