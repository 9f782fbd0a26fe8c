/**
 * A tool call at the service boundary: what an adapter makes of its envelope, what a driver adds, and what
 * becomes of it. `mcp proxy` and `mcp serve` share these types and the one use case `evaluateCall`.
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json_value.ts";
import type { EnforceOutcome, EnforceRequest } from "../enforce/request.ts";
import type { DecisionEvent, DecisionSink } from "../export/decision_event.ts";
import type { NormalizedIntent } from "../intent/intent.ts";

/** Envelopes that can be read (docs/adapters.md). The first four are the reference's. */
export const ADAPTERS = [
  "mcp",
  "openai",
  "anthropic",
  "langchain",
  "openai_responses",
  "openai_agents",
  "claude_code",
  "vercel_ai",
] as const;

/** Name of an adapter. */
export type AdapterName = typeof ADAPTERS[number];

/** Members that a request may put beside any adapter's call. Their content is checked with the intent. */
export const SUPPLEMENT_MEMBERS = [
  "context",
  "targets",
  "arg_provenance",
  "skill_provenance",
  "delegation",
  "created_at",
] as const;

/** What a request says beside the call; unknown members are refused by whoever reads the request. */
export type CallSupplement = Readonly<
  Partial<Record<typeof SUPPLEMENT_MEMBERS[number], JsonValue>>
>;

/** A tool call, whichever envelope it came in. Nothing is normalised yet. */
export interface ToolCall {
  readonly adapter: AdapterName;
  /** Name as spelled. */
  readonly name: string;
  /** Arguments as spelled. */
  readonly args: JsonObject;
  /** Context as given, without `run_id`. */
  readonly context: JsonObject;
  /** Further members of the intent as given; `undefined` for absent ones. */
  readonly targets: JsonValue | undefined;
  readonly argProvenance: JsonValue | undefined;
  readonly skillProvenance: JsonValue | undefined;
  readonly delegation: JsonValue | undefined;
  readonly createdAt: JsonValue | undefined;
  /** Run id that the call itself names (`context.run_id`), as spelled; "" for none. */
  readonly runId: string;
  /** Members that no rule reads and no digest covers, sorted (divergence P2). */
  readonly ignoredMembers: readonly string[];
}

/** What fills blank context fields in the `standard` profile (spec 04 §2.1). */
export interface FallbackContext {
  readonly identity: string;
  readonly workspace: string;
  readonly risk_class: string;
}

/** The reference's fallback. */
export const FALLBACK_CONTEXT: FallbackContext = {
  identity: "mcp-proxy",
  workspace: ".",
  risk_class: "high",
};

/** A warning with a stable code (divergence C11); the frame's warnings have the same shape. */
export interface CallWarning {
  readonly code: string;
  readonly message: string;
  readonly severity: "notice" | "warning" | "critical";
}

/** Everything about a decided call, for runpacks, sessions and exporters. */
export interface CallRecord {
  readonly call: ToolCall;
  readonly intent: NormalizedIntent;
  readonly outcome: EnforceOutcome;
  readonly event: DecisionEvent;
  readonly runId: string;
  /** Session of the request, else of the call; "" for none. */
  readonly sessionId: string;
}

/** One piece of evidence that a driver added, and how to take it back. */
export interface RecordedEvidence {
  /** Path, for the outcome. */
  readonly path: string;
  readonly warnings?: readonly CallWarning[];
  /** Removes what was written, because a later step failed; absent when that is impossible. */
  undo?(): Promise<void>;
}

/** What a driver asks. */
export interface CallRequest {
  readonly call: ToolCall;
  /**
   * The enforcement path's request without the intent. `outputs.trace` is an explicit path, or "" for a
   * unique default name in `traceDirectory`.
   */
  readonly enforcement: Omit<EnforceRequest, "intent">;
  /** Directory of default trace names; "" means the working directory. */
  readonly traceDirectory: string;
  /** Name of the input, for messages. */
  readonly source: string;
  /** Adapter as the caller spelled it, lower-cased; "" when it was not given. */
  readonly adapterLabel: string;
  /** Run id of the flag or request, as spelled; "" for none. */
  readonly runId: string;
  /** Session id of the request, which wins over the call's for journal and answer; "" for none. */
  readonly sessionId: string;
  readonly fallback: FallbackContext;
  /** Context members that the transport proved and that win over the call's (divergence W10). */
  readonly provenContext?: JsonObject;
  /** Whether targets of known tools are read from their arguments when the caller gives none. */
  readonly inferTargets: boolean;
  /** The run id that a session was started with (divergence S6); `undefined` for a new session. */
  sessionRunId?(sessionId: string): Promise<string | undefined>;
  /** Writes a runpack of the call. */
  recordRunpack?(record: CallRecord): Promise<RecordedEvidence>;
  /** Appends the call to its session's journal; called only when there is a session id. */
  appendSession?(record: CallRecord): Promise<RecordedEvidence>;
  /** Exporters, in the order in which they are told. */
  readonly sinks: readonly DecisionSink[];
}

/** What became of a call. `executed` is always false: the caller enforces. */
export interface CallOutcome {
  readonly record: CallRecord;
  readonly policyDigest: string;
  readonly rawCallDigest: string;
  readonly adapterLabel: string;
  /** "" when none was written. */
  readonly runpackPath: string;
  /** Destinations by member name. */
  readonly exports: Readonly<Partial<Record<DecisionSink["member"], string>>>;
  readonly warnings: readonly CallWarning[];
}
