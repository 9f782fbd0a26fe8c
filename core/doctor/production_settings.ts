/**
 * What the configuration says about production (spec 05 §1.4). These checks read texts alone; whether keys,
 * policy and tokens are really there is the business of those after them.
 *
 * @module
 */

import { parseDuration } from "../base/duration.ts";
import { toGaitError } from "../base/errors.ts";
import { isLoopback, parseListen } from "../base/listen_address.ts";
import { lower, trim } from "../base/text_rules.ts";
import { type Check, failed, passed, pathArgument, quoted } from "./check.ts";
import { projectValue, type Subject } from "./subject.ts";

/** A value of the file in the form in which modes are compared. */
function word(subject: Subject, key: string): string {
  return lower(trim(projectValue(subject, key)));
}

/** How to set a key; the file is the user's, so no command writes it. */
function set(subject: Subject, assignment: string): { readonly hint: string } {
  return { hint: `set ${assignment} in ${subject.project.path}` };
}

/** A configuration that these checks accept, once its policy, key and token exist. */
const TEMPLATE: readonly string[] = [
  "gate:",
  "  policy: gait.policy.yaml",
  "  profile: oss-prod",
  "  key_mode: prod",
  "  private_key_env: GAIT_PRIVATE_KEY",
  "  credential_broker: env",
  "mcp_serve:",
  "  enabled: true",
  "  listen: 127.0.0.1:8787",
  "  auth_mode: token",
  "  auth_token_env: GAIT_MCP_TOKEN",
  "  max_request_bytes: 1048576",
  "  http_verdict_status: strict",
  "  allow_client_artifact_paths: false",
  "retention:",
  "  trace_ttl: 168h",
  "  session_ttl: 336h",
  "  export_ttl: 168h",
];

/** A command that writes the template; it never overwrites. */
function writeTemplate(path: string): string {
  const folder = path.replace(/\/[^/]*$/, "");
  const lines = TEMPLATE.map(quoted).join(" ");
  const print = `printf '%s\\n' ${lines}`;
  return `mkdir -p ${pathArgument(folder)} && (set -C; ${print} > ${pathArgument(path)})`;
}

/** Whether there is a configuration. An empty one passes. */
export function checkReadinessConfig({ project }: Subject): Check {
  const name = "production_readiness_config";
  if (project.state === "read") return passed(name, `${project.path} present`);
  if (project.state === "absent") {
    const fixCommand = writeTemplate(project.path);
    return failed(name, `missing ${project.path}`, { fixCommand });
  }
  const hint = `edit ${project.path}; gait config validate shows every finding`;
  return failed(name, `cannot use ${project.path}: ${project.cause}`, { hint });
}

/** Whether the strict profile is configured. */
export function checkProfile(subject: Subject): Check {
  const name = "production_profile";
  if (word(subject, "gate.profile") === "oss-prod") {
    return passed(name, "gate.profile is oss-prod");
  }
  const message = "gate.profile must be oss-prod for production readiness";
  return failed(name, message, set(subject, "gate.profile: oss-prod"));
}

/** Whether a lasting key is configured. */
export function checkKeyMode(subject: Subject): Check {
  const name = "production_key_mode";
  if (word(subject, "gate.key_mode") === "prod") {
    return passed(name, "gate.key_mode is prod");
  }
  const message = "gate.key_mode must be prod for production readiness";
  return failed(name, message, set(subject, "gate.key_mode: prod"));
}

/** Shortest lifetime of evidence that anybody can have read in time, ns. */
const SHORTEST_TTL = 60_000_000_000n;

/** What is wrong with a lifetime; "" when nothing is. */
function ttlFault(key: string, text: string): string {
  const ttl = parseDuration(text);
  if (ttl === undefined) return `invalid retention.${key}: ${JSON.stringify(text)} is no duration`;
  if (ttl <= 0n) return `invalid retention.${key}: ${text} is not positive`;
  return ttl < SHORTEST_TTL ? `invalid retention.${key}: ${text} removes evidence at once` : "";
}

/** Whether evidence stays for a sensible time. */
export function checkRetention(subject: Subject): Check {
  const name = "production_retention";
  const keys = ["trace_ttl", "session_ttl", "export_ttl"];
  const values = keys.map((key) => projectValue(subject, `retention.${key}`));
  const remedy = set(subject, "retention.trace_ttl, session_ttl and export_ttl, for example 168h,");
  if (values.includes("")) {
    const message =
      "retention.trace_ttl, retention.session_ttl and retention.export_ttl must be set";
    return failed(name, message, remedy);
  }
  const fault = keys.map((key, at) => ttlFault(key, values[at] ?? "")).find((text) => text !== "");
  if (fault !== undefined) return failed(name, fault, remedy);
  return passed(name, "retention TTLs are configured");
}

/** Largest request body that production readiness accepts, bytes (spec 05 §1.4). */
const MOST_REQUEST_BYTES = 4_194_304;

/** The first rule of the service's boundary that is violated: message and assignment. */
function boundaryFault(
  subject: Subject,
): readonly [message: string, assignment: string] | undefined {
  const value = (key: string) => projectValue(subject, `mcp_serve.${key}`);
  const auth = word(subject, "mcp_serve.auth_mode");
  const { hostname } = parseListen(value("listen") || "127.0.0.1:8787");
  if (!isLoopback(hostname) && auth !== "token") {
    return ["non-loopback mcp_serve.listen requires auth_mode=token", "mcp_serve.auth_mode: token"];
  }
  if (auth === "token" && value("auth_token_env") === "") {
    return ["mcp_serve.auth_mode=token requires auth_token_env", "mcp_serve.auth_token_env"];
  }
  if (value("allow_client_artifact_paths") === "true") {
    return [
      "mcp_serve.allow_client_artifact_paths must be false",
      "mcp_serve.allow_client_artifact_paths: false",
    ];
  }
  const bytes = Number(value("max_request_bytes") || "0");
  if (!(bytes > 0 && bytes <= MOST_REQUEST_BYTES)) {
    const message = `mcp_serve.max_request_bytes must be between 1 and ${MOST_REQUEST_BYTES}`;
    return [message, "mcp_serve.max_request_bytes: 1048576"];
  }
  if (word(subject, "mcp_serve.http_verdict_status") !== "strict") {
    const message = "mcp_serve.http_verdict_status must be strict";
    return [message, "mcp_serve.http_verdict_status: strict"];
  }
  return undefined;
}

/** Whether a service is configured at all. */
export function hasService(subject: Subject): boolean {
  return projectValue(subject, "mcp_serve.enabled") === "true" ||
    projectValue(subject, "mcp_serve.listen") !== "";
}

/** Whether the service's boundary is hardened; the first rule that is violated is told. */
export function checkServiceBoundary(subject: Subject): Check {
  const name = "production_service_boundary";
  if (!hasService(subject)) return passed(name, "mcp_serve not configured");
  try {
    const fault = boundaryFault(subject);
    if (fault === undefined) {
      return passed(name, "service boundary hardening settings are configured");
    }
    return failed(name, fault[0], set(subject, fault[1]));
  } catch (error) {
    const message = `invalid mcp_serve.listen: ${toGaitError(error).message}`;
    return failed(name, message, set(subject, "mcp_serve.listen: 127.0.0.1:8787"));
  }
}

/** Whether calls are judged by a policy under the strict profile. */
export function checkContextStrictness(subject: Subject): Check {
  const name = "production_context_strictness";
  if (word(subject, "gate.profile") !== "oss-prod") {
    const message = "strict context enforcement requires gate.profile=oss-prod";
    return failed(name, message, set(subject, "gate.profile: oss-prod"));
  }
  if (projectValue(subject, "gate.policy") === "") {
    const message = "gate.policy must be set for strict context enforcement";
    return failed(name, message, set(subject, "gate.policy"));
  }
  return passed(name, "strict context profile is configured");
}
