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
  readonly dataflow: Dataflow | undefined;
  readonly endpoint: Endpoint | undefined;
  /** The outcome when no block tightens the rule; made when the rule first matches, then kept. */
  untouched: RuleOutcome | undefined;
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

/** Shared empty list. */
const NONE: readonly never[] = Object.freeze([]);

/** Approvals that a rule asks for under a verdict (spec 02 §6 step 8). */
function approvalsFor(rule: Rule, verdict: Verdict): number {
  return verdict === "require_approval" ? Math.max(1, rule.min_approvals) : rule.min_approvals;
}

/** Compiles what happens after a rule matched. */
export function compileRule(rule: Rule, rules: PathRules): CompiledRule {
  return {
    rule,
    dataflow: compileDataflow(rule.dataflow, rules),
    endpoint: compileEndpoint(rule.endpoint, rules),
    untouched: undefined,
  };
}

/** The outcome of a rule that no block tightens. It is shared between decisions, hence frozen. */
function untouchedOutcome(compiled: CompiledRule): RuleOutcome {
  if (compiled.untouched !== undefined) return compiled.untouched;
  const { rule } = compiled;
  const reasons = rule.reason_codes.length > 0 ? rule.reason_codes : [ruleReasonCode(rule.name)];
  const decision: Decision = Object.freeze({
    verdict: rule.effect,
    reason_codes: Object.freeze(codes(reasons)),
    violations: Object.freeze(codes(rule.violations)),
    rule,
    min_approvals: approvalsFor(rule, rule.effect),
  });
  compiled.untouched = { decision, adjustments: NONE };
  return compiled.untouched;
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
  if (listed.length === 0 && destructive === undefined) return;
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
  const { rule, dataflow, endpoint } = compiled;
  const untouched = untouchedOutcome(compiled);
  if (dataflow === undefined && endpoint === undefined) return untouched;
  const draft: Draft = {
    verdict: rule.effect,
    reasons: [],
    violations: [],
    adjustments: [],
  };
  if (dataflow !== undefined) applyDataflow(draft, dataflow, intent);
  if (endpoint !== undefined) applyEndpoint(draft, endpoint, intent);
  if (draft.adjustments.length === 0) return untouched;
  const plain = untouched.decision;
  const decision = {
    verdict: draft.verdict,
    reason_codes: codes([...plain.reason_codes, ...draft.reasons]),
    violations: codes([...plain.violations, ...draft.violations]),
    rule,
    min_approvals: approvalsFor(rule, draft.verdict),
  };
  return { decision, adjustments: draft.adjustments };
}
