/**
 * Policy change of a service. Generated from `schemas/v1/service/policy_change.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import { SHA256, TIMESTAMP } from "./values.ts";

/** What came of a reload of a service's policy; a detached signature stands beside it. */
export interface WirePolicyChange {
  /** Names the kind of record. */
  readonly schema_id: "gait.service.policy_change";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Time of the record, before an applied policy came into force. */
  readonly created_at: string;
  /** Version of the program that wrote the record. */
  readonly producer_version: string;
  /** Path of the policy as configured. */
  readonly policy_path: string;
  /** What asked for the reload. */
  readonly trigger: "sighup" | "watch";
  /** The new policy is in force, the old one stays, or nothing is decided. */
  readonly outcome: "applied" | "refused" | "blocked";
  /** Digest of the last policy that could be used. */
  readonly old_policy_digest: string;
  /** Digest of the policy that was read; absent when it could not be. */
  readonly new_policy_digest?: string;
  /** Why the policy was not applied. */
  readonly error_code?: string;
}

/** Compiled schema: Policy change of a service. */
export const POLICY_CHANGE: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "policy_path",
    "trigger",
    "outcome",
    "old_policy_digest",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.service.policy_change" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    producer_version: { type: "string" },
    policy_path: { type: "string", minLength: 1 },
    trigger: { type: "string", enum: ["sighup", "watch"] },
    outcome: { type: "string", enum: ["applied", "refused", "blocked"] },
    old_policy_digest: SHA256,
    new_policy_digest: SHA256,
    error_code: { type: "string", minLength: 1 },
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/service/policy_change.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validatePolicyChange(value: unknown): Finding[] {
  return validate(POLICY_CHANGE, value);
}
