/**
 * Intent input. Generated from `schemas/v1/gate/intent_input.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { JsonObject } from "../../core/base/json_value.ts";
import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";

/** One thing that a call touches. */
export interface WireIntentInputTarget {
  /** Kind of thing the call touches. */
  readonly kind: string;
  /** Path, URL, host or name; kept as written except for surrounding white space. */
  readonly value: string;
  /** What is done to it, for example read or delete. */
  readonly operation?: string | null;
  /** Data class, matched by data_classes of a rule. */
  readonly sensitivity?: string | null;
  /** Class of endpoint; inferred from kind, operation and tool name when absent. */
  readonly endpoint_class?: string | null;
  /** Host the call reaches; inferred from url and host targets when absent. */
  readonly endpoint_domain?: string | null;
  /** Whether the call destroys something. An inferred true cannot be cleared. */
  readonly destructive?: boolean | null;
}

/** Origin of one argument. */
export interface WireIntentInputArgProvenance {
  /** Path of the argument, for example $.path. */
  readonly arg_path: string;
  /** Where the value came from. */
  readonly source: string;
  /** Reference to the source. */
  readonly source_ref?: string | null;
  /** Digest of the value at its source. */
  readonly integrity_digest?: string | null;
}

/** The skill that made a call. */
export interface WireIntentInputSkillProvenance {
  /** Name of the skill. */
  readonly skill_name: string;
  /** Version of the skill. */
  readonly skill_version?: string | null;
  /** Where the skill came from, for example registry. */
  readonly source: string;
  /** Who published the skill; case is kept. */
  readonly publisher: string;
  /** Digest of the skill content. */
  readonly digest?: string | null;
  /** Key id that signed the skill. */
  readonly signature_key_id?: string | null;
}

/** One link of a delegation chain. */
export interface WireIntentInputDelegationLink {
  /** Who delegated. */
  readonly delegator_identity: string;
  /** Who received the delegation. */
  readonly delegate_identity: string;
  /** Class of scope that was delegated. */
  readonly scope_class?: string | null;
  /** Id of the delegation token behind this link. */
  readonly token_ref?: string | null;
  /** Start of the delegation. */
  readonly issued_at?: string | null;
  /** End of the delegation; later than issued_at. */
  readonly expires_at?: string | null;
}

/** On whose behalf a call is made. */
export interface WireIntentInputDelegation {
  /** Identity that asks for the call. */
  readonly requester_identity: string;
  /** Class of scope the call needs, for example write. */
  readonly scope_class?: string | null;
  /** Ids of delegation tokens that back the chain. */
  readonly token_refs?: readonly (string | null)[] | null;
  /** Delegations from the first delegator to the requester; order counts. */
  readonly chain?: readonly WireIntentInputDelegationLink[] | null;
  /** Start of the delegation. */
  readonly issued_at?: string | null;
  /** End of the delegation; later than issued_at. */
  readonly expires_at?: string | null;
}

/** Circumstances of a call. Further members are tolerated with a warning. */
export interface WireIntentInputContext {
  /** Who calls. */
  readonly identity: string;
  /** Directory or project the call belongs to. */
  readonly workspace: string;
  /** Risk of the call; low, medium, high and critical are conventional. */
  readonly risk_class: string;
  /** Session of the agent. */
  readonly session_id?: string | null;
  /** Request within the session. */
  readonly request_id?: string | null;
  /** Facts about authentication; free members. */
  readonly auth_context?: JsonObject | null;
  /** Scopes of credentials the caller holds. */
  readonly credential_scopes?: readonly (string | null)[] | null;
  /** Fingerprint of the execution environment. */
  readonly environment_fingerprint?: string | null;
}

/** What the gate accepts as an intent: only tool_name and context are required, null means absent, and spelling is free wherever normalisation trims and lowers. Closed sets and hexadecimal digests are checked after normalisation. */
export interface WireIntentInput {
  /** Name of the record form; not checked. */
  readonly schema_id?: string | null;
  /** Version of the record form; not checked. */
  readonly schema_version?: string | null;
  /** When the intent was made; 1980-01-01T00:00:00Z when absent. */
  readonly created_at?: string | null;
  /** Version of the program that made the intent. */
  readonly producer_version?: string | null;
  /** Tool that is called; compared in lower case. */
  readonly tool_name: string;
  /** Arguments of the call; free members. */
  readonly args?: JsonObject | null;
  /** Ignored: the gate computes the digest. */
  readonly args_digest?: string | null;
  /** Ignored: the gate computes the digest. */
  readonly intent_digest?: string | null;
  /** What the call touches. */
  readonly targets?: readonly WireIntentInputTarget[] | null;
  /** Where arguments came from. */
  readonly arg_provenance?: readonly WireIntentInputArgProvenance[] | null;
  /** Which skill made the call. */
  readonly skill_provenance?: WireIntentInputSkillProvenance | null;
  /** On whose behalf the call is made. */
  readonly delegation?: WireIntentInputDelegation | null;
  /** Who calls, from where, at which risk. */
  readonly context: WireIntentInputContext;
}

/** Compiled schema: `non_blank`. */
export const INTENT_INPUT_NON_BLANK: SchemaNode = {
  type: "string",
  pattern: /[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u,
};

/** Compiled schema: `target`. */
export const INTENT_INPUT_TARGET: SchemaNode = {
  type: "object",
  required: ["kind", "value"],
  properties: {
    kind: INTENT_INPUT_NON_BLANK,
    value: INTENT_INPUT_NON_BLANK,
    operation: { type: ["string", "null"] },
    sensitivity: { type: ["string", "null"] },
    endpoint_class: { type: ["string", "null"] },
    endpoint_domain: { type: ["string", "null"] },
    destructive: { type: ["boolean", "null"] },
  },
  additionalProperties: false,
};

/** Compiled schema: `arg_provenance`. */
export const INTENT_INPUT_ARG_PROVENANCE: SchemaNode = {
  type: "object",
  required: ["arg_path", "source"],
  properties: {
    arg_path: INTENT_INPUT_NON_BLANK,
    source: INTENT_INPUT_NON_BLANK,
    source_ref: { type: ["string", "null"] },
    integrity_digest: { type: ["string", "null"] },
  },
  additionalProperties: false,
};

/** Compiled schema: `skill_provenance`. */
export const INTENT_INPUT_SKILL_PROVENANCE: SchemaNode = {
  type: ["object", "null"],
  required: ["skill_name", "source", "publisher"],
  properties: {
    skill_name: INTENT_INPUT_NON_BLANK,
    skill_version: { type: ["string", "null"] },
    source: INTENT_INPUT_NON_BLANK,
    publisher: INTENT_INPUT_NON_BLANK,
    digest: { type: ["string", "null"] },
    signature_key_id: { type: ["string", "null"] },
  },
  additionalProperties: false,
};

/** Compiled schema: `delegation_link`. */
export const INTENT_INPUT_DELEGATION_LINK: SchemaNode = {
  type: "object",
  required: ["delegator_identity", "delegate_identity"],
  properties: {
    delegator_identity: INTENT_INPUT_NON_BLANK,
    delegate_identity: INTENT_INPUT_NON_BLANK,
    scope_class: { type: ["string", "null"] },
    token_ref: { type: ["string", "null"] },
    issued_at: { type: ["string", "null"], format: "date-time" },
    expires_at: { type: ["string", "null"], format: "date-time" },
  },
  additionalProperties: false,
};

/** Compiled schema: `delegation`. */
export const INTENT_INPUT_DELEGATION: SchemaNode = {
  type: ["object", "null"],
  required: ["requester_identity"],
  properties: {
    requester_identity: INTENT_INPUT_NON_BLANK,
    scope_class: { type: ["string", "null"] },
    token_refs: { type: ["array", "null"], items: { type: ["string", "null"] } },
    chain: { type: ["array", "null"], items: INTENT_INPUT_DELEGATION_LINK },
    issued_at: { type: ["string", "null"], format: "date-time" },
    expires_at: { type: ["string", "null"], format: "date-time" },
  },
  additionalProperties: false,
};

/** Compiled schema: `context`. */
export const INTENT_INPUT_CONTEXT: SchemaNode = {
  type: "object",
  required: ["identity", "workspace", "risk_class"],
  properties: {
    identity: INTENT_INPUT_NON_BLANK,
    workspace: INTENT_INPUT_NON_BLANK,
    risk_class: INTENT_INPUT_NON_BLANK,
    session_id: { type: ["string", "null"] },
    request_id: { type: ["string", "null"] },
    auth_context: { type: ["object", "null"], additionalProperties: true },
    credential_scopes: { type: ["array", "null"], items: { type: ["string", "null"] } },
    environment_fingerprint: { type: ["string", "null"] },
  },
  additionalProperties: true,
};

/** Compiled schema: Intent input. */
export const INTENT_INPUT: SchemaNode = {
  type: "object",
  required: ["tool_name", "context"],
  properties: {
    schema_id: { type: ["string", "null"] },
    schema_version: { type: ["string", "null"] },
    created_at: { type: ["string", "null"], format: "date-time" },
    producer_version: { type: ["string", "null"] },
    tool_name: INTENT_INPUT_NON_BLANK,
    args: { type: ["object", "null"], additionalProperties: true },
    args_digest: { type: ["string", "null"] },
    intent_digest: { type: ["string", "null"] },
    targets: { type: ["array", "null"], items: INTENT_INPUT_TARGET },
    arg_provenance: { type: ["array", "null"], items: INTENT_INPUT_ARG_PROVENANCE },
    skill_provenance: INTENT_INPUT_SKILL_PROVENANCE,
    delegation: INTENT_INPUT_DELEGATION,
    context: INTENT_INPUT_CONTEXT,
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/gate/intent_input.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateIntentInput(value: unknown): Finding[] {
  return validate(INTENT_INPUT, value);
}
