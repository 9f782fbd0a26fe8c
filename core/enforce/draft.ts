/**
 * A verdict in the making. Every stage takes a draft and returns the next one.
 *
 * @module
 */

import type { Decision } from "../gate/decision.ts";
import type { Verdict } from "../policy/policy.ts";

/** Verdict, reasons and violations so far, not yet sorted. */
export interface Draft {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly violations: readonly string[];
}

/** The draft that a decision starts with. */
export function startDraft(decision: Decision): Draft {
  return {
    verdict: decision.verdict,
    reasons: decision.reason_codes,
    violations: decision.violations,
  };
}

/** What a stage changes. */
export interface Amendment {
  readonly verdict?: Verdict;
  readonly reasons?: readonly string[];
  readonly violations?: readonly string[];
}

/** The next draft: codes are added, a verdict replaces the old one. */
export function amend(draft: Draft, change: Amendment): Draft {
  return {
    verdict: change.verdict ?? draft.verdict,
    reasons: [...draft.reasons, ...change.reasons ?? []],
    violations: [...draft.violations, ...change.violations ?? []],
  };
}
