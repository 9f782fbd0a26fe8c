/**
 * One decision as exporters see it (spec 04 §6, divergence W9).
 *
 * @module
 */

import type { Verdict } from "../policy/policy.ts";

/** What is told about a decision. Empty texts and lists mean "none". */
export interface DecisionEvent {
  /** Time that the call names, UTC RFC 3339; 1980 when it names none. */
  readonly created_at: string;
  /** Time of the decision, UTC RFC 3339 (divergence W9). */
  readonly observed_at: string;
  /** Unique per decision (divergence W9). */
  readonly event_id: string;
  readonly producer_version: string;
  readonly run_id: string;
  readonly session_id: string;
  readonly trace_id: string;
  readonly trace_path: string;
  readonly tool_name: string;
  readonly verdict: Verdict;
  readonly reason_codes: readonly string[];
  readonly policy_digest: string;
  readonly intent_digest: string;
  /** First token reference of the delegation, else the digest of its chain. */
  readonly delegation_ref: string;
  /** Length of the delegation chain. */
  readonly delegation_depth: number;
}

/** Where decisions are told: a file, a collector. */
export interface DecisionSink {
  /** Member of the outcome that names the destination: `log_export`, `otel_export`. */
  readonly member: "log_export" | "otel_export";
  /** Path or other name of the destination, as outcomes report it. */
  readonly destination: string;
  /** Tells a decision. @throws GaitError `io_failure`, `state_contention`, … */
  tell(event: DecisionEvent): Promise<void>;
  /**
   * Tells that a decision told before was not delivered, because a later step failed (divergence W6). Best
   * effort: a failure here is not reported.
   */
  withdraw(event: DecisionEvent): Promise<void>;
}
