/**
 * The record that a decision leaves behind (spec 02 §13.1). Members stand in file order; optional ones
 * are absent, never empty.
 *
 * @module
 */

import type { Signature } from "../sign/signature.ts";

/** `schema_id` of a trace. */
export const TRACE_SCHEMA_ID = "gait.gate.trace";
/** `schema_version` that is written. */
export const TRACE_SCHEMA_VERSION = "1.0.0";

/** On whose delegation a call was made. */
export interface DelegationRef {
  /** Ids of the tokens that granted it, joined by `,`; else the first reference that the intent names. */
  readonly delegation_token_ref?: string;
  readonly requester_identity?: string;
  /** Number of links of the chain. */
  readonly delegation_depth?: number;
  readonly scope_class?: string;
  /** Digest of the chain, 64 hex digits. */
  readonly chain_digest?: string;
  /** Reason codes that start with `delegation_`. */
  readonly reason_codes?: readonly string[];
}

/** Which skill made the call. */
export interface SkillRef {
  readonly skill_name: string;
  readonly skill_version?: string;
  readonly source: string;
  readonly publisher: string;
  readonly digest?: string;
  readonly signature_key_id?: string;
}

/** A trace that is not signed yet. Digests are 64 hex digits, times RFC 3339. */
export interface UnsignedTrace {
  readonly schema_id: string;
  readonly schema_version: string;
  /** Time of the decision as the intent tells it, UTC. */
  readonly created_at: string;
  /** Wall clock at emission, UTC, nanoseconds. */
  readonly observed_at: string;
  readonly producer_version: string;
  /** Names the decision: same policy, intent and verdict, same id. */
  readonly trace_id: string;
  /** Names the event: one decision at one time. */
  readonly event_id?: string;
  readonly correlation_id?: string;
  readonly tool_name: string;
  readonly args_digest: string;
  readonly intent_digest: string;
  readonly policy_digest: string;
  readonly verdict: string;
  readonly violations?: readonly string[];
  /** Time for evaluating the policy, ms. */
  readonly latency_ms?: number;
  readonly approval_token_ref?: string;
  readonly delegation_ref?: DelegationRef;
  readonly skill_provenance?: SkillRef;
}

/** A trace as it lies in a file. */
export interface TraceRecord extends UnsignedTrace {
  readonly signature?: Signature;
}
