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

/**
 * Violation that marks the trace of a simulation: nobody enforced its verdict, so no reader may count it
 * as an allow (divergence G7). Simulated decisions carry it as reason code too.
 */
export const SIMULATE_MARKER = "simulate_mode_non_enforcing";

/** On whose delegation a call was made. */
export interface DelegationRef {
  /** Ids of the tokens that granted it, joined by `,`; else the first reference that the intent names. */
  readonly delegation_token_ref?: string;
  /** Who acts, at the end of the chain. */
  readonly requester_identity?: string;
  /** Number of links of the chain. */
  readonly delegation_depth?: number;
  /** Class that the delegation is limited to, lower-case. */
  readonly scope_class?: string;
  /** Digest of the chain, 64 hex digits. */
  readonly chain_digest?: string;
  /** Reason codes that start with `delegation_`. */
  readonly reason_codes?: readonly string[];
}

/** Which skill made the call. */
export interface SkillRef {
  /** Name of the skill. */
  readonly skill_name: string;
  /** Version as the skill tells it, any format. */
  readonly skill_version?: string;
  /** Where it was installed from, e.g. `registry`. */
  readonly source: string;
  /** Who published it, as the intent claims. */
  readonly publisher: string;
  /** SHA-256 of the skill, 64 hex digits. */
  readonly digest?: string;
  /** Id of the key that signed the skill, 64 hex digits. */
  readonly signature_key_id?: string;
}

/** A trace that is not signed yet. Digests are 64 hex digits, times RFC 3339. */
export interface UnsignedTrace {
  /** Always `gait.gate.trace`. */
  readonly schema_id: string;
  /** Always `1.0.0`. */
  readonly schema_version: string;
  /** Time of the decision as the intent tells it, UTC. */
  readonly created_at: string;
  /** Wall clock at emission, UTC, nanoseconds. */
  readonly observed_at: string;
  /** Version of the program that decided. */
  readonly producer_version: string;
  /** Names the decision: same policy, intent and verdict, same id. */
  readonly trace_id: string;
  /** Names the event: one decision at one time. */
  readonly event_id?: string;
  /** 24 hex digits; the same for two runs of one command line. */
  readonly correlation_id?: string;
  /** Normalised tool name, lower-case. */
  readonly tool_name: string;
  /** SHA-256 of the normalised arguments; the arguments themselves are not in a trace. */
  readonly args_digest: string;
  /** SHA-256 of the normalised intent. */
  readonly intent_digest: string;
  /** SHA-256 of the normalised policy, whatever its comments and layout. */
  readonly policy_digest: string;
  /** `allow`, `block`, `dry_run` or `require_approval`; final, after approvals and credentials. */
  readonly verdict: string;
  /** Sorted, free of duplicates; `simulate_mode_non_enforcing` marks a simulated run. */
  readonly violations?: readonly string[];
  /** Time for evaluating the policy, ms. */
  readonly latency_ms?: number;
  /** Ids of the approval tokens that granted the call, joined by `,`. */
  readonly approval_token_ref?: string;
  /** Present when the intent carries a delegation. */
  readonly delegation_ref?: DelegationRef;
  /** Present when a skill made the call. */
  readonly skill_provenance?: SkillRef;
}

/** A trace as it lies in a file. */
export interface TraceRecord extends UnsignedTrace {
  /** Covers every other member; absent in traces that nobody signed. */
  readonly signature?: Signature;
}
