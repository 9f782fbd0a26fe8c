/**
 * Which rules of a policy can win at all.
 *
 * @module
 */

import { LIST_SLOTS, SPELLED_KEYS } from "./_match_slots.ts";
import { hashMatch, isSameMatch, nextAt, type Program, slotAt } from "./_program.ts";

/** Slots whose outcome may depend on spelling or declaration. */
const SPELLED_SLOTS: ReadonlySet<number> = new Set(
  SPELLED_KEYS.map((key) => LIST_SLOTS.findIndex((listed) => listed.key === key)),
);

/** Whether spelling or declaration can make a difference to a rule. */
function dependsOnReading(program: Program, place: number): boolean {
  for (let at = program.start[place] ?? 0; slotAt(program, at) >= 0; at = nextAt(program, at)) {
    if (SPELLED_SLOTS.has(slotAt(program, at))) return true;
  }
  return false;
}

/**
 * Places of the rules that can win, ascending. A rule with the same match block as an earlier one never
 * does, unless the earlier one is an allow rule that an odd spelling may keep from matching (G1) and this
 * one is not.
 *
 * @param program Conditions of the rules.
 * @param isAllow By place: 1 when the effect is `allow`.
 * @param options Rules from `limit` on are left out.
 */
export function liveRules(
  program: Program,
  isAllow: Uint8Array,
  { limit }: { readonly limit: number },
): number[] {
  const live: number[] = [];
  const newest = new Map<number, number>();
  const older = new Int32Array(limit).fill(-1);
  for (let place = 0; place < limit; place++) {
    const hash = hashMatch(program, place);
    let other = newest.get(hash) ?? -1;
    while (other >= 0 && !shadows(program, other, { place, isAllow })) other = older[other] ?? -1;
    if (other >= 0) continue;
    older[place] = newest.get(hash) ?? -1;
    newest.set(hash, place);
    live.push(place);
  }
  return live;
}

/** Whether an earlier rule always matches when a later one does. */
function shadows(
  program: Program,
  earlier: number,
  { place, isAllow }: { readonly place: number; readonly isAllow: Uint8Array },
): boolean {
  if (!isSameMatch(program, earlier, place)) return false;
  return isAllow[earlier] === 0 || isAllow[place] === 1 || !dependsOnReading(program, place);
}
