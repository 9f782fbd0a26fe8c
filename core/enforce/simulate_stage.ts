/**
 * Simulation (spec 02 §14.3, divergence G7): says what would have happened and lets the call through, with
 * a mark in a signed field so that no reader takes the trace for a real allow.
 *
 * @module
 */

import { uniqueSorted } from "../base/text_rules.ts";
import type { Verdict } from "../policy/policy.ts";
import { SIMULATE_MARKER } from "../trace/trace_record.ts";
import type { Draft } from "./draft.ts";

/** What a simulation reports beside the draft. */
export interface Simulation {
  readonly draft: Draft;
  readonly would_have_blocked: boolean;
  readonly simulated_verdict: Verdict;
  readonly simulated_reason_codes: readonly string[];
}

/** Turns the real outcome into the reported one. */
export function simulateOutcome(draft: Draft): Simulation {
  const stopped = draft.verdict === "block" || draft.verdict === "require_approval";
  return {
    draft: {
      verdict: stopped ? "allow" : draft.verdict,
      reasons: [
        ...draft.reasons,
        SIMULATE_MARKER,
        ...(stopped ? [`simulated_${draft.verdict}`] : []),
      ],
      violations: stopped ? [] : draft.violations,
    },
    would_have_blocked: stopped,
    simulated_verdict: draft.verdict,
    simulated_reason_codes: uniqueSorted(draft.reasons),
  };
}
