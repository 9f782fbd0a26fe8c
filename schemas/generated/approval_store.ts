/**
 * Approval store. Generated from `schemas/v1/gate/approval_store.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SHA256, TIMESTAMP } from "./values.ts";

/** One spent token. */
export interface WireApprovalStoreSpentToken {
  /** Digest that the token signature covers. */
  readonly signed_digest: string;
  /** Id of the token. */
  readonly token_id: string;
  /** End of validity of the token. */
  readonly expires_at: string;
  /** When it was spent. */
  readonly consumed_at: string;
}

/** Approval tokens that were spent. Read strictly: what is not exactly a store blocks. */
export interface WireApprovalStore {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.approval_store";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** When the store began. */
  readonly created_at: string;
  /** Tokens minted before this are refused, because an earlier store may have been lost. */
  readonly accepts_from?: string;
  /** Tokens that expire up to here may have been forgotten and count as expired. */
  readonly pruned_until?: string;
  /** Spent tokens, sorted by signed digest. */
  readonly spent: readonly WireApprovalStoreSpentToken[];
}

/** Compiled schema: `spent_token`. */
export const APPROVAL_STORE_SPENT_TOKEN: SchemaNode = {
  type: "object",
  required: ["signed_digest", "token_id", "expires_at", "consumed_at"],
  properties: {
    signed_digest: SHA256,
    token_id: { type: "string", minLength: 1 },
    expires_at: TIMESTAMP,
    consumed_at: TIMESTAMP,
  },
  additionalProperties: false,
};

/** Compiled schema: Approval store. */
export const APPROVAL_STORE: SchemaNode = {
  type: "object",
  required: ["schema_id", "schema_version", "created_at", "spent"],
  properties: {
    schema_id: { type: "string", const: "gait.gate.approval_store" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    accepts_from: TIMESTAMP,
    pruned_until: TIMESTAMP,
    spent: { type: "array", items: APPROVAL_STORE_SPENT_TOKEN },
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/approval_store.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateApprovalStore(value: unknown): Finding[] {
  return validate(APPROVAL_STORE, value);
}
