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
  /** Whether the checks run at all. */
  readonly enabled: boolean;
  /** Risk classes that they run for. */
  readonly risk_classes: readonly string[];
  /** Facts that such an intent must bring. */
  readonly required_fields: readonly string[];
}

/** Conditions of a rule; all hold together, an empty list does not constrain (spec 02 §4.4). */
export interface RuleMatch {
  /** Tool names. */
  readonly tool_names: readonly string[];
  /** Risk classes of the context. */
  readonly risk_classes: readonly string[];
  /** Kinds, one of which some target must have. */
  readonly target_kinds: readonly string[];
  /** Values, one of which some target must have. */
  readonly target_values: readonly string[];
  /** Endpoint classes, one of which some target must have. */
  readonly endpoint_classes: readonly string[];
  /** Publishers of the skill that calls. */
  readonly skill_publishers: readonly string[];
  /** Sources of the skill that calls. */
  readonly skill_sources: readonly string[];
  /** Sensitivities, one of which some target must have. */
  readonly data_classes: readonly string[];
  /** Kinds of destinations. */
  readonly destination_kinds: readonly string[];
  /** Values of destinations. */
  readonly destination_values: readonly string[];
  /** Operations on destinations. */
  readonly destination_operations: readonly string[];
  /** Sources that some argument must come from. */
  readonly provenance_sources: readonly string[];
  /** Identities of the context. */
  readonly identities: readonly string[];
  /** Directories that the workspace lies in or below. */
  readonly workspace_prefixes: readonly string[];
  /** Whether the call must be delegated, with a token. */
  readonly require_delegation: boolean;
  /** Identities, one of which must delegate in the chain. */
  readonly allowed_delegator_identities: readonly string[];
  /** Identities, one of which must be delegated to. */
  readonly allowed_delegate_identities: readonly string[];
  /** Scope classes of the delegation. */
  readonly delegation_scopes: readonly string[];
  /** Longest chain; `undefined` for any. */
  readonly max_delegation_depth: number | undefined;
}

/** Limits on where a matched call may reach (spec 02 §4.5). */
export interface EndpointConstraint {
  /** Whether the constraint is in force. */
  readonly enabled: boolean;
  /** Patterns that every path must match one of. */
  readonly path_allowlist: readonly string[];
  /** Patterns that no path may match. */
  readonly path_denylist: readonly string[];
  /** Patterns that every host must match one of. */
  readonly domain_allowlist: readonly string[];
  /** Patterns that no host may match. */
  readonly domain_denylist: readonly string[];
  /** Network classes that are allowed. */
  readonly egress_classes: readonly EndpointClass[];
  /** `block` when enabled and not set; "" when disabled. */
  readonly action: ConstraintAction | "";
  /** Whether the policy text set `action` itself (divergence G4). Not in the digest. */
  readonly actionIsExplicit: boolean;
  /** What the text sets as `action` while the block is disabled: kept for the formatter only. */
  readonly unusedAction?: string;
  /** What a destructive target leads to; "" for nothing. */
  readonly destructive_action: ConstraintAction | "";
  /** Reason code of any violation. */
  readonly reason_code: string;
  /** Violation code of any violation. */
  readonly violation: string;
}

/** Limits on tainted arguments that reach a destination (spec 02 §4.6). */
export interface DataflowConstraint {
  /** Whether the constraint is in force. */
  readonly enabled: boolean;
  /** Sources that taint the call. */
  readonly tainted_sources: readonly string[];
  /** Kinds of destinations that matter. */
  readonly destination_kinds: readonly string[];
  /** Values of destinations that matter. */
  readonly destination_values: readonly string[];
  /** Operations on destinations that matter. */
  readonly destination_operations: readonly string[];
  /** "" when disabled. */
  readonly action: ConstraintAction | "";
  /** What the text sets as `action` while the block is disabled: kept for the formatter only. */
  readonly unusedAction?: string;
  /** Reason code of a tainted flow. */
  readonly reason_code: string;
  /** Violation code of a tainted flow. */
  readonly violation: string;
}

/** Fixed-window quota; off when `requests` is 0 (spec 02 §8). */
export interface RateLimit {
  /** Calls per window; 0 for no limit. */
  readonly requests: number;
  /** Length of the window. */
  readonly window: "minute" | "hour" | "";
  /** What is counted together. */
  readonly scope: "tool" | "identity" | "tool_identity" | "";
  /** What the text sets as `window` while the quota is off: kept for the formatter only. */
  readonly unusedWindow?: string;
  /** What the text sets as `scope` while the quota is off: kept for the formatter only. */
  readonly unusedScope?: string;
}

/** How approvals of a rule are spent (divergence G13). Not in the reference's digest unless set. */
export interface ApprovalRule {
  /** Whether a token is spent by the call it lets pass. */
  readonly single_use: boolean;
  /** Whether tokens stay valid even where a profile would spend them. */
  readonly reusable: boolean;
  /** Longest life of a token that this rule accepts, e.g. `1h`; "" means no limit. */
  readonly max_ttl: string;
}

/** One rule. */
export interface Rule {
  /** Unique name. */
  readonly name: string;
  /** Lower numbers come first. */
  readonly priority: number;
  /** Verdict when the rule matches. */
  readonly effect: Verdict;
  /** When the rule matches. */
  readonly match: RuleMatch;
  /** Where a matched call may reach. */
  readonly endpoint: EndpointConstraint;
  /** Which data may reach which destination. */
  readonly dataflow: DataflowConstraint;
  /** Reason codes; `matched_rule_<name>` when empty. */
  readonly reason_codes: readonly string[];
  /** Violation codes. */
  readonly violations: readonly string[];
  /** Approvals that are needed; 0 for none. */
  readonly min_approvals: number;
  /** Whether they must come from different people. */
  readonly require_distinct_approvers: boolean;
  /** Whether a credential broker must issue one. */
  readonly require_broker_credential: boolean;
  /** Reference for the broker. */
  readonly broker_reference: string;
  /** Scopes for the broker. */
  readonly broker_scopes: readonly string[];
  /** Quota of matched calls. */
  readonly rate_limit: RateLimit;
  /** How approvals are spent. */
  readonly approval: ApprovalRule;
}

/** A normalised policy; `rules` are sorted by priority, then by name. */
export interface Policy {
  /** Schema of the document. */
  readonly schema_id: "gait.gate.policy";
  /** Version of the schema. */
  readonly schema_version: "1.0.0";
  /** Verdict when no rule matches. */
  readonly default_verdict: Verdict;
  /** Refusal of high-risk intents that lack facts. */
  readonly fail_closed: FailClosed;
  /** Rules in evaluation order. */
  readonly rules: readonly Rule[];
}
