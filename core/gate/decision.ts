/**
 * The outcome of a decision, and its explanation, as values.
 *
 * @module
 */

import type { Rule, Verdict } from "../policy/policy.ts";

/** What the policy says about an intent, before approvals, credentials and quotas (spec 02 §6). */
export interface Decision {
  /** The verdict of the policy. */
  readonly verdict: Verdict;
  /** Sorted by code point, free of duplicates. */
  readonly reason_codes: readonly string[];
  /** Sorted by code point, free of duplicates. */
  readonly violations: readonly string[];
  /** The rule that decided; `undefined` when none matched or fail-closed stopped first. */
  readonly rule: Rule | undefined;
  /** Approvals that the verdict asks for; 0 when none. */
  readonly min_approvals: number;
}

/** Why one rule did not decide, or that it did. */
export interface RuleTrial {
  /** Name of the rule. */
  readonly rule: string;
  /** Its priority. */
  readonly priority: number;
  /** What became of it. */
  readonly outcome: "matched" | "not_matched" | "not_reached";
  /** Name of the first condition that failed, e.g. `tool_names`. */
  readonly failed_condition?: string;
  /** What the condition asks for (cut to a few values). */
  readonly expected?: readonly string[];
  /** What the intent brings. */
  readonly actual?: readonly string[];
}

/** How a decision came about. */
export interface Explanation {
  /** What decided. */
  readonly stage: "fail_closed" | "rule" | "default";
  /** The decision itself. */
  readonly decision: Decision;
  /** Every rule in evaluation order. */
  readonly trials: readonly RuleTrial[];
  /** One sentence for each change of the verdict after the match: dataflow, endpoint, destructive. */
  readonly adjustments: readonly string[];
}
