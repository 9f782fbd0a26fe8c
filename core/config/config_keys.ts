/**
 * Every key of a configuration file (spec 05 §2.1), with what the resolver needs to know about it.
 *
 * @module
 */

/** One key. */
export interface ConfigKey {
  /** Dotted path, e.g. `gate.policy`. */
  readonly path: string;
  /** Type of the value. */
  readonly type: "string" | "boolean" | "integer";
  /**
   * Keys of one group name the same thing in different ways. A layer that sets one of them hides the
   * whole group of the layers below, so that two sources never mix (divergence C7).
   */
  readonly group?: string;
  /**
   * What an untrusted project file may do with it (divergence C7): `anchor` decides who is trusted or what
   * is allowed, `command` runs a program, `memory` knows which approvals are spent, `output` names a file
   * that is written, `state` one that also counts calls, `removal` says when evidence goes, `tighten` can only make the
   * gate stricter.
   */
  readonly trust:
    | "anchor"
    | "command"
    | "memory"
    | "output"
    | "state"
    | "removal"
    | "tighten"
    | "plain";
}

/** A key that names a trust anchor. */
function anchor(path: string, group?: string): ConfigKey {
  return { path, type: "string", trust: "anchor", ...(group === undefined ? {} : { group }) };
}

/** The four ways to name a verification key. */
function verifyKeys(prefix: string): ConfigKey[] {
  const kinds = ["public_key", "public_key_env", "private_key", "private_key_env"];
  return kinds.map((kind) => anchor(`gate.${prefix}_${kind}`, `${prefix}_key`));
}

/** The table, in the order in which `gait config show` prints it. */
export const CONFIG_KEYS: readonly ConfigKey[] = [
  anchor("gate.policy"),
  { path: "gate.profile", type: "string", trust: "tighten" },
  { path: "gate.exit_mode", type: "string", trust: "tighten" },
  { path: "gate.key_mode", type: "string", trust: "anchor" },
  anchor("gate.private_key", "signing_key"),
  anchor("gate.private_key_env", "signing_key"),
  { path: "gate.signer_command", type: "string", group: "signing_key", trust: "command" },
  { path: "gate.signer_args", type: "string", group: "signing_key", trust: "command" },
  { path: "gate.signer_socket", type: "string", group: "signing_key", trust: "command" },
  ...verifyKeys("approval"),
  ...verifyKeys("delegation"),
  anchor("gate.approver_keys"),
  { path: "gate.approval_store", type: "string", trust: "memory" },
  { path: "gate.rate_limit_state", type: "string", trust: "state" },
  { path: "gate.credential_broker", type: "string", trust: "anchor" },
  { path: "gate.credential_env_prefix", type: "string", trust: "anchor" },
  { path: "gate.credential_ref", type: "string", trust: "anchor" },
  { path: "gate.credential_scopes", type: "string", trust: "anchor" },
  { path: "gate.credential_command", type: "string", group: "broker_command", trust: "command" },
  {
    path: "gate.credential_command_args",
    type: "string",
    group: "broker_command",
    trust: "command",
  },
  { path: "gate.credential_evidence_path", type: "string", trust: "output" },
  { path: "gate.trace_path", type: "string", trust: "output" },
  { path: "gate.fs_case", type: "string", trust: "anchor" },
  { path: "mcp_serve.enabled", type: "boolean", trust: "plain" },
  { path: "mcp_serve.listen", type: "string", trust: "anchor" },
  { path: "mcp_serve.auth_mode", type: "string", trust: "anchor" },
  { path: "mcp_serve.auth_token_env", type: "string", trust: "anchor" },
  { path: "mcp_serve.max_request_bytes", type: "integer", trust: "plain" },
  { path: "mcp_serve.http_verdict_status", type: "string", trust: "anchor" },
  { path: "mcp_serve.allow_client_artifact_paths", type: "boolean", trust: "anchor" },
  { path: "retention.trace_ttl", type: "string", trust: "removal" },
  { path: "retention.session_ttl", type: "string", trust: "removal" },
  { path: "retention.export_ttl", type: "string", trust: "removal" },
];

/** The table by path. */
export const CONFIG_KEY_BY_PATH: ReadonlyMap<string, ConfigKey> = new Map(
  CONFIG_KEYS.map((key) => [key.path, key]),
);
