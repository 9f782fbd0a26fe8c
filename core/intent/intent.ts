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
  /** What kind of thing it is. */
  readonly kind: TargetKind;
  /** Path, URL, host name or other name, trimmed. */
  readonly value: string;
  /** What is done to it, lower-case. */
  readonly operation: string;
  /** Data class, lower-case. */
  readonly sensitivity: string;
  /** Declared class, or the inferred one. */
  readonly endpoint_class: EndpointClass;
  /** Declared host, or the inferred one, lower-case. */
  readonly endpoint_domain: string;
  /** Whether it destroys something, declared or inferred. */
  readonly destructive: boolean;
  /** Class that kind, operation and tool name imply, whatever was declared (divergence G2). Not in digests. */
  readonly inferredClass: EndpointClass;
  /** Host that the value implies, whatever was declared (divergence G2); "" when there is none. Not in digests. */
  readonly inferredDomain: string;
}

/** Where an argument came from. Empty strings mean "not given". */
export interface ArgProvenance {
  /** Path of the argument, e.g. `$.path`. */
  readonly arg_path: string;
  /** Where it came from. */
  readonly source: "user" | "tool_output" | "external" | "system";
  /** Reference to that source. */
  readonly source_ref: string;
  /** SHA-256 of the value at its source, hex. */
  readonly integrity_digest: string;
}

/** Which skill made the call. Empty strings mean "not given". */
export interface SkillProvenance {
  /** Name of the skill. */
  readonly skill_name: string;
  /** Its version. */
  readonly skill_version: string;
  /** Where it was installed from, lower-case. */
  readonly source: string;
  /** Who published it. */
  readonly publisher: string;
  /** SHA-256 of the skill, hex. */
  readonly digest: string;
  /** Id of the key that signed it. */
  readonly signature_key_id: string;
}

/** One link of a delegation chain. Times are UTC text, `0001-01-01T00:00:00Z` when absent. */
export interface DelegationLink {
  /** Who delegates. */
  readonly delegator_identity: string;
  /** Who may act. */
  readonly delegate_identity: string;
  /** Scope class, lower-case. */
  readonly scope_class: string;
  /** Id of the token that proves it. */
  readonly token_ref: string;
  /** Start of the delegation. */
  readonly issued_at: string;
  /** End of the delegation. */
  readonly expires_at: string;
}

/** On whose behalf the call is made. Times are UTC text, `0001-01-01T00:00:00Z` when absent. */
export interface Delegation {
  /** Who makes the call. */
  readonly requester_identity: string;
  /** Scope class, lower-case. */
  readonly scope_class: string;
  /** Ids of tokens that prove it. */
  readonly token_refs: readonly string[];
  /** Links from the first delegator to the requester, in order. */
  readonly chain: readonly DelegationLink[];
  /** Start of the delegation. */
  readonly issued_at: string;
  /** End of the delegation. */
  readonly expires_at: string;
}

/** Who calls, from where, at which risk. Empty strings mean "not given". */
export interface IntentContext {
  /** Who calls. */
  readonly identity: string;
  /** Where from, with forward slashes. */
  readonly workspace: string;
  /** Risk class, lower-case. */
  readonly risk_class: string;
  /** Session that the call belongs to. */
  readonly session_id: string;
  /** Id of the request. */
  readonly request_id: string;
  /** What the caller proved about itself. */
  readonly auth_context: JsonObject | undefined;
  /** Scopes that the caller holds. */
  readonly credential_scopes: readonly string[];
  /** Fingerprint of the environment. */
  readonly environment_fingerprint: string;
}

/** A normalised intent. Lists are sorted and free of duplicates, except `delegation.chain`. */
export interface NormalizedIntent {
  /** Name of the tool, lower-case. */
  readonly tool_name: string;
  /** Arguments with trimmed texts. */
  readonly args: JsonObject;
  /** What the call touches. */
  readonly targets: readonly Target[];
  /** Where the arguments came from. */
  readonly arg_provenance: readonly ArgProvenance[];
  /** Which skill made the call. */
  readonly skill_provenance: SkillProvenance | undefined;
  /** On whose behalf the call is made. */
  readonly delegation: Delegation | undefined;
  /** Who calls, from where, at which risk. */
  readonly context: IntentContext;
  /** `created_at` as UTC text, or `1980-01-01T00:00:00Z` when the intent brings none. Not in digests. */
  readonly created_at: string;
  /** Keys inside `context` that no rule knows; tolerated with a warning (divergence P2). Not in digests. */
  readonly unknownContextKeys: readonly string[];
}
