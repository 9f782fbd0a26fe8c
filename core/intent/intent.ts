/**
 * The normalised intent: what a tool call means, free of spelling (spec 02 §2).
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";

/** Kinds of target (spec 02 §2.2). */
export const TARGET_KINDS = [
  "path",
  "url",
  "host",
  "repo",
  "bucket",
  "table",
  "queue",
  "topic",
  "other",
] as const;
/** Kind of a target. */
export type TargetKind = typeof TARGET_KINDS[number];

/** Classes of endpoint (spec 02 §2.2). */
export const ENDPOINT_CLASSES = [
  "fs.read",
  "fs.write",
  "fs.delete",
  "proc.exec",
  "net.http",
  "net.dns",
  "ui.click",
  "ui.type",
  "ui.navigate",
  "other",
] as const;
/** Class of an endpoint. */
export type EndpointClass = typeof ENDPOINT_CLASSES[number];

/** One thing that a call touches. Empty strings mean "not given" and are omitted from digests. */
export interface Target {
  readonly kind: TargetKind;
  readonly value: string;
  readonly operation: string;
  readonly sensitivity: string;
  readonly endpoint_class: EndpointClass;
  readonly endpoint_domain: string;
  readonly destructive: boolean;
  /** Class that kind, operation and tool name imply, whatever was declared (divergence G2). Not in digests. */
  readonly inferredClass: EndpointClass;
  /** Host that the value implies, whatever was declared (divergence G2); "" when there is none. Not in digests. */
  readonly inferredDomain: string;
}

/** Where an argument came from. Empty strings mean "not given". */
export interface ArgProvenance {
  readonly arg_path: string;
  readonly source: "user" | "tool_output" | "external" | "system";
  readonly source_ref: string;
  readonly integrity_digest: string;
}

/** Which skill made the call. Empty strings mean "not given". */
export interface SkillProvenance {
  readonly skill_name: string;
  readonly skill_version: string;
  readonly source: string;
  readonly publisher: string;
  readonly digest: string;
  readonly signature_key_id: string;
}

/** One link of a delegation chain. Times are UTC text, `0001-01-01T00:00:00Z` when absent. */
export interface DelegationLink {
  readonly delegator_identity: string;
  readonly delegate_identity: string;
  readonly scope_class: string;
  readonly token_ref: string;
  readonly issued_at: string;
  readonly expires_at: string;
}

/** On whose behalf the call is made. Times are UTC text, `0001-01-01T00:00:00Z` when absent. */
export interface Delegation {
  readonly requester_identity: string;
  readonly scope_class: string;
  readonly token_refs: readonly string[];
  readonly chain: readonly DelegationLink[];
  readonly issued_at: string;
  readonly expires_at: string;
}

/** Who calls, from where, at which risk. Empty strings mean "not given". */
export interface IntentContext {
  readonly identity: string;
  readonly workspace: string;
  readonly risk_class: string;
  readonly session_id: string;
  readonly request_id: string;
  readonly auth_context: JsonObject | undefined;
  readonly credential_scopes: readonly string[];
  readonly environment_fingerprint: string;
}

/** A normalised intent. Lists are sorted and free of duplicates, except `delegation.chain`. */
export interface NormalizedIntent {
  readonly tool_name: string;
  readonly args: JsonObject;
  readonly targets: readonly Target[];
  readonly arg_provenance: readonly ArgProvenance[];
  readonly skill_provenance: SkillProvenance | undefined;
  readonly delegation: Delegation | undefined;
  readonly context: IntentContext;
  /** `created_at` as UTC text, or `1980-01-01T00:00:00Z` when the intent brings none. Not in digests. */
  readonly created_at: string;
  /** Keys inside `context` that no rule knows; tolerated with a warning (divergence P2). Not in digests. */
  readonly unknownContextKeys: readonly string[];
}
