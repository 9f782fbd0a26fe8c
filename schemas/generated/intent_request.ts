/**
 * Intent request. Generated from `schemas/v1/gate/intent_request.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { JsonObject } from "../../core/base/json_value.ts";
import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";

/** Class of an endpoint. */
export type WireIntentRequestEndpointClass =
  | "fs.read"
  | "fs.write"
  | "fs.delete"
  | "proc.exec"
  | "net.http"
  | "net.dns"
  | "ui.click"
  | "ui.type"
  | "ui.navigate"
  | "other";

/** One thing that a call touches. */
export interface WireIntentRequestTarget {
  /** Kind of thing the call touches. */
  readonly kind:
    | "path"
    | "url"
    | "host"
    | "repo"
    | "bucket"
    | "table"
    | "queue"
    | "topic"
    | "other";
  /** Path, URL, host or name; kept as written except for surrounding white space. */
  readonly value: string;
  /** What is done to it, for example read or delete. */
  readonly operation?: string;
  /** Data class, matched by data_classes of a rule. */
  readonly sensitivity?: string;
  /** Class of endpoint; inferred from kind, operation and tool name when absent. */
  readonly endpoint_class?: WireIntentRequestEndpointClass;
  /** Host the call reaches; inferred from url and host targets when absent. */
  readonly endpoint_domain?: string;
  /** Whether the call destroys something. An inferred true cannot be cleared. */
  readonly destructive?: boolean;
}

/** Origin of one argument. */
export interface WireIntentRequestArgProvenance {
  /** Path of the argument, for example $.path. */
  readonly arg_path: string;
  /** Where the value came from. */
  readonly source: "user" | "tool_output" | "external" | "system";
  /** Reference to the source. */
  readonly source_ref?: string;
  /** Digest of the value at its source. */
  readonly integrity_digest?: string;
}

/** The skill that made a call. */
export interface WireIntentRequestSkillProvenance {
  /** Name of the skill. */
  readonly skill_name: string;
  /** Version of the skill. */
  readonly skill_version?: string;
  /** Where the skill came from, for example registry. */
  readonly source: string;
  /** Who published the skill; case is kept. */
  readonly publisher: string;
  /** Digest of the skill content. */
  readonly digest?: string;
  /** Key id that signed the skill. */
  readonly signature_key_id?: string;
}

/** One link of a delegation chain. */
export interface WireIntentRequestDelegationLink {
  /** Who delegated. */
  readonly delegator_identity: string;
  /** Who received the delegation. */
  readonly delegate_identity: string;
  /** Class of scope that was delegated. */
  readonly scope_class?: string;
  /** Id of the delegation token behind this link. */
  readonly token_ref?: string;
  /** Start of the delegation. */
  readonly issued_at?: string;
  /** End of the delegation; later than issued_at. */
  readonly expires_at?: string;
}

/** On whose behalf a call is made. */
export interface WireIntentRequestDelegation {
  /** Identity that asks for the call. */
  readonly requester_identity: string;
  /** Class of scope the call needs, for example write. */
  readonly scope_class?: string;
  /** Ids of delegation tokens that back the chain. */
  readonly token_refs?: readonly string[];
  /** Delegations from the first delegator to the requester; order counts. */
  readonly chain?: readonly WireIntentRequestDelegationLink[];
  /** Start of the delegation. */
  readonly issued_at?: string;
  /** End of the delegation; later than issued_at. */
  readonly expires_at?: string;
}

/** Circumstances of a call. Further members are tolerated and ignored. */
export interface WireIntentRequestContext {
  /** Who calls. */
  readonly identity: string;
  /** Directory or project the call belongs to. */
  readonly workspace: string;
  /** Risk of the call; low, medium, high and critical are conventional. */
  readonly risk_class: string;
  /** Session of the agent. */
  readonly session_id?: string;
  /** Request within the session. */
  readonly request_id?: string;
  /** Facts about authentication; free members. */
  readonly auth_context?: JsonObject;
  /** Scopes of credentials the caller holds. */
  readonly credential_scopes?: readonly string[];
  /** Fingerprint of the execution environment. */
  readonly environment_fingerprint?: string;
}

/** A complete tool-call intent in canonical spelling: what producers write. The gate itself accepts the wider intent_input form. */
export interface WireIntentRequest {
  /** Names the kind of record. */
  readonly schema_id: "gait.gate.intent_request";
  /** Version of the record form. */
  readonly schema_version: "1.0.0";
  /** When the intent was made; becomes created_at of the trace. */
  readonly created_at: string;
  /** Version of the program that made the intent. */
  readonly producer_version: string;
  /** Tool that is called; compared in lower case. */
  readonly tool_name: string;
  /** Arguments of the call; free members. */
  readonly args: JsonObject;
  /** Digest of the normalised args. Informative: the gate recomputes it. */
  readonly args_digest?: string;
  /** Digest of the normalised intent. Informative: the gate recomputes it. */
  readonly intent_digest?: string;
  /** What the call touches; empty when nothing is known. */
  readonly targets: readonly WireIntentRequestTarget[];
  /** Where arguments came from. */
  readonly arg_provenance?: readonly WireIntentRequestArgProvenance[];
  /** Which skill made the call. */
  readonly skill_provenance?: WireIntentRequestSkillProvenance;
  /** On whose behalf the call is made. */
  readonly delegation?: WireIntentRequestDelegation;
  /** Who calls, from where, at which risk. */
  readonly context: WireIntentRequestContext;
}

/** Compiled schema: `sha256`. */
export const INTENT_REQUEST_SHA256: SchemaNode = { type: "string", pattern: /^[0-9a-f]{64}$/u };

/** Compiled schema: `timestamp`. */
export const INTENT_REQUEST_TIMESTAMP: SchemaNode = { type: "string", format: "date-time" };

/** Compiled schema: `non_blank`. */
export const INTENT_REQUEST_NON_BLANK: SchemaNode = {
  type: "string",
  pattern: /[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u,
};

/** Compiled schema: `endpoint_class`. */
export const INTENT_REQUEST_ENDPOINT_CLASS: SchemaNode = {
  type: "string",
  enum: [
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
  ],
};

/** Compiled schema: `target`. */
export const INTENT_REQUEST_TARGET: SchemaNode = {
  type: "object",
  required: ["kind", "value"],
  properties: {
    kind: {
      type: "string",
      enum: ["path", "url", "host", "repo", "bucket", "table", "queue", "topic", "other"],
    },
    value: INTENT_REQUEST_NON_BLANK,
    operation: { type: "string" },
    sensitivity: { type: "string" },
    endpoint_class: INTENT_REQUEST_ENDPOINT_CLASS,
    endpoint_domain: { type: "string" },
    destructive: { type: "boolean" },
  },
  additionalProperties: false,
};

/** Compiled schema: `arg_provenance`. */
export const INTENT_REQUEST_ARG_PROVENANCE: SchemaNode = {
  type: "object",
  required: ["arg_path", "source"],
  properties: {
    arg_path: INTENT_REQUEST_NON_BLANK,
    source: { type: "string", enum: ["user", "tool_output", "external", "system"] },
    source_ref: { type: "string" },
    integrity_digest: INTENT_REQUEST_SHA256,
  },
  additionalProperties: false,
};

/** Compiled schema: `skill_provenance`. */
export const INTENT_REQUEST_SKILL_PROVENANCE: SchemaNode = {
  type: "object",
  required: ["skill_name", "source", "publisher"],
  properties: {
    skill_name: INTENT_REQUEST_NON_BLANK,
    skill_version: { type: "string" },
    source: INTENT_REQUEST_NON_BLANK,
    publisher: INTENT_REQUEST_NON_BLANK,
    digest: INTENT_REQUEST_SHA256,
    signature_key_id: { type: "string" },
  },
  additionalProperties: false,
};

/** Compiled schema: `delegation_link`. */
export const INTENT_REQUEST_DELEGATION_LINK: SchemaNode = {
  type: "object",
  required: ["delegator_identity", "delegate_identity"],
  properties: {
    delegator_identity: INTENT_REQUEST_NON_BLANK,
    delegate_identity: INTENT_REQUEST_NON_BLANK,
    scope_class: { type: "string" },
    token_ref: { type: "string" },
    issued_at: INTENT_REQUEST_TIMESTAMP,
    expires_at: INTENT_REQUEST_TIMESTAMP,
  },
  additionalProperties: false,
};

/** Compiled schema: `delegation`. */
export const INTENT_REQUEST_DELEGATION: SchemaNode = {
  type: "object",
  required: ["requester_identity"],
  properties: {
    requester_identity: INTENT_REQUEST_NON_BLANK,
    scope_class: { type: "string" },
    token_refs: { type: "array", items: { type: "string" } },
    chain: { type: "array", items: INTENT_REQUEST_DELEGATION_LINK },
    issued_at: INTENT_REQUEST_TIMESTAMP,
    expires_at: INTENT_REQUEST_TIMESTAMP,
  },
  additionalProperties: false,
};

/** Compiled schema: `context`. */
export const INTENT_REQUEST_CONTEXT: SchemaNode = {
  type: "object",
  required: ["identity", "workspace", "risk_class"],
  properties: {
    identity: INTENT_REQUEST_NON_BLANK,
    workspace: INTENT_REQUEST_NON_BLANK,
    risk_class: INTENT_REQUEST_NON_BLANK,
    session_id: { type: "string" },
    request_id: { type: "string" },
    auth_context: { type: "object", additionalProperties: true },
    credential_scopes: { type: "array", items: { type: "string" } },
    environment_fingerprint: { type: "string" },
  },
  additionalProperties: true,
};

/** Compiled schema: Intent request. */
export const INTENT_REQUEST: SchemaNode = {
  type: "object",
  required: [
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "tool_name",
    "args",
    "targets",
    "context",
  ],
  properties: {
    schema_id: { type: "string", const: "gait.gate.intent_request" },
    schema_version: { type: "string", const: "1.0.0" },
    created_at: INTENT_REQUEST_TIMESTAMP,
    producer_version: { type: "string" },
    tool_name: INTENT_REQUEST_NON_BLANK,
    args: { type: "object", additionalProperties: true },
    args_digest: INTENT_REQUEST_SHA256,
    intent_digest: INTENT_REQUEST_SHA256,
    targets: { type: "array", items: INTENT_REQUEST_TARGET },
    arg_provenance: { type: "array", items: INTENT_REQUEST_ARG_PROVENANCE },
    skill_provenance: INTENT_REQUEST_SKILL_PROVENANCE,
    delegation: INTENT_REQUEST_DELEGATION,
    context: INTENT_REQUEST_CONTEXT,
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/intent_request.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateIntentRequest(value: unknown): Finding[] {
  return validate(INTENT_REQUEST, value);
}
