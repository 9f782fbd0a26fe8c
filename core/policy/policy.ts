/**
 * The normalised policy: defaults filled in, lists sorted, rules in evaluation order (spec 02 §4).
 *
 * @module
 */

import type { EndpointClass } from "../intent/intent.ts";

/** Verdicts, from most to least permissive (spec 02 §6.7). */
export const VERDICTS = ["allow", "dry_run", "require_approval", "block"] as const;
/** A verdict. Only `allow` permits execution. */
export type Verdict = typeof VERDICTS[number];

/** What a constraint violation may turn a verdict into. */
export type ConstraintAction = "block" | "require_approval";

/** When an intent of high risk is refused for lack of facts. */
export interface FailClosed {
  readonly enabled: boolean;
  readonly risk_classes: readonly string[];
  readonly required_fields: readonly string[];
}

/** Conditions of a rule; all hold together, an empty list does not constrain (spec 02 §4.4). */
export interface RuleMatch {
  readonly tool_names: readonly string[];
  readonly risk_classes: readonly string[];
  readonly target_kinds: readonly string[];
  readonly target_values: readonly string[];
  readonly endpoint_classes: readonly string[];
  readonly skill_publishers: readonly string[];
  readonly skill_sources: readonly string[];
  readonly data_classes: readonly string[];
  readonly destination_kinds: readonly string[];
  readonly destination_values: readonly string[];
  readonly destination_operations: readonly string[];
  readonly provenance_sources: readonly string[];
  readonly identities: readonly string[];
  readonly workspace_prefixes: readonly string[];
  readonly require_delegation: boolean;
  readonly allowed_delegator_identities: readonly string[];
  readonly allowed_delegate_identities: readonly string[];
  readonly delegation_scopes: readonly string[];
  readonly max_delegation_depth: number | undefined;
}

/** Limits on where a matched call may reach (spec 02 §4.5). */
export interface EndpointConstraint {
  readonly enabled: boolean;
  readonly path_allowlist: readonly string[];
  readonly path_denylist: readonly string[];
  readonly domain_allowlist: readonly string[];
  readonly domain_denylist: readonly string[];
  readonly egress_classes: readonly EndpointClass[];
  /** `block` when enabled and not set; "" when disabled. */
  readonly action: ConstraintAction | "";
  /** Whether the policy text set `action` itself (divergence G4). Not in the digest. */
  readonly actionIsExplicit: boolean;
  /** What the text sets as `action` while the block is disabled: kept for the formatter only. */
  readonly unusedAction?: string;
  readonly destructive_action: ConstraintAction | "";
  readonly reason_code: string;
  readonly violation: string;
}

/** Limits on tainted arguments that reach a destination (spec 02 §4.6). */
export interface DataflowConstraint {
  readonly enabled: boolean;
  readonly tainted_sources: readonly string[];
  readonly destination_kinds: readonly string[];
  readonly destination_values: readonly string[];
  readonly destination_operations: readonly string[];
  /** "" when disabled. */
  readonly action: ConstraintAction | "";
  /** What the text sets as `action` while the block is disabled: kept for the formatter only. */
  readonly unusedAction?: string;
  readonly reason_code: string;
  readonly violation: string;
}

/** Fixed-window quota; off when `requests` is 0 (spec 02 §8). */
export interface RateLimit {
  readonly requests: number;
  readonly window: "minute" | "hour" | "";
  readonly scope: "tool" | "identity" | "tool_identity" | "";
  /** What the text sets as `window` while the quota is off: kept for the formatter only. */
  readonly unusedWindow?: string;
  /** What the text sets as `scope` while the quota is off: kept for the formatter only. */
  readonly unusedScope?: string;
}

/** How approvals of a rule are spent (divergence G13). Not in the reference's digest unless set. */
export interface ApprovalRule {
  readonly single_use: boolean;
  readonly reusable: boolean;
  /** Longest life of a token that this rule accepts, e.g. `1h`; "" means no limit. */
  readonly max_ttl: string;
}

/** One rule. */
export interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly effect: Verdict;
  readonly match: RuleMatch;
  readonly endpoint: EndpointConstraint;
  readonly dataflow: DataflowConstraint;
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
  readonly min_approvals: number;
  readonly require_distinct_approvers: boolean;
  readonly require_broker_credential: boolean;
  readonly broker_reference: string;
  readonly broker_scopes: readonly string[];
  readonly rate_limit: RateLimit;
  readonly approval: ApprovalRule;
}

/** A normalised policy; `rules` are sorted by priority, then by name. */
export interface Policy {
  readonly schema_id: "gait.gate.policy";
  readonly schema_version: "1.0.0";
  readonly default_verdict: Verdict;
  readonly fail_closed: FailClosed;
  readonly rules: readonly Rule[];
}
