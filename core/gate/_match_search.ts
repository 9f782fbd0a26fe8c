/**
 * Finds the first rule that matches a marked intent.
 *
 * @module
 */

import type { BitIndex } from "./_bit_index.ts";
import { FIRST, FIRST_SURE, type Marks, SECOND, SECOND_SURE } from "./_marks.ts";
import { type MatchIndex, tupleBitsOf } from "./_match_index.ts";
import { isLookable, listFacts, lookUp } from "./_tuple_index.ts";

/**
 * Which reading of the intent a search goes by. `careful` takes the safe side of each rule: an allow rule
 * needs both readings of every condition, any other rule one of them (divergence G1).
 */
export type Reading = "careful" | "first" | "second";

/** Bits that a condition needs, and whether it needs all of them. */
interface Need {
  readonly mask: number;
  readonly all: boolean;
}

const NEED_EITHER: Need = { mask: FIRST | SECOND, all: false };
const NEED_BOTH: Need = { mask: FIRST_SURE | SECOND_SURE, all: true };
const NEED_FIRST: Need = { mask: FIRST, all: false };
const NEED_SECOND: Need = { mask: SECOND, all: false };

/** What the conditions of a rule need under a reading. */
export function needOf(index: MatchIndex, place: number, reading: Reading): Need {
  if (reading === "first") return NEED_FIRST;
  if (reading === "second") return NEED_SECOND;
  return index.isAllow[place] === 1 ? NEED_BOTH : NEED_EITHER;
}

/** Bits with which an intent meets a condition that starts at an index of the program. */
function bitsAt({ program, marks }: MatchIndex, at: number): number {
  const { base, marks: list } = marks;
  const { code } = program;
  const end = at + 2 + (code[at + 1] ?? 0);
  let bits = 0;
  for (let i = at + 2; i < end; i++) {
    const mark = list[code[i] ?? 0] ?? 0;
    // A mark of an earlier intent lies below `base`.
    if (mark >= base) bits |= mark - base;
  }
  return bits;
}

/**
 * The slot of the first condition of a rule that fails; -1 when all hold.
 *
 * @param index Index whose marks hold the intent.
 * @param place Place of the rule.
 * @param reading Reading of the intent.
 */
export function failedSlot(index: MatchIndex, place: number, reading: Reading): number {
  const { code, start } = index.program;
  const { mask, all } = needOf(index, place, reading);
  let at = start[place] ?? 0;
  for (;;) {
    const slot = code[at] ?? -1;
    if (slot < 0) return -1;
    const bits = bitsAt(index, at) & mask;
    if (all ? bits !== mask : bits === 0) return slot;
    at += 2 + (code[at + 1] ?? 0);
  }
}

/** Whether the delegation chain is no longer than a rule allows. */
export function isShallow({ marks, program }: MatchIndex, place: number): boolean {
  return marks.depth <= (program.maxDepth[place] ?? 0);
}

/** Whether a rule matches. */
function matches(index: MatchIndex, place: number, reading: Reading): boolean {
  return failedSlot(index, place, reading) < 0 && isShallow(index, place);
}

/** First match among the posted rules before `limit`; `limit` when there is none. */
function searchPosted(index: MatchIndex, limit: number, reading: Reading): number {
  const { posted, postStart } = index;
  const { touched, count } = index.marks;
  let best = limit;
  for (let t = 0; t < count; t++) {
    const number = touched[t] ?? 0;
    const end = postStart[number + 1] ?? 0;
    for (let i = postStart[number] ?? 0; i < end; i++) {
      const place = posted[i] ?? best;
      if (place >= best) break;
      if (matches(index, place, reading)) {
        best = place;
        break;
      }
    }
  }
  return best;
}

/** For each slot, the rules that the marked facts let pass. */
function selectSets(bits: BitIndex, { touched, count }: Marks): readonly Int32Array[] {
  const { current, open, union, entryOf, entrySlot, entryBits, entryNext } = bits;
  for (const slot of bits.slots) current[slot] = open[slot] ?? new Int32Array(0);
  for (let t = 0; t < count; t++) {
    let entry = entryOf[touched[t] ?? 0] ?? -1;
    for (; entry >= 0; entry = entryNext[entry] ?? -1) {
      const slot = entrySlot[entry] ?? 0;
      const set = entryBits[entry];
      const sum = union[slot];
      const now = current[slot];
      if (set === undefined || sum === undefined || now === undefined) continue;
      if (now === open[slot]) current[slot] = set;
      else {
        for (let w = 0; w < set.length; w++) sum[w] = (now[w] ?? 0) | (set[w] ?? 0);
        current[slot] = sum;
      }
    }
  }
  return bits.slots.flatMap((slot) => current[slot] ?? []);
}

/** First match among the rules of some bit sets before `limit`; `limit` when there is none. */
function searchBits(
  index: MatchIndex,
  bits: BitIndex,
  { limit, reading }: { readonly limit: number; readonly reading: Reading },
): number {
  if ((bits.places[0] ?? limit) >= limit) return limit;
  const sets = selectSets(bits, index.marks);
  for (let word = 0; word < bits.words; word++) {
    let rest = -1;
    for (const set of sets) {
      rest &= set[word] ?? 0;
      if (rest === 0) break;
    }
    while (rest !== 0) {
      const bit = 31 - Math.clz32(rest & -rest);
      const place = bits.places[word * 32 + bit] ?? limit;
      if (place >= limit) return limit;
      if (matches(index, place, reading)) return place;
      rest &= rest - 1;
    }
  }
  return limit;
}

/** First match among the rules filed by combination before `limit`; `limit` when there is none. */
function searchTuples(index: MatchIndex, limit: number, reading: Reading): number {
  const { tuples, facts } = index;
  if ((tuples.filed[0] ?? limit) >= limit) return limit;
  listFacts(facts, index.marks);
  if (!tuples.groups.every((group) => isLookable(group, facts))) {
    return searchBits(index, tupleBitsOf(index), { limit, reading });
  }
  let best = limit;
  for (const group of tuples.groups) {
    best = lookUp(group, facts, {
      limit: best,
      matches: (place) => matches(index, place, reading),
    });
  }
  return best;
}

/**
 * The first rule that matches the marked intent.
 *
 * @param index Index whose marks hold the intent.
 * @param options Reading of the intent, and number of rules.
 * @returns Place of the rule, or -1.
 */
export function firstMatch(
  index: MatchIndex,
  { reading, ruleCount }: { readonly reading: Reading; readonly ruleCount: number },
): number {
  const { bits } = index;
  let place = searchPosted(index, index.catchAll, reading);
  place = searchTuples(index, place, reading);
  if (bits !== undefined) place = searchBits(index, bits, { limit: place, reading });
  return place < ruleCount ? place : -1;
}
