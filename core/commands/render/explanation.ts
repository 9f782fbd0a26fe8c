/**
 * The explanation of a decision for output.
 *
 * @module
 */

import type { CompiledPolicy } from "../../gate/compile_policy.ts";
import { explain } from "../../gate/explain.ts";
import { renderExplanation } from "../../gate/render_explanation.ts";
import type { NormalizedIntent } from "../../intent/intent.ts";

/** Explanation as JSON members and as lines. */
export interface ExplanationOutput {
  readonly json: Record<string, unknown>;
  readonly text: readonly string[];
}

/** Explains what a policy says about an intent. */
export function explainForOutput(
  compiled: CompiledPolicy,
  intent: NormalizedIntent,
): ExplanationOutput {
  const explanation = explain(compiled, intent);
  const { decision } = explanation;
  return {
    json: {
      stage: explanation.stage,
      verdict: decision.verdict,
      reason_codes: decision.reason_codes,
      violations: decision.violations,
      matched_rule: decision.rule?.name ?? null,
      rules: explanation.trials,
      adjustments: explanation.adjustments,
    },
    text: renderExplanation(explanation),
  };
}
