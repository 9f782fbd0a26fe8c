/**
 * Approval audit record. Generated from `schemas/v1/gate/approval_audit_record.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SHA256, SHORT_ID, TIMESTAMP } from "./values.ts";

/** One token that was examined. */
export interface WireApprovalAuditRecordEntry {
  /** Id of the token. */
  readonly token_id?: string;
  /** Who approved. */
  readonly approver_identity?: string;
  /** Why. */
  readonly reason_code?: string;
  /** Scopes of the token, sorted. */
  readonly scope?: readonly string[];
  /** End of validity of the token. */
  readonly expires_at?: string;
  /** Whether the token counted. */
  readonly valid: boolean;
  /** Why it did not count. */
  readonly error_code?: string;
}

/** Which approval tokens were examined for a decision, and which counted. */
export interface WireApprovalAuditRecord {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.approval_audit_record";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Decision time. */
  readonly created_at: string;
  /** Version of the program that wrote the record. */
  readonly producer_version: string;
  /** Trace of the decision. */
  readonly trace_id: string;
  /** Normalised tool name. */
  readonly tool_name: string;
  /** Digest of the normalised intent. */
  readonly intent_digest: string;
  /** Digest of the normalised policy. */
  readonly policy_digest: string;
  /** Approvals the rule asks for. */
  readonly required_approvals: number;
  /** Approvals that counted. */
  readonly valid_approvals: number;
  /** Whether the approvals suffice. */
  readonly approved: boolean;
  /** Identities of the approvals that counted, sorted. */
  readonly approvers?: readonly string[];
  /** Tokens that were examined. Written as a list; null is accepted because the reference writes it. */
  readonly entries: readonly WireApprovalAuditRecordEntry[] | null;
}

/** Compiled schema: `entry`. */
export const APPROVAL_AUDIT_RECORD_ENTRY: SchemaNode = {
  type: "object",
  required: ["valid"],
  properties: {
    token_id: { type: "string" },
    approver_identity: { type: "string" },
    reason_code: { type: "string" },
    scope: { type: "array", items: { type: "string" } },
    expires_at: TIMESTAMP,
    valid: { type: "boolean" },
    error_code: { type: "string" },
  },
  additionalProperties: false,
};

/** Compiled schema: Approval audit record. */
export const APPROVAL_AUDIT_RECORD: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "trace_id",
    "tool_name",
    "intent_digest",
    "policy_digest",
    "required_approvals",
    "valid_approvals",
    "approved",
    "entries",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.gate.approval_audit_record" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    trace_id: SHORT_ID,
    tool_name: { type: "string", minLength: 1 },
    intent_digest: SHA256,
    policy_digest: SHA256,
    required_approvals: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    valid_approvals: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    approved: { type: "boolean" },
    approvers: { type: "array", items: { type: "string" } },
    entries: { type: ["array", "null"], items: APPROVAL_AUDIT_RECORD_ENTRY },
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/approval_audit_record.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateApprovalAuditRecord(value: unknown): Finding[] {
  return validate(APPROVAL_AUDIT_RECORD, value);
}
