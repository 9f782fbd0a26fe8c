/**
 * Approval token. Generated from `schemas/v1/gate/approval_token.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SIGNATURE, type WireSignature } from "./signature.ts";
import { NON_BLANK, SHA256, SHORT_ID, TIMESTAMP } from "./values.ts";

/** A signed permission for one intent under one policy. */
export interface WireApprovalToken {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.approval_token";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** When the token was minted. */
  readonly created_at: string;
  /** Version of the program that wrote the record. */
  readonly producer_version: string;
  /** Derived from the content of the token. */
  readonly token_id: string;
  /** Who approved. */
  readonly approver_identity: string;
  /** Why. */
  readonly reason_code: string;
  /** Intent the approval is for. */
  readonly intent_digest: string;
  /** Policy the approval is for. */
  readonly policy_digest: string;
  /** Chain digest the approval is bound to. */
  readonly delegation_binding_digest?: string;
  /** Scopes such as tool:<name> or *; sorted, lower case. */
  readonly scope: readonly string[];
  /** End of validity, exclusive. */
  readonly expires_at: string;
  /** Signature over the record without this member. */
  readonly signature?: WireSignature;
}

/** Compiled schema: Approval token. */
export const APPROVAL_TOKEN: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "token_id",
    "approver_identity",
    "reason_code",
    "intent_digest",
    "policy_digest",
    "scope",
    "expires_at",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.gate.approval_token" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    token_id: SHORT_ID,
    approver_identity: NON_BLANK,
    reason_code: NON_BLANK,
    intent_digest: SHA256,
    policy_digest: SHA256,
    delegation_binding_digest: SHA256,
    scope: { type: "array", minItems: 1, items: { type: "string" } },
    expires_at: TIMESTAMP,
    signature: SIGNATURE,
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/approval_token.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateApprovalToken(value: unknown): Finding[] {
  return validate(APPROVAL_TOKEN, value);
}
