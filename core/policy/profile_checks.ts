/**
 * What the `oss-prod` profile refuses in a policy (spec 02 §12.2 checks 4 and 5; divergence G14).
 *
 * @module
 */

import { shown } from "./finding.ts";
import type { Policy, Rule, Verdict } from "./policy.ts";

/** Facts about the setup around the policy. */
export interface OssProdSetup {
  /** Whether a credential broker is switched on. */
  readonly brokerConfigured: boolean;
  /** Whether every approver key is bound to an identity. */
  readonly approverKeysBound: boolean;
}

/** What the policy decided for the call at hand, before approvals and credentials. */
export interface OssProdDecision {
  /** The verdict. */
  readonly verdict: Verdict;
  /** The rule that decided; `undefined` when the default verdict or fail-closed did. */
  readonly rule: Rule | undefined;
  /** Approvals that the decision asks for. */
  readonly min_approvals: number;
}

/** One reason to refuse the setup. */
export interface OssProdFinding {
  /** Stable code; `docs/policy.md` lists them all. */
  readonly code:
    | "high_risk_rule_without_broker"
    | "high_risk_broker_off"
    | "high_risk_allow_unscoped"
    | "default_verdict_allow"
    | "approver_keys_unbound";
  /** One clause without full stop. */
  readonly message: string;
  /** Name of the rule it is about. */
  readonly rule?: string;
  /**
   * Which calls it refuses: all of them, those that the default verdict decides, or those that the named
   * rule decides. A call that is blocked anyway is never refused on the last two grounds.
   */
  readonly refuses: "every_call" | "default_decides" | "rule_decides";
}

const HIGH: readonly string[] = ["high", "critical"];

function namesHighRisk({ match }: Rule): boolean {
  return match.risk_classes.some((name) => HIGH.includes(name));
}

/** Whether the match of a rule says what may be touched, or who may call. Caller-made labels do not. */
function isScoped({ match }: Rule): boolean {
  const lists = [
    match.tool_names,
    match.target_kinds,
    match.target_values,
    match.endpoint_classes,
    match.destination_kinds,
    match.destination_values,
    match.destination_operations,
    match.identities,
    match.workspace_prefixes,
    match.skill_publishers,
    match.skill_sources,
    match.allowed_delegator_identities,
    match.allowed_delegate_identities,
    match.delegation_scopes,
  ];
  return match.require_delegation || match.max_delegation_depth !== undefined ||
    lists.some((list) => list.length > 0);
}

/** Findings about one rule that hold for every call. */
function ruleFindings(rule: Rule, setup: OssProdSetup): OssProdFinding[] {
  const base = { rule: rule.name, refuses: "every_call" } as const;
  if (rule.effect === "block") return [];
  const namesHigh = namesHighRisk(rule);
  if (namesHigh && !rule.require_broker_credential) {
    const message = "oss-prod profile requires high-risk allow/approval rules to set " +
      `require_broker_credential: true (rule ${shown(rule.name)})`;
    return [{ code: "high_risk_rule_without_broker", message, ...base }];
  }
  if (namesHigh && !setup.brokerConfigured) {
    const message = "oss-prod profile requires --credential-broker for high-risk policies " +
      `(rule ${shown(rule.name)})`;
    return [{ code: "high_risk_broker_off", message, ...base }];
  }
  const anyRisk = rule.match.risk_classes.length === 0;
  if (rule.effect === "allow" && anyRisk && !rule.require_broker_credential && !isScoped(rule)) {
    const message =
      "oss-prod profile refuses allow rules that match calls of any risk without scope " +
      `or broker credential (rule ${shown(rule.name)})`;
    return [{ code: "high_risk_allow_unscoped", message, ...base }];
  }
  return [];
}

/** `min_approvals` above one is worth nothing when one key may sign for several identities. */
function approverFindings(rule: Rule, setup: OssProdSetup): OssProdFinding[] {
  if (rule.min_approvals <= 1 || rule.effect === "block" || setup.approverKeysBound) return [];
  const message =
    "oss-prod profile requires approver keys bound to identities when min_approvals " +
    `exceeds 1 (rule ${shown(rule.name)})`;
  return [{
    code: "approver_keys_unbound",
    message,
    rule: rule.name,
    refuses: "rule_decides",
  }];
}

/**
 * Everything in a policy that `oss-prod` refuses, in the order of the checks: broker requirement, broker
 * switched on, unscoped allow rules, default verdict, approver keys.
 *
 * @param policy A normalised policy.
 * @param setup Facts about the setup around it.
 */
export function ossProdFindings(policy: Policy, setup: OssProdSetup): OssProdFinding[] {
  const order = [
    "high_risk_rule_without_broker",
    "high_risk_broker_off",
    "high_risk_allow_unscoped",
  ];
  const findings = policy.rules.flatMap((rule) => ruleFindings(rule, setup))
    .sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  if (policy.default_verdict === "allow") {
    const message = "oss-prod profile refuses default_verdict: allow";
    findings.push({ code: "default_verdict_allow", message, refuses: "default_decides" });
  }
  return [...findings, ...policy.rules.flatMap((rule) => approverFindings(rule, setup))];
}

/**
 * The findings that refuse one decision. A policy with `default_verdict: allow` still blocks what its rules
 * block; only a call that the default verdict would decide is refused.
 *
 * @param findings What {@linkcode ossProdFindings} returned.
 * @param decision What was decided for the call.
 */
export function refusalsFor(
  findings: readonly OssProdFinding[],
  decision: OssProdDecision,
): OssProdFinding[] {
  const { verdict, rule, min_approvals } = decision;
  return findings.filter((finding) => {
    if (finding.refuses === "every_call") return true;
    if (finding.refuses === "default_decides") return rule === undefined && verdict !== "block";
    return finding.rule === rule?.name && verdict !== "block" && min_approvals > 1;
  });
}
