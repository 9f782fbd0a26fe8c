/**
 * Project configuration. Generated from `schemas/v1/config/project_config.schema.json` by `scripts/generate_schemas.ts`; do not edit.
 *
 * @module
 */

import type { Finding, SchemaNode } from "../schema_node.ts";
import { validate } from "../validator.ts";

/** Defaults of gate eval and other deciding commands. */
export interface WireProjectConfigGate {
  /** Path of the policy. */
  readonly policy?: string | null;
  /** Profile: standard or oss-prod; standard when absent. */
  readonly profile?: string | null;
  /** Exit mode: compat or strict; decided by the profile when absent. */
  readonly exit_mode?: string | null;
  /** Key mode: dev or prod; dev when absent. */
  readonly key_mode?: string | null;
  /** Path of the signing key. */
  readonly private_key?: string | null;
  /** Environment variable that holds the signing key. */
  readonly private_key_env?: string | null;
  /** Program that signs instead of a key file. */
  readonly signer_command?: string | null;
  /** Arguments of that program, separated by commas. */
  readonly signer_args?: string | null;
  /** Unix socket of an agent that holds the signing key. */
  readonly signer_socket?: string | null;
  /** Path of the key that verifies approvals. */
  readonly approval_public_key?: string | null;
  /** Environment variable that holds the key that verifies approvals. */
  readonly approval_public_key_env?: string | null;
  /** Path of a private key whose public half verifies approvals. */
  readonly approval_private_key?: string | null;
  /** Environment variable of a private key whose public half verifies approvals. */
  readonly approval_private_key_env?: string | null;
  /** Path of the key that verifies delegations. */
  readonly delegation_public_key?: string | null;
  /** Environment variable that holds the key that verifies delegations. */
  readonly delegation_public_key_env?: string | null;
  /** Path of a private key whose public half verifies delegations. */
  readonly delegation_private_key?: string | null;
  /** Environment variable of a private key whose public half verifies delegations. */
  readonly delegation_private_key_env?: string | null;
  /** Path of the keyring that binds approval keys to identities. */
  readonly approver_keys?: string | null;
  /** Path of the store of spent approval tokens. */
  readonly approval_store?: string | null;
  /** Path of the rate limit state. */
  readonly rate_limit_state?: string | null;
  /** Broker: off, stub, env or command; off when absent. */
  readonly credential_broker?: string | null;
  /** Prefix of the environment variables of the env broker. */
  readonly credential_env_prefix?: string | null;
  /** Reference passed to the broker. */
  readonly credential_ref?: string | null;
  /** Scopes asked of the broker, separated by commas. */
  readonly credential_scopes?: string | null;
  /** Program of the command broker. */
  readonly credential_command?: string | null;
  /** Arguments of that program, separated by commas. */
  readonly credential_command_args?: string | null;
  /** Where the credential record is written. */
  readonly credential_evidence_path?: string | null;
  /** Where the trace is written. */
  readonly trace_path?: string | null;
  /** Case rule of paths: sensitive or insensitive; decided by the platform when absent. */
  readonly fs_case?: string | null;
}

/** Defaults of the HTTP service. */
export interface WireProjectConfigMcpServe {
  /** Whether the service is meant to run. */
  readonly enabled?: boolean | null;
  /** Address as host:port. */
  readonly listen?: string | null;
  /** Authentication: off or token. */
  readonly auth_mode?: string | null;
  /** Environment variable that holds the bearer token. */
  readonly auth_token_env?: string | null;
  /** Largest request body, bytes. */
  readonly max_request_bytes?: number | null;
  /** HTTP status of verdicts: compat or strict. */
  readonly http_verdict_status?: string | null;
  /** Whether clients may choose artifact paths. */
  readonly allow_client_artifact_paths?: boolean | null;
}

/** How long records are kept. */
export interface WireProjectConfigRetention {
  /** Life of traces as a duration such as 168h. */
  readonly trace_ttl?: string | null;
  /** Life of sessions as a duration. */
  readonly session_ttl?: string | null;
  /** Life of export logs as a duration. */
  readonly export_ttl?: string | null;
}

/** The file .gait/config.yaml. Flags win over it. Unknown members are errors; null means absent. */
export interface WireProjectConfig {
  /** Defaults of gate eval and other deciding commands. */
  readonly gate?: WireProjectConfigGate | null;
  /** Defaults of the HTTP service. */
  readonly mcp_serve?: WireProjectConfigMcpServe | null;
  /** How long records are kept. */
  readonly retention?: WireProjectConfigRetention | null;
}

/** Compiled schema: `gate`. */
export const PROJECT_CONFIG_GATE: SchemaNode = {
  type: ["object", "null"],
  properties: {
    policy: { type: ["string", "null"] },
    profile: { type: ["string", "null"] },
    exit_mode: { type: ["string", "null"] },
    key_mode: { type: ["string", "null"] },
    private_key: { type: ["string", "null"] },
    private_key_env: { type: ["string", "null"] },
    signer_command: { type: ["string", "null"] },
    signer_args: { type: ["string", "null"] },
    signer_socket: { type: ["string", "null"] },
    approval_public_key: { type: ["string", "null"] },
    approval_public_key_env: { type: ["string", "null"] },
    approval_private_key: { type: ["string", "null"] },
    approval_private_key_env: { type: ["string", "null"] },
    delegation_public_key: { type: ["string", "null"] },
    delegation_public_key_env: { type: ["string", "null"] },
    delegation_private_key: { type: ["string", "null"] },
    delegation_private_key_env: { type: ["string", "null"] },
    approver_keys: { type: ["string", "null"] },
    approval_store: { type: ["string", "null"] },
    rate_limit_state: { type: ["string", "null"] },
    credential_broker: { type: ["string", "null"] },
    credential_env_prefix: { type: ["string", "null"] },
    credential_ref: { type: ["string", "null"] },
    credential_scopes: { type: ["string", "null"] },
    credential_command: { type: ["string", "null"] },
    credential_command_args: { type: ["string", "null"] },
    credential_evidence_path: { type: ["string", "null"] },
    trace_path: { type: ["string", "null"] },
    fs_case: { type: ["string", "null"] },
  },
  additionalProperties: false,
};

/** Compiled schema: `mcp_serve`. */
export const PROJECT_CONFIG_MCP_SERVE: SchemaNode = {
  type: ["object", "null"],
  properties: {
    enabled: { type: ["boolean", "null"] },
    listen: { type: ["string", "null"] },
    auth_mode: { type: ["string", "null"] },
    auth_token_env: { type: ["string", "null"] },
    max_request_bytes: { type: ["integer", "null"], minimum: 0, maximum: 9007199254740991 },
    http_verdict_status: { type: ["string", "null"] },
    allow_client_artifact_paths: { type: ["boolean", "null"] },
  },
  additionalProperties: false,
};

/** Compiled schema: `retention`. */
export const PROJECT_CONFIG_RETENTION: SchemaNode = {
  type: ["object", "null"],
  properties: {
    trace_ttl: { type: ["string", "null"] },
    session_ttl: { type: ["string", "null"] },
    export_ttl: { type: ["string", "null"] },
  },
  additionalProperties: false,
};

/** Compiled schema: Project configuration. */
export const PROJECT_CONFIG: SchemaNode = {
  type: "object",
  properties: {
    gate: PROJECT_CONFIG_GATE,
    mcp_serve: PROJECT_CONFIG_MCP_SERVE,
    retention: PROJECT_CONFIG_RETENTION,
  },
  additionalProperties: false,
};

/**
 * Checks a parsed document against `schemas/v1/config/project_config.schema.json`.
 *
 * @returns All findings, sorted, at most `LIMITS.findings`; empty when the document conforms.
 */
export function validateProjectConfig(value: unknown): Finding[] {
  return validate(PROJECT_CONFIG, value);
}
