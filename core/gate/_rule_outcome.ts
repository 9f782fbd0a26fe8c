/**
 * What a matched rule makes of an intent: its effect, tightened by its dataflow and endpoint blocks
 * (spec 02 §6 steps 5 to 8, divergences G2 to G4).
 *
 * @module
 */

import { sortedSet } from "../base/text_rules.ts";
import type { NormalizedIntent, Target } from "../intent/intent.ts";
import type { PathRules } from "../intent/paths/path_forms.ts";
import type { Rule, Verdict } from "../policy/policy.ts";
import { compileDataflow, type Dataflow, taintedDestination } from "./_dataflow.ts";
import { checkEndpoint, compileEndpoint, type Endpoint } from "./_endpoint.ts";
import type { Decision } from "./decision.ts";
import { ruleReasonCode } from "./rule_reason.ts";
import { stricter } from "./strictness.ts";

/** A rule ready to be applied. */
export interface CompiledRule {
  readonly rule: Rule;
  /** The decision when no block tightens it. */
  readonly plain: Decision;
  readonly dataflow: Dataflow | undefined;
  readonly endpoint: Endpoint | undefined;
}

/** One thing that a block found. */
export interface Finding {
  readonly code: string;
  /** First target that shows it. */
  readonly target: Target;
}

/** What one block of a rule did to the verdict. */
export interface Adjustment {
  readonly block: "dataflow" | "endpoint";
  readonly before: Verdict;
  readonly after: Verdict;
  readonly findings: readonly Finding[];
}

/** A decision and how the blocks of the rule changed it. */
export interface RuleOutcome {
  readonly decision: Decision;
  readonly adjustments: readonly Adjustment[];
}

/** Reasons and verdict on their way to a decision. */
interface Draft {
  verdict: Verdict;
  readonly reasons: string[];
  readonly violations: string[];
  readonly adjustments: Adjustment[];
}

/** Approvals that a rule asks for under a verdict (spec 02 §6 step 8). */
function approvalsFor(rule: Rule, verdict: Verdict): number {
  return verdict === "require_approval" ? Math.max(1, rule.min_approvals) : rule.min_approvals;
}

/** Compiles what happens after a rule matched. */
export function compileRule(rule: Rule, rules: PathRules): CompiledRule {
  const reasons = rule.reason_codes.length > 0 ? rule.reason_codes : [ruleReasonCode(rule.name)];
  return {
    rule,
    plain: Object.freeze({
      verdict: rule.effect,
      reason_codes: Object.freeze(sortedSet(reasons)),
      violations: Object.freeze(sortedSet(rule.violations)),
      rule,
      min_approvals: approvalsFor(rule, rule.effect),
    }),
    dataflow: compileDataflow(rule.dataflow, rules),
    endpoint: compileEndpoint(rule.endpoint, rules),
  };
}

/** Takes a verdict over when it is stricter, and keeps what was found. */
function tighten(
  draft: Draft,
  verdict: Verdict,
  found: Pick<Adjustment, "block" | "findings">,
): void {
  const after = stricter(draft.verdict, verdict);
  draft.adjustments.push({ ...found, before: draft.verdict, after });
  draft.verdict = after;
}

/** Applies the dataflow block. */
function applyDataflow(draft: Draft, dataflow: Dataflow, intent: NormalizedIntent): void {
  const target = taintedDestination(dataflow, intent);
  if (target === undefined) return;
  const { action, reason_code, violation } = dataflow.constraint;
  draft.reasons.push(reason_code);
  draft.violations.push(violation);
  const findings = [{ code: reason_code, target }];
  tighten(draft, action === "" ? "block" : action, { block: "dataflow", findings });
}

/** Applies the endpoint block. */
function applyEndpoint(draft: Draft, endpoint: Endpoint, intent: NormalizedIntent): void {
  const { listed, destructive, verdict } = checkEndpoint(endpoint, intent);
  const findings = [...listed];
  for (const { code } of listed) {
    draft.reasons.push(code);
    draft.violations.push(code);
  }
  if (destructive !== undefined) {
    draft.reasons.push("endpoint_destructive_operation");
    draft.violations.push("destructive_operation");
    findings.push({ code: "endpoint_destructive_operation", target: destructive });
  }
  if (findings.length === 0) return;
  draft.reasons.push(endpoint.constraint.reason_code);
  draft.violations.push(endpoint.constraint.violation);
  tighten(draft, verdict, { block: "endpoint", findings });
}

/** Sorted, without duplicates and empty ones. */
function codes(list: readonly string[]): string[] {
  return sortedSet(list.filter((code) => code !== ""));
}

/**
 * Applies a matched rule.
 *
 * @param compiled The rule.
 * @param intent A normalised intent.
 */
export function applyRule(compiled: CompiledRule, intent: NormalizedIntent): RuleOutcome {
  const { rule, plain, dataflow, endpoint } = compiled;
  const draft: Draft = {
    verdict: rule.effect,
    reasons: [],
    violations: [],
    adjustments: [],
  };
  if (dataflow !== undefined) applyDataflow(draft, dataflow, intent);
  if (endpoint !== undefined) applyEndpoint(draft, endpoint, intent);
  if (draft.adjustments.length === 0) return { decision: plain, adjustments: [] };
  const decision = {
    verdict: draft.verdict,
    reason_codes: codes([...plain.reason_codes, ...draft.reasons]),
    violations: codes([...plain.violations, ...draft.violations]),
    rule,
    min_approvals: approvalsFor(rule, draft.verdict),
  };
  return { decision, adjustments: draft.adjustments };
}
