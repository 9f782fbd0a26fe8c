/**
 * Bit sets over the rules whose every condition is common: for each condition and value, the rules that the
 * value lets pass. Intersecting one set per condition leaves few rules to check.
 *
 * @module
 */

import { type Condition, SLOT_COUNT } from "./_match_slots.ts";

/** A value asked for by fewer rules than this gets no bit set of its own. */
const WORTH_A_SET = 16;

/** Bit sets. Bit `b` of word `w` stands for `places[w * 32 + b]`. */
export interface BitIndex {
  /** Places of the rules, ascending. */
  readonly places: Int32Array;
  readonly words: number;
  /** Slots that some rule of the index constrains. */
  readonly slots: readonly number[];
  /** By slot: rules that do not constrain it, or ask for a value without a set. */
  readonly open: readonly Int32Array[];
  /** First entry of a fact, -1 when it has none. */
  readonly entryOf: Int32Array;
  readonly entrySlot: readonly number[];
  /** Rules that a fact lets pass in a slot, open ones included. */
  readonly entryBits: readonly Int32Array[];
  /** Next entry of the same fact, -1 at the end. */
  readonly entryNext: readonly number[];
  /** Scratch: the set that applies to a slot in the current search. */
  readonly current: Int32Array[];
  /** Scratch by slot: union of several sets. */
  readonly union: Int32Array[];
}

/** Rules of each value of a slot, by their bit. */
type Members = Map<number, number[]>;

/** Bits of the rules that ask for a value in a slot, and the rules that constrain the slot at all. */
function membersOf(
  slot: number,
  conditions: readonly (readonly Condition[])[],
): Members {
  const members: Members = new Map();
  for (const [bit, list] of conditions.entries()) {
    for (const condition of list) {
      if (condition.slot !== slot) continue;
      for (const number of condition.numbers) {
        const known = members.get(number);
        if (known === undefined) members.set(number, [bit]);
        else known.push(bit);
      }
    }
  }
  return members;
}

/** Sets bits. */
function setBits(words: Int32Array, bits: Iterable<number>): void {
  for (const bit of bits) words[bit >> 5] = (words[bit >> 5] ?? 0) | (1 << (bit & 31));
}

/** Rules that pass a slot whatever the intent brings. */
function openSet(
  slot: number,
  { conditions, members, words }: {
    readonly conditions: readonly (readonly Condition[])[];
    readonly members: Members;
    readonly words: number;
  },
): Int32Array {
  const open = new Int32Array(words);
  for (const [bit, list] of conditions.entries()) {
    if (!list.some((condition) => condition.slot === slot)) setBits(open, [bit]);
  }
  for (const bits of members.values()) if (bits.length < WORTH_A_SET) setBits(open, bits);
  return open;
}

/** Union of two sets, as a new one. */
function union(a: Int32Array, b: Int32Array): Int32Array {
  return a.map((word, i) => word | (b[i] ?? 0));
}

/**
 * Builds the bit sets.
 *
 * @param common Places of the rules, ascending.
 * @param options Conditions of all rules by place, and the number of facts.
 */
export function buildBitIndex(
  common: readonly number[],
  { all, size }: { readonly all: readonly (readonly Condition[])[]; readonly size: number },
): BitIndex {
  const words = (common.length + 31) >> 5;
  const conditions = common.map((place) => all[place] ?? []);
  const slots = [...new Set(conditions.flatMap((list) => list.map(({ slot }) => slot)))];
  const open: Int32Array[] = Array.from({ length: SLOT_COUNT }, () => new Int32Array(0));
  const entryOf = new Int32Array(size).fill(-1);
  const entrySlot: number[] = [];
  const entryBits: Int32Array[] = [];
  const entryNext: number[] = [];
  for (const slot of slots) {
    const members = membersOf(slot, conditions);
    const openBits = openSet(slot, { conditions, members, words });
    open[slot] = openBits;
    for (const [number, bits] of members) {
      if (bits.length < WORTH_A_SET) continue;
      const own = new Int32Array(words);
      setBits(own, bits);
      entryNext.push(entryOf[number] ?? -1);
      entryOf[number] = entrySlot.length;
      entrySlot.push(slot);
      entryBits.push(union(own, openBits));
    }
  }
  return {
    places: Int32Array.from(common),
    words,
    slots,
    open,
    entryOf,
    entrySlot,
    entryBits,
    entryNext,
    current: [...open],
    union: open.map((set) => new Int32Array(set.length)),
  };
}
