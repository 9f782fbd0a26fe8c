/**
 * Bit sets over the rules whose every condition is common: for each condition and value, the rules that the
 * value lets pass. Intersecting one set per condition leaves few rules to check.
 *
 * @module
 */

import { SLOT_COUNT } from "./_match_slots.ts";
import { nextAt, type Program, slotAt } from "./_program.ts";

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

/** How the rules of an index fare in one slot. */
interface SlotMembers {
  /** Rules that ask for a value, by their bit. */
  readonly byValue: Map<number, number[]>;
  /** Rules that constrain the slot. */
  readonly constrained: Int32Array;
}

/** Sorts the conditions of the rules by slot. */
function membersBySlot(program: Program, places: readonly number[]): Map<number, SlotMembers> {
  const words = (places.length + 31) >> 5;
  const slots = new Map<number, SlotMembers>();
  for (const [bit, place] of places.entries()) {
    for (let at = program.start[place] ?? 0; slotAt(program, at) >= 0; at = nextAt(program, at)) {
      const slot = slotAt(program, at);
      let members = slots.get(slot);
      if (members === undefined) {
        members = { byValue: new Map(), constrained: new Int32Array(words) };
        slots.set(slot, members);
      }
      setBits(members.constrained, [bit]);
      for (let i = at + 2; i < nextAt(program, at); i++) {
        const number = program.code[i] ?? 0;
        const bits = members.byValue.get(number);
        if (bits === undefined) members.byValue.set(number, [bit]);
        else bits.push(bit);
      }
    }
  }
  return slots;
}

/** Sets bits. */
function setBits(words: Int32Array, bits: Iterable<number>): void {
  for (const bit of bits) words[bit >> 5] = (words[bit >> 5] ?? 0) | (1 << (bit & 31));
}

/** Rules that pass a slot whatever the intent brings. */
function openSet({ byValue, constrained }: SlotMembers): Int32Array {
  const open = constrained.map((word) => ~word);
  for (const bits of byValue.values()) if (bits.length < WORTH_A_SET) setBits(open, bits);
  return open;
}

/** Union of two sets, as a new one. */
function union(a: Int32Array, b: Int32Array): Int32Array {
  return a.map((word, i) => word | (b[i] ?? 0));
}

/**
 * Builds the bit sets.
 *
 * @param program Conditions of the rules.
 * @param places Places of the rules, ascending.
 * @param options Number of facts.
 */
export function buildBitIndex(
  program: Program,
  places: readonly number[],
  { size }: { readonly size: number },
): BitIndex {
  const words = (places.length + 31) >> 5;
  const slots = membersBySlot(program, places);
  const open: Int32Array[] = Array.from({ length: SLOT_COUNT }, () => new Int32Array(0));
  const entryOf = new Int32Array(size).fill(-1);
  const entrySlot: number[] = [];
  const entryBits: Int32Array[] = [];
  const entryNext: number[] = [];
  for (const [slot, members] of slots) {
    const openBits = openSet(members);
    open[slot] = openBits;
    for (const [number, bits] of members.byValue) {
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
    places: Int32Array.from(places),
    words,
    slots: [...slots.keys()],
    open,
    entryOf,
    entrySlot,
    entryBits,
    entryNext,
    current: [...open],
    union: open.map((set) => new Int32Array(set.length)),
  };
}
