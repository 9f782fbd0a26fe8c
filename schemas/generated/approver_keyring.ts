/**
 * Approver keyring. Generated from `schemas/v1/gate/approver_keyring.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";

/** One approver and their keys. */
export interface WireApproverKeyringApprover {
  /** Who approves. */
  readonly identity: string;
  /** Standard base64 of 32 public key bytes each. */
  readonly public_keys: readonly string[];
}

/** Which public keys speak for which approver. A trust anchor: nothing in it is optional. */
export interface WireApproverKeyring {
  /** Names the kind of document. */
  readonly schema_id: "gait.gate.approver_keyring";
  /** Version of the document form. */
  readonly schema_version: "1.0.0";
  /** Approvers; a key belongs to one of them only. */
  readonly approvers: readonly WireApproverKeyringApprover[];
}

/** Compiled schema: `non_blank`. */
export const APPROVER_KEYRING_NON_BLANK: SchemaNode = {
  type: "string",
  pattern: /[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u,
};

/** Compiled schema: `approver`. */
export const APPROVER_KEYRING_APPROVER: SchemaNode = {
  type: "object",
  required: ["identity", "public_keys"],
  properties: {
    identity: APPROVER_KEYRING_NON_BLANK,
    public_keys: {
      type: "array",
      minItems: 1,
      items: { type: "string", pattern: /^[A-Za-z0-9+\/]{42}[AEIMQUYcgkosw048]=$/u },
    },
  },
  additionalProperties: false,
};

/** Compiled schema: Approver keyring. */
export const APPROVER_KEYRING: SchemaNode = {
  type: "object",
  required: ["schema_id", "schema_version", "approvers"],
  properties: {
    schema_id: { type: "string", const: "gait.gate.approver_keyring" },
    schema_version: { type: "string", const: "1.0.0" },
    approvers: { type: "array", minItems: 1, items: APPROVER_KEYRING_APPROVER },
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/approver_keyring.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateApproverKeyring(value: unknown): Finding[] {
  return validate(APPROVER_KEYRING, value);
}
