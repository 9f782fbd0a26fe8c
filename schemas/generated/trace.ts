/**
 * Trace record. Generated from `schemas/v1/gate/trace.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";
import {
  INTENT_REQUEST_SKILL_PROVENANCE,
  type WireIntentRequestSkillProvenance,
} from "./intent_request.ts";
import { SIGNATURE, type WireSignature } from "./signature.ts";
import { SHA256, SHORT_ID, TIMESTAMP, VERDICT, type WireVerdict } from "./values.ts";

/** Delegation behind a call. */
export interface WireTraceDelegationRef {
  /** Ids of the granted tokens, or the first declared reference. */
  readonly delegation_token_ref?: string;
  /** Identity that asked for the call. */
  readonly requester_identity?: string;
  /** Length of the chain. */
  readonly delegation_depth?: number;
  /** Class of scope of the delegation. */
  readonly scope_class?: string;
  /** Digest of the normalised delegation. */
  readonly chain_digest?: string;
  /** Reason codes that concern the delegation. */
  readonly reason_codes?: readonly string[];
}

/** The signed record of one decision. */
export interface WireTrace {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.trace";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** Decision time: created_at of the intent, or 1980-01-01T00:00:00Z. */
  readonly created_at: string;
  /** Wall clock at emission, nanoseconds. */
  readonly observed_at: string;
  /** Version of the program that wrote the record. */
  readonly producer_version: string;
  /** Derived from policy_digest, intent_digest and verdict. */
  readonly trace_id: string;
  /** Derived from trace_id and observed_at. */
  readonly event_id?: string;
  /** Id of the invocation. */
  readonly correlation_id?: string;
  /** Normalised tool name. */
  readonly tool_name: string;
  /** Digest of the normalised args. */
  readonly args_digest: string;
  /** Digest of the normalised intent. */
  readonly intent_digest: string;
  /** Digest of the normalised policy. */
  readonly policy_digest: string;
  /** Final verdict. */
  readonly verdict: WireVerdict;
  /** Violations, sorted. */
  readonly violations?: readonly string[];
  /** Time of the policy evaluation, milliseconds. */
  readonly latency_ms?: number;
  /** Ids of the approval tokens, joined by commas. */
  readonly approval_token_ref?: string;
  /** Delegation behind the call. */
  readonly delegation_ref?: WireTraceDelegationRef;
  /** Skill that made the call. */
  readonly skill_provenance?: WireIntentRequestSkillProvenance;
  /** Signature over the record without this member. */
  readonly signature?: WireSignature;
}

/** Compiled schema: `delegation_ref`. */
export const TRACE_DELEGATION_REF: SchemaNode = {
  type: "object",
  properties: {
    delegation_token_ref: { type: "string" },
    requester_identity: { type: "string" },
    delegation_depth: { type: "integer", minimum: 0, maximum: 9007199254740991 },
    scope_class: { type: "string" },
    chain_digest: SHA256,
    reason_codes: { type: "array", items: { type: "string" } },
  },
  additionalProperties: false,
};

/** Compiled schema: Trace record. */
export const TRACE: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "observed_at",
    "producer_version",
    "trace_id",
    "tool_name",
    "args_digest",
    "intent_digest",
    "policy_digest",
    "verdict",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.gate.trace" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: TIMESTAMP,
    observed_at: TIMESTAMP,
    producer_version: { type: "string" },
    trace_id: SHORT_ID,
    event_id: SHORT_ID,
    correlation_id: { type: "string" },
    tool_name: { type: "string", minLength: 1 },
    args_digest: SHA256,
    intent_digest: SHA256,
    policy_digest: SHA256,
    verdict: VERDICT,
    violations: { type: "array", items: { type: "string" } },
    latency_ms: { type: "number", minimum: 0 },
    approval_token_ref: { type: "string" },
    delegation_ref: TRACE_DELEGATION_REF,
    skill_provenance: INTENT_REQUEST_SKILL_PROVENANCE,
    signature: SIGNATURE,
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/trace.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateTrace(value: unknown): Finding[] {
  return validate(TRACE, value);
}
