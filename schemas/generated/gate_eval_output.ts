/**
 * Output of gate eval. Generated from `schemas/v1/cli/gate_eval_output.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { JsonObject } from "../../core/base/json_value.ts";
import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SHA256, SHORT_ID, VERDICT, type WireVerdict } from "./values.ts";

/** One warning. */
export interface WireGateEvalOutputWarning {
  /** Stable code. */
  readonly code: string;
  /** The warning, for people. */
  readonly message: string;
  /** How grave it is. */
  readonly severity?: "notice" | "warning" | "critical";
}

/** What gate eval prints with --json. Empty, zero and false members are omitted, except ok. */
export interface WireGateEvalOutput {
  /** Whether a decision was made. It says nothing about the verdict. */
  readonly ok: boolean;
  /** Profile in force. */
  readonly profile?: "standard" | "oss-prod";
  /** Final verdict; only allow permits execution. */
  readonly verdict?: WireVerdict;
  /** Reason codes, sorted. */
  readonly reason_codes?: readonly string[];
  /** Violations, sorted. */
  readonly violations?: readonly string[];
  /** Name of the rule that decided. */
  readonly matched_rule?: string;
  /** Id of the decision. */
  readonly trace_id?: string;
  /** Where the trace was written. */
  readonly trace_path?: string;
  /** Digest of the normalised policy. */
  readonly policy_digest?: string;
  /** Digest of the normalised intent. */
  readonly intent_digest?: string;
  /** Ids of the approval tokens, joined by commas. */
  readonly approval_ref?: string;
  /** Approvals the rule asks for. */
  readonly required_approvals?: number;
  /** Approvals that counted. */
  readonly valid_approvals?: number;
  /** Where the approval audit record was written. */
  readonly approval_audit_path?: string;
  /** Ids of the delegation tokens, joined by commas. */
  readonly delegation_ref?: string;
  /** Whether the matched rule requires delegation. */
  readonly delegation_required?: boolean;
  /** Delegation tokens that counted. */
  readonly valid_delegations?: number;
  /** Where the delegation audit record was written. */
  readonly delegation_audit_path?: string;
  /** What the quota counts. */
  readonly rate_limit_scope?: "tool" | "identity" | "tool_identity";
  /** Counted key within the scope. */
  readonly rate_limit_key?: string;
  /** Calls used in the window. */
  readonly rate_limit_used?: number;
  /** Calls left in the window. */
  readonly rate_limit_remaining?: number;
  /** Broker that issued a credential. */
  readonly credential_issuer?: string;
  /** Reference to the credential. */
  readonly credential_ref?: string;
  /** Where the credential record was written. */
  readonly credential_evidence_path?: string;
  /** Whether nothing was enforced. */
  readonly simulate_mode?: boolean;
  /** Whether the real verdict would have stopped the call. */
  readonly would_have_blocked?: boolean;
  /** The real verdict under simulation. */
  readonly simulated_verdict?: WireVerdict;
  /** The real reason codes under simulation. */
  readonly simulated_reason_codes?: readonly string[];
  /** How the decision came about, when asked for. */
  readonly explanation?: JsonObject;
  /** Warnings, for people. */
  readonly warnings?: readonly string[];
  /** Warnings with stable codes, in the order of warnings. */
  readonly warning_details?: readonly WireGateEvalOutputWarning[];
  /** Id derived from the command line: equal command lines have equal ids. */
  readonly correlation_id?: string;
  /** Id that is unique to this run. */
  readonly invocation_id?: string;
  /** What went wrong, for people. */
  readonly error?: string;
  /** Stable code from docs/errors.md, or of a failed token check. */
  readonly error_code?: string;
  /** Kind of failure; decides the exit code. */
  readonly error_category?:
    | "invalid_input"
    | "verification_failed"
    | "policy_blocked"
    | "approval_required"
    | "dependency_missing"
    | "io_failure"
    | "state_contention"
    | "network_transient"
    | "network_permanent"
    | "internal_failure";
  /** Whether the same request may succeed later. */
  readonly retryable?: boolean;
  /** How to mend it. */
  readonly hint?: string;
}

/** Compiled schema: `warning`. */
export const GATE_EVAL_OUTPUT_WARNING: SchemaNode = {
  type: "object",
  required: ["code", "message"],
  properties: {
    code: { type: "string", pattern: /^[a-z0-9_]+$/u },
    message: { type: "string" },
    severity: { type: "string", enum: ["notice", "warning", "critical"] },
  },
  additionalProperties: true,
};

/** Compiled schema: Output of gate eval. */
export const GATE_EVAL_OUTPUT: SchemaNode = {
  type: "object",
  required: ["ok"],
  properties: {
    ok: { type: "boolean" },
    profile: { type: "string", enum: ["standard", "oss-prod"] },
    verdict: VERDICT,
    reason_codes: { type: "array", items: { type: "string" } },
    violations: { type: "array", items: { type: "string" } },
    matched_rule: { type: "string" },
    trace_id: SHORT_ID,
    trace_path: { type: "string" },
    policy_digest: SHA256,
    intent_digest: SHA256,
    approval_ref: { type: "string" },
    required_approvals: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    valid_approvals: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    approval_audit_path: { type: "string" },
    delegation_ref: { type: "string" },
    delegation_required: { type: "boolean" },
    valid_delegations: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    delegation_audit_path: { type: "string" },
    rate_limit_scope: { type: "string", enum: ["tool", "identity", "tool_identity"] },
    rate_limit_key: { type: "string" },
    rate_limit_used: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    rate_limit_remaining: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    credential_issuer: { type: "string" },
    credential_ref: { type: "string" },
    credential_evidence_path: { type: "string" },
    simulate_mode: { type: "boolean" },
    would_have_blocked: { type: "boolean" },
    simulated_verdict: VERDICT,
    simulated_reason_codes: { type: "array", items: { type: "string" } },
    explanation: { type: "object", additionalProperties: true },
    warnings: { type: "array", items: { type: "string" } },
    warning_details: { type: "array", items: GATE_EVAL_OUTPUT_WARNING },
    correlation_id: { type: "string" },
    invocation_id: { type: "string" },
    error: { type: "string" },
    error_code: { type: "string", pattern: /^[a-z0-9_]+$/u },
    error_category: {
      type: "string",
      enum: [
        "invalid_input",
        "verification_failed",
        "policy_blocked",
        "approval_required",
        "dependency_missing",
        "io_failure",
        "state_contention",
        "network_transient",
        "network_permanent",
        "internal_failure",
      ],
    },
    retryable: { type: "boolean" },
    hint: { type: "string" },
  },
  additionalProperties: true,
};

/**
 * Checks a parsed document against `schemas/v1/cli/gate_eval_output.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateGateEvalOutput(value: unknown): Finding[] {
  return validate(GATE_EVAL_OUTPUT, value);
}
