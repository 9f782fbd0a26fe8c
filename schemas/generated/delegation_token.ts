/**
 * Delegation token. Generated from `schemas/v1/gate/delegation_token.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SIGNATURE, type WireSignature } from "./signature.ts";
import { NON_BLANK, SHA256, SHORT_ID, TIMESTAMP } from "./values.ts";

/** A signed statement that one identity acts for another. */
export interface WireDelegationToken {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.delegation_token";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** When the token was minted. */
  readonly created_at: string;
  /** Version of the program that wrote the record. */
  readonly producer_version: string;
  /** Derived from the content of the token. */
  readonly token_id: string;
  /** Who delegates. */
  readonly delegator_identity: string;
  /** Who receives the delegation. */
  readonly delegate_identity: string;
  /** Scopes; sorted, lower case. */
  readonly scope: readonly string[];
  /** Class of scope the delegation is limited to. */
  readonly scope_class?: string;
  /** Intent the delegation is bound to; unbound when absent. */
  readonly intent_digest?: string;
  /** Policy the delegation is bound to; unbound when absent. */
  readonly policy_digest?: string;
  /** End of validity, exclusive. */
  readonly expires_at: string;
  /** Signature over the record without this member. */
  readonly signature?: WireSignature;
}

/** Compiled schema: Delegation token. */
export const DELEGATION_TOKEN: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "token_id",
    "delegator_identity",
    "delegate_identity",
    "scope",
    "expires_at",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.gate.delegation_token" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    token_id: SHORT_ID,
    delegator_identity: NON_BLANK,
    delegate_identity: NON_BLANK,
    scope: { type: "array", minItems: 1, items: { type: "string" } },
    scope_class: { type: "string" },
    intent_digest: SHA256,
    policy_digest: SHA256,
    expires_at: TIMESTAMP,
    signature: SIGNATURE,
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/delegation_token.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateDelegationToken(value: unknown): Finding[] {
  return validate(DELEGATION_TOKEN, value);
}
