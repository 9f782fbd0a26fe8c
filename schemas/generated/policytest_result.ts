/**
 * Policy test result. Generated from `schemas/v1/policytest/policytest_result.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SHA256, TIMESTAMP, VERDICT, type WireVerdict } from "./values.ts";

/** Outcome of a pure evaluation. Printed by policy test, with the members of the output envelope. */
export interface WirePolicytestResult {
  /** Names the kind of record. */
  readonly schema_id: "gait.policytest.result";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Decision time. */
  readonly created_at: string;
  /** Version of the program. */
  readonly producer_version?: string;
  /** Digest of the normalised policy. */
  readonly policy_digest: string;
  /** Digest of the normalised intent. */
  readonly intent_digest: string;
  /** Verdict. */
  readonly verdict: WireVerdict;
  /** Reason codes, sorted. */
  readonly reason_codes: readonly string[];
  /** Violations, sorted. */
  readonly violations?: readonly string[];
  /** Name of the rule that decided. */
  readonly matched_rule?: string;
  /** One line for people, at most 240 bytes and a suffix. */
  readonly summary: string;
  /** Whether the intent has a delegation. */
  readonly delegation_matched?: boolean;
  /** Length of the delegation chain. */
  readonly delegation_depth?: number;
  /** Scope class of the delegation. */
  readonly delegation_scope?: string;
}

/** Compiled schema: Policy test result. */
export const POLICYTEST_RESULT: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "policy_digest",
    "intent_digest",
    "verdict",
    "reason_codes",
    "summary",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.policytest.result" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    policy_digest: SHA256,
    intent_digest: SHA256,
    verdict: VERDICT,
    reason_codes: { type: "array", items: { type: "string" } },
    violations: { type: "array", items: { type: "string" } },
    matched_rule: { type: "string" },
    summary: { type: "string" },
    delegation_matched: { type: "boolean" },
    delegation_depth: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    delegation_scope: { type: "string" },
  },
  additionalProperties: true,
};

/**
 * Checks a parsed document against `schemas/v1/policytest/policytest_result.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validatePolicytestResult(value: unknown): Finding[] {
  return validate(POLICYTEST_RESULT, value);
}
