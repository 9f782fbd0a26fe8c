/**
 * The settings in force, as `GET /v1/config/effective` tells them: what doctor asks for. Names of variables
 * and files are in it, secrets never.
 *
 * @module
 */

import type { RetentionBounds, ServiceConfig, ServiceWarning } from "../ports/service.ts";
import type { CheckedConfig } from "./check_config.ts";

/** What is known once the service runs. */
export interface RunningFacts {
  readonly listen: string;
  /** Connections at the same time. */
  readonly maxConnections: number;
  readonly warnings: readonly ServiceWarning[];
  readonly version: string;
  readonly policyDigest: string;
  readonly policyHealthy: boolean;
  readonly keyId: string;
  readonly keySource: string;
  readonly startedAt: string;
  /** Whether requests are handled under narrowed permissions. */
  readonly isolation: string;
}

/** Bounds of evidence, as others are spelled. */
function retention(bounds: ServiceConfig["retention"]): Record<string, unknown> {
  const { trace, runpack, session, exports, sessionIdleMs, dryRun } = bounds;
  const plain = ({ maxAgeMs, maxCount }: RetentionBounds) => ({
    max_age_ms: maxAgeMs,
    max_count: maxCount,
  });
  return {
    trace: plain(trace),
    runpack: plain(runpack),
    session: plain(session),
    session_idle_ms: sessionIdleMs,
    exports: {
      max_age_ms: exports.maxAgeMs,
      max_bytes: exports.maxBytes,
      max_files: exports.maxFiles,
    },
    dry_run: dryRun,
  };
}

/** Describes them. */
export function effectiveConfig(
  config: ServiceConfig,
  checked: CheckedConfig,
  facts: RunningFacts,
): Record<string, unknown> {
  return {
    service: "gait.mcp.serve",
    version: facts.version,
    started_at: facts.startedAt,
    listen: facts.listen,
    tls: config.tlsCert !== "",
    behind_tls_proxy: config.behindTlsProxy,
    allowed_hosts: config.allowedHosts,
    auth_mode: checked.authMode,
    auth_token_env: config.auth.tokenEnv,
    auth_tokens_file: config.auth.tokensFile,
    unsafe_allow_unauthenticated: config.auth.unsafeUnauthenticated,
    profile: checked.profile,
    adapter: checked.adapter,
    http_verdict_status: checked.verdictStatus,
    allow_client_artifact_paths: config.clientPaths !== "refused",
    unsafe_any_path: config.clientPaths === "any",
    max_request_bytes: config.maxRequestBytes,
    max_concurrency: config.concurrency,
    max_queue: config.queue,
    max_connections: facts.maxConnections,
    policy: config.policy.path,
    policy_digest: facts.policyDigest,
    policy_digest_pinned: config.policy.digest !== "",
    policy_healthy: facts.policyHealthy,
    on_policy_error: checked.onPolicyError,
    policy_watch: config.policy.watch,
    key_mode: config.signing.keyMode || "dev",
    key_source: facts.keySource,
    key_id: facts.keyId,
    credential_broker: config.broker.kind || "off",
    trace_dir: config.traceDir,
    runpack_dir: config.runpackDir,
    session_dir: config.sessionDir,
    retention: retention(config.retention),
    export_log_out: config.exports.log,
    export_otel_out: config.exports.otel,
    // Some collectors take their secret behind the question mark.
    export_otlp_endpoint: config.exports.otlpEndpoint.replace(/[?#].*$/s, "?…"),
    export_otlp_headers: config.exports.otlpHeaders,
    export_otlp_compression: config.exports.otlpCompression || "none",
    isolation: facts.isolation,
    warning_details: facts.warnings,
  };
}
