/**
 * Delegation audit record. Generated from `schemas/v1/gate/delegation_audit_record.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SHA256, SHORT_ID, TIMESTAMP } from "./values.ts";

/** One token that was examined. */
export interface WireDelegationAuditRecordEntry {
  /** Id of the token. */
  readonly token_id?: string;
  /** Who delegates. */
  readonly delegator_identity?: string;
  /** Who receives the delegation. */
  readonly delegate_identity?: string;
  /** Scopes of the token, sorted. */
  readonly scope?: readonly string[];
  /** End of validity of the token. */
  readonly expires_at?: string;
  /** Whether the token counted. */
  readonly valid: boolean;
  /** Why it did not count. */
  readonly error_code?: string;
}

/** Which delegation tokens were examined for a decision, and which counted. */
export interface WireDelegationAuditRecord {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.delegation_audit_record";
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
  /** Whether the matched rule requires delegation. */
  readonly delegation_required: boolean;
  /** Tokens that counted. */
  readonly valid_delegations: number;
  /** Whether at least one token counted. */
  readonly delegated: boolean;
  /** Ids of the tokens that counted, joined by commas. */
  readonly delegation_ref?: string;
  /** Tokens that were examined. Written as a list; null is accepted because the reference writes it. */
  readonly entries: readonly WireDelegationAuditRecordEntry[] | null;
}

/** Compiled schema: `entry`. */
export const DELEGATION_AUDIT_RECORD_ENTRY: SchemaNode = {
  type: "object",
  required: ["valid"],
  properties: {
    token_id: { type: "string" },
    delegator_identity: { type: "string" },
    delegate_identity: { type: "string" },
    scope: { type: "array", items: { type: "string" } },
    expires_at: TIMESTAMP,
    valid: { type: "boolean" },
    error_code: { type: "string" },
  },
  additionalProperties: false,
};

/** Compiled schema: Delegation audit record. */
export const DELEGATION_AUDIT_RECORD: SchemaNode = {
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
    "delegation_required",
    "valid_delegations",
    "delegated",
    "entries",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.gate.delegation_audit_record" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    trace_id: SHORT_ID,
    tool_name: { type: "string", minLength: 1 },
    intent_digest: SHA256,
    policy_digest: SHA256,
    delegation_required: { type: "boolean" },
    valid_delegations: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    delegated: { type: "boolean" },
    delegation_ref: { type: "string" },
    entries: { type: ["array", "null"], items: DELEGATION_AUDIT_RECORD_ENTRY },
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/delegation_audit_record.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateDelegationAuditRecord(value: unknown): Finding[] {
  return validate(DELEGATION_AUDIT_RECORD, value);
}
