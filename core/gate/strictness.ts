/**
 * The order of verdicts. Whatever combines verdicts uses this order, so nothing can relax one.
 *
 * @module
 */

import { type Verdict, VERDICTS } from "../policy/policy.ts";

/**
 * Place of a verdict in `allow < dry_run < require_approval < block` (spec 02 §6.7).
 *
 * @param verdict A verdict.
 * @returns 0 for `allow` to 3 for `block`.
 */
export function strictness(verdict: Verdict): number {
  const rank = VERDICTS.indexOf(verdict);
  // INVARIANT: a value that is no verdict counts as the strictest one.
  return rank < 0 ? VERDICTS.length - 1 : rank;
}

/**
 * The stricter of two verdicts (divergence G3: an adjustment never relaxes).
 *
 * @param a One verdict.
 * @param b Another verdict.
 */
export function stricter(a: Verdict, b: Verdict): Verdict {
  return strictness(b) > strictness(a) ? b : a;
}
