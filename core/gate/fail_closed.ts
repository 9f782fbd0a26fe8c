/**
 * Refusals for lack of facts: high-risk intents that leave something out, and inputs that cannot be
 * evaluated at all.
 *
 * @module
 */

import { lower, sortedSet, trim } from "../base/text_rules.ts";
import type { NormalizedIntent, Target } from "../intent/intent.ts";
import type { Policy } from "../policy/policy.ts";
import type { Decision } from "./decision.ts";

/** Whether a fact that `required_fields` asks for is missing; the key is the field's name. */
const MISSING: Readonly<Record<string, (intent: NormalizedIntent) => boolean>> = {
  targets: (intent) => intent.targets.length === 0,
  arg_provenance: (intent) => intent.arg_provenance.length === 0,
  endpoint_class: hasUnknownClass,
  delegation: (intent) => intent.delegation === undefined,
};

/** Whether the class that counts for a target says nothing. */
function isUnknownClass(target: Target): boolean {
  return target.endpoint_class === "other";
}

/** Whether some target has a class that says nothing. */
function hasUnknownClass(intent: NormalizedIntent): boolean {
  return intent.targets.some(isUnknownClass);
}

/**
 * A `block` that no rule made.
 *
 * @param reason Reason code.
 * @param violation Violation.
 */
export function blockDecision(reason: string, violation: string): Decision {
  return blockWith([reason], [violation]);
}

/** A `block` with several reasons. */
function blockWith(reasons: readonly string[], violations: readonly string[]): Decision {
  return {
    verdict: "block",
    reason_codes: sortedSet(reasons),
    violations: sortedSet(violations),
    rule: undefined,
    min_approvals: 0,
  };
}

/**
 * Blocks an intent of a guarded risk class that leaves out required facts (spec 02 §6 step 3). Any target
 * whose class is `other` is refused whether or not `required_fields` names `endpoint_class`.
 *
 * @param policy A normalised policy.
 * @param intent A normalised intent.
 * @returns `undefined` when nothing is missing or the risk class is not guarded.
 */
export function failClosedDecision(
  policy: Policy,
  intent: NormalizedIntent,
): Decision | undefined {
  const { enabled, risk_classes, required_fields } = policy.fail_closed;
  if (!enabled || !risk_classes.includes(intent.context.risk_class)) return undefined;
  const missing = required_fields.filter((field) => {
    // INVARIANT: a field that this version does not know counts as missing.
    return !Object.hasOwn(MISSING, field) || MISSING[field]?.(intent) !== false;
  });
  const reasons = missing.map((field) => `fail_closed_missing_${field}`);
  const violations = missing.map((field) => `missing_${field}`);
  if (hasUnknownClass(intent)) {
    reasons.push("fail_closed_endpoint_class_unknown");
    violations.push("endpoint_class_unknown");
  }
  return reasons.length === 0 ? undefined : blockWith(reasons, violations);
}

/**
 * The decision about an intent that cannot be normalised (spec 02 §6 step 2).
 *
 * @param policy A normalised policy.
 * @param rawRiskClass `context.risk_class` as the raw intent spells it; "" when it has none.
 * @returns A block when the policy guards that risk class; `undefined` means "report the input error".
 */
export function decideUnevaluable(policy: Policy, rawRiskClass: string): Decision | undefined {
  const { enabled, risk_classes } = policy.fail_closed;
  if (!enabled || !risk_classes.includes(lower(trim(rawRiskClass)))) return undefined;
  return blockDecision("fail_closed_intent_invalid", "intent_not_evaluable");
}
