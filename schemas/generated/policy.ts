/**
 * Policy. Generated from `schemas/v1/gate/policy.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";

/** Outcome of a decision; only allow permits execution. */
export type WirePolicyVerdict = "allow" | "block" | "dry_run" | "require_approval";

/** Class of an endpoint. */
export type WirePolicyEndpointClass =
  | "fs.read"
  | "fs.write"
  | "fs.delete"
  | "proc.exec"
  | "net.http"
  | "net.dns"
  | "ui.click"
  | "ui.type"
  | "ui.navigate"
  | "other";

/** What a violation does; empty means the default. */
export type WirePolicyAction = "block" | "require_approval" | "";

/** When a risky intent is blocked because facts are missing. */
export interface WirePolicyFailClosed {
  /** Whether the check is on; off when absent. */
  readonly enabled?: boolean;
  /** Risk classes it applies to; critical and high when enabled and empty. */
  readonly risk_classes?: readonly string[];
  /** Facts an intent must bring. */
  readonly required_fields?:
    readonly ("targets" | "arg_provenance" | "endpoint_class" | "delegation")[];
}

/** Conditions of a rule. An absent or empty list does not constrain. */
export interface WirePolicyMatch {
  /** Tool names, compared in lower case; no wildcards. */
  readonly tool_names?: readonly string[];
  /** Risk classes. */
  readonly risk_classes?: readonly string[];
  /** Kinds of target; any target may match. */
  readonly target_kinds?: readonly string[];
  /** Target values, exact. */
  readonly target_values?: readonly string[];
  /** Endpoint classes; any target may match. */
  readonly endpoint_classes?: readonly WirePolicyEndpointClass[];
  /** Publishers of the calling skill. */
  readonly skill_publishers?: readonly string[];
  /** Sources of the calling skill. */
  readonly skill_sources?: readonly string[];
  /** Sensitivity of a target. */
  readonly data_classes?: readonly string[];
  /** Kinds of target; any target may match. */
  readonly destination_kinds?: readonly string[];
  /** Target values, exact. */
  readonly destination_values?: readonly string[];
  /** Operations on a target. */
  readonly destination_operations?: readonly string[];
  /** Sources of an argument. */
  readonly provenance_sources?: readonly string[];
  /** Identities, case-sensitive. */
  readonly identities?: readonly string[];
  /** Leading path segments of the workspace. */
  readonly workspace_prefixes?: readonly string[];
  /** Whether the call must be delegated; also switches on token checks. */
  readonly require_delegation?: boolean;
  /** Delegators, any link may match. */
  readonly allowed_delegator_identities?: readonly string[];
  /** Delegates: the requester or any link. */
  readonly allowed_delegate_identities?: readonly string[];
  /** Scope classes of the delegation or any link. */
  readonly delegation_scopes?: readonly string[];
  /** Longest chain that matches; no limit when null or absent. */
  readonly max_delegation_depth?: number | null;
}

/** Limits on where a matched call may reach. */
export interface WirePolicyEndpoint {
  /** Whether the check is on; on when a list is filled or destructive_action is set. */
  readonly enabled?: boolean;
  /** Path patterns that are allowed; all others are violations. */
  readonly path_allowlist?: readonly string[];
  /** Path patterns that are violations. */
  readonly path_denylist?: readonly string[];
  /** Domain patterns that are allowed; all others are violations. */
  readonly domain_allowlist?: readonly string[];
  /** Domain patterns that are violations. */
  readonly domain_denylist?: readonly string[];
  /** Network classes that are allowed; all others are violations. */
  readonly egress_classes?: readonly ("net.http" | "net.dns")[];
  /** What a violation does; block when absent or empty. */
  readonly action?: WirePolicyAction;
  /** What a destructive target does; nothing when absent or empty. */
  readonly destructive_action?: WirePolicyAction;
  /** Reason code of a violation; endpoint_constraint_violation when absent. */
  readonly reason_code?: string;
  /** Violation reported; endpoint_constraint_violation when absent. */
  readonly violation?: string;
}

/** Limits on tainted arguments that reach a destination. */
export interface WirePolicyDataflow {
  /** Whether the check is on; on when a list is filled. */
  readonly enabled?: boolean;
  /** Sources that taint an argument; external and tool_output when empty. */
  readonly tainted_sources?: readonly string[];
  /** Kinds of target that count as destination. */
  readonly destination_kinds?: readonly string[];
  /** Target values that count as destination. */
  readonly destination_values?: readonly string[];
  /** Operations that count as destination. */
  readonly destination_operations?: readonly string[];
  /** What a violation does; require_approval when absent or empty. */
  readonly action?: WirePolicyAction;
  /** Reason code of a violation; dataflow_tainted_destination when absent. */
  readonly reason_code?: string;
  /** Violation reported; tainted_dataflow when absent. */
  readonly violation?: string;
}

/** Fixed-window quota. */
export interface WirePolicyRateLimit {
  /** Calls per window; 0 or absent switches the quota off. */
  readonly requests?: number;
  /** Fixed window; minute when absent or empty. */
  readonly window?: "minute" | "hour" | "";
  /** What is counted; tool_identity when absent or empty. */
  readonly scope?: "tool" | "identity" | "tool_identity" | "";
}

/** How approvals of a rule are spent. */
export interface WirePolicyApproval {
  /** Whether a token may be spent once only. */
  readonly single_use?: boolean;
  /** Whether a token may be reused even under the oss-prod profile. */
  readonly reusable?: boolean;
  /** Longest life of an accepted token as a duration such as 1h30m; no limit when absent or empty. */
  readonly max_ttl?: string;
}

/** One rule. */
export interface WirePolicyRule {
  /** Name of the rule, unique in the policy. */
  readonly name: string;
  /** Place in the order of rules: lower comes first; 0 when absent. */
  readonly priority?: number;
  /** Verdict when the rule matches. */
  readonly effect: WirePolicyVerdict;
  /** Conditions; all hold together. Matches everything when absent. */
  readonly match?: WirePolicyMatch;
  /** Limits on where a matched call may reach. */
  readonly endpoint?: WirePolicyEndpoint;
  /** Limits on tainted arguments that reach a destination. */
  readonly dataflow?: WirePolicyDataflow;
  /** Reason codes of the verdict; matched_rule_<name> when empty. */
  readonly reason_codes?: readonly string[];
  /** Violations reported with the verdict. */
  readonly violations?: readonly string[];
  /** Approvals the rule asks for; at least 1 when the verdict is require_approval. */
  readonly min_approvals?: number;
  /** Whether approvals must come from different people; always true when min_approvals is above 1. */
  readonly require_distinct_approvers?: boolean;
  /** Whether an allowed call needs a credential from the broker. */
  readonly require_broker_credential?: boolean;
  /** Reference passed to the broker. */
  readonly broker_reference?: string;
  /** Scopes asked of the broker. */
  readonly broker_scopes?: readonly string[];
  /** Quota of matched calls. */
  readonly rate_limit?: WirePolicyRateLimit;
  /** How approvals of this rule are spent. */
  readonly approval?: WirePolicyApproval;
}

/** The policy document that users write in YAML or JSON, in canonical spelling. Every member but name and effect of a rule has a default. */
export interface WirePolicy {
  /** Names the kind of document; this value when absent. */
  readonly schema_id?: "gait.gate.policy";
  /** Version of the document form; this value when absent. */
  readonly schema_version?: "1.0.0";
  /** Verdict when no rule matches; require_approval when absent. */
  readonly default_verdict?: WirePolicyVerdict;
  /** When a risky intent is blocked because facts are missing. */
  readonly fail_closed?: WirePolicyFailClosed;
  /** Rules, tried in order of priority and name; the first match decides. */
  readonly rules?: readonly WirePolicyRule[];
}

/** Compiled schema: `non_blank`. */
export const POLICY_NON_BLANK: SchemaNode = {
  type: "string",
  pattern: /[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u,
};

/** Compiled schema: `verdict`. */
export const POLICY_VERDICT: SchemaNode = {
  type: "string",
  enum: ["allow", "block", "dry_run", "require_approval"],
};

/** Compiled schema: `endpoint_class`. */
export const POLICY_ENDPOINT_CLASS: SchemaNode = {
  type: "string",
  enum: [
    "fs.read",
    "fs.write",
    "fs.delete",
    "proc.exec",
    "net.http",
    "net.dns",
    "ui.click",
    "ui.type",
    "ui.navigate",
    "other",
  ],
};

/** Compiled schema: `action`. */
export const POLICY_ACTION: SchemaNode = {
  type: "string",
  enum: ["block", "require_approval", ""],
};

/** Compiled schema: `fail_closed`. */
export const POLICY_FAIL_CLOSED: SchemaNode = {
  type: "object",
  properties: {
    enabled: { type: "boolean" },
    risk_classes: { type: "array", items: { type: "string" } },
    required_fields: {
      type: "array",
      items: {
        type: "string",
        enum: ["targets", "arg_provenance", "endpoint_class", "delegation"],
      },
    },
  },
  additionalProperties: false,
};

/** Compiled schema: `match`. */
export const POLICY_MATCH: SchemaNode = {
  type: "object",
  properties: {
    tool_names: { type: "array", items: { type: "string" } },
    risk_classes: { type: "array", items: { type: "string" } },
    target_kinds: { type: "array", items: { type: "string" } },
    target_values: { type: "array", items: { type: "string" } },
    endpoint_classes: { type: "array", items: POLICY_ENDPOINT_CLASS },
    skill_publishers: { type: "array", items: { type: "string" } },
    skill_sources: { type: "array", items: { type: "string" } },
    data_classes: { type: "array", items: { type: "string" } },
    destination_kinds: { type: "array", items: { type: "string" } },
    destination_values: { type: "array", items: { type: "string" } },
    destination_operations: { type: "array", items: { type: "string" } },
    provenance_sources: { type: "array", items: { type: "string" } },
    identities: { type: "array", items: { type: "string" } },
    workspace_prefixes: { type: "array", items: { type: "string" } },
    require_delegation: { type: "boolean" },
    allowed_delegator_identities: { type: "array", items: { type: "string" } },
    allowed_delegate_identities: { type: "array", items: { type: "string" } },
    delegation_scopes: { type: "array", items: { type: "string" } },
    max_delegation_depth: { type: ["integer", "null"], minimum: 0, maximum: 9007199254740991 },
  },
  additionalProperties: false,
};

/** Compiled schema: `endpoint`. */
export const POLICY_ENDPOINT: SchemaNode = {
  type: "object",
  properties: {
    enabled: { type: "boolean" },
    path_allowlist: { type: "array", items: { type: "string" } },
    path_denylist: { type: "array", items: { type: "string" } },
    domain_allowlist: { type: "array", items: { type: "string" } },
    domain_denylist: { type: "array", items: { type: "string" } },
    egress_classes: { type: "array", items: { type: "string", enum: ["net.http", "net.dns"] } },
    action: POLICY_ACTION,
    destructive_action: POLICY_ACTION,
    reason_code: { type: "string" },
    violation: { type: "string" },
  },
  additionalProperties: false,
};

/** Compiled schema: `dataflow`. */
export const POLICY_DATAFLOW: SchemaNode = {
  type: "object",
  properties: {
    enabled: { type: "boolean" },
    tainted_sources: { type: "array", items: { type: "string" } },
    destination_kinds: { type: "array", items: { type: "string" } },
    destination_values: { type: "array", items: { type: "string" } },
    destination_operations: { type: "array", items: { type: "string" } },
    action: POLICY_ACTION,
    reason_code: { type: "string" },
    violation: { type: "string" },
  },
  additionalProperties: false,
};

/** Compiled schema: `rate_limit`. */
export const POLICY_RATE_LIMIT: SchemaNode = {
  type: "object",
  properties: {
    requests: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    window: { type: "string", enum: ["minute", "hour", ""] },
    scope: { type: "string", enum: ["tool", "identity", "tool_identity", ""] },
  },
  additionalProperties: false,
};

/** Compiled schema: `approval`. */
export const POLICY_APPROVAL: SchemaNode = {
  type: "object",
  properties: {
    single_use: { type: "boolean" },
    reusable: { type: "boolean" },
    max_ttl: { type: "string", pattern: /^[0-9.a-z\u00b5\u03bc]*$/u },
  },
  additionalProperties: false,
};

/** Compiled schema: `rule`. */
export const POLICY_RULE: SchemaNode = {
  type: "object",
  required: ["name", "effect"],
  properties: {
    name: POLICY_NON_BLANK,
    priority: { type: "integer", minimum: -9007199254740991, maximum: 9007199254740991 },
    effect: POLICY_VERDICT,
    match: POLICY_MATCH,
    endpoint: POLICY_ENDPOINT,
    dataflow: POLICY_DATAFLOW,
    reason_codes: { type: "array", items: { type: "string" } },
    violations: { type: "array", items: { type: "string" } },
    min_approvals: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    require_distinct_approvers: { type: "boolean" },
    require_broker_credential: { type: "boolean" },
    broker_reference: { type: "string" },
    broker_scopes: { type: "array", items: { type: "string" } },
    rate_limit: POLICY_RATE_LIMIT,
    approval: POLICY_APPROVAL,
  },
  additionalProperties: false,
};

/** Compiled schema: Policy. */
export const POLICY: SchemaNode = {
  type: "object",
  properties: {
    schema_id: { type: "string", const: "gait.gate.policy" },
    schema_version: { type: "string", const: "1.0.0" },
    default_verdict: POLICY_VERDICT,
    fail_closed: POLICY_FAIL_CLOSED,
    rules: { type: "array", items: POLICY_RULE },
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/policy.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validatePolicy(value: unknown): Finding[] {
  return validate(POLICY, value);
}
