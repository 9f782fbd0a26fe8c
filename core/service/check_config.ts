/**
 * Checks of a service's configuration before anything is opened (spec 04 §1.3, divergences W1, W3, W8).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { lower, trim } from "../base/text_rules.ts";
import type { FsCase } from "../enforce/loaded_policy.ts";
import type { Profile } from "../enforce/request.ts";
import { readAdapter } from "../mcp/read_adapter.ts";
import type { ServiceConfig, ServiceWarning } from "../ports/service.ts";
import type { VerdictStatus } from "./answer/decision_body.ts";
import { type HostRule, hostRule } from "./access/host_rule.ts";
import { isLoopback, type ListenAddress, parseListen } from "../base/listen_address.ts";
import type { PolicyErrorMode } from "./policy/policy_holder.ts";

/** Settings in their checked form. */
export interface CheckedConfig {
  readonly address: ListenAddress;
  readonly hosts: HostRule;
  readonly authMode: "off" | "token";
  readonly verdictStatus: VerdictStatus;
  readonly profile: Profile;
  readonly fsCase: FsCase | undefined;
  readonly onPolicyError: PolicyErrorMode;
  readonly adapter: string;
  readonly traceSync: "group" | "file";
  readonly warnings: readonly ServiceWarning[];
}

/** A reason not to start. */
function refuse(message: string, hint?: string): GaitError {
  return new GaitError("usage", message, hint === undefined ? {} : { hint });
}

/** One of a closed list; blank is the first one. */
function oneOf<Word extends string>(text: string, words: readonly Word[], flag: string): Word {
  const wanted = lower(trim(text));
  const found = wanted === "" ? words[0] : words.find((word) => word === wanted);
  if (found !== undefined) return found;
  throw new GaitError(
    "unsupported_value",
    `unsupported --${flag} value (expected ${words.join(" or ")})`,
  );
}

/** Checks who may get in: tokens, the loopback rule, and its explicit override. */
function checkAccess(config: ServiceConfig, loopback: boolean, profile: Profile): "off" | "token" {
  const { auth } = config;
  const mode = oneOf(auth.mode, ["off", "token"], "auth-mode");
  const hasToken = trim(auth.tokenEnv) !== "" || trim(auth.tokensFile) !== "";
  if (mode === "token" && !hasToken) {
    throw refuse("--auth-mode token requires --auth-token-env or --auth-tokens");
  }
  if (mode === "off" && hasToken) {
    throw refuse("token sources are given, but --auth-mode is off", "add --auth-mode token");
  }
  if (auth.unsafeUnauthenticated && profile === "oss-prod") {
    throw new GaitError(
      "profile_refused",
      "oss-prod profile does not allow --unsafe-allow-unauthenticated",
    );
  }
  if (!loopback && mode === "off" && !auth.unsafeUnauthenticated) {
    throw refuse("non-loopback --listen requires --auth-mode token");
  }
  return mode;
}

/** Checks what a service off loopback needs: names to answer to, and a transport that hides tokens. */
function checkTransport(config: ServiceConfig, loopback: boolean): void {
  const hasCert = config.tlsCert !== "";
  if (hasCert !== (config.tlsKey !== "")) throw refuse("--tls-cert and --tls-key go together");
  if (loopback) return;
  if (config.allowedHosts.length === 0) {
    throw refuse(
      "non-loopback --listen requires --allowed-host",
      "name every host that clients address the service by",
    );
  }
  if (!hasCert && !config.behindTlsProxy) {
    throw refuse(
      "non-loopback --listen requires --tls-cert and --tls-key, or --behind-tls-proxy",
      "bearer tokens must not travel in plain text",
    );
  }
}

/** Checks numbers. */
function checkNumbers(config: ServiceConfig): void {
  if (!(config.maxRequestBytes > 0)) throw refuse("--max-request-bytes must be > 0");
  if (!(config.concurrency > 0)) throw refuse("--max-concurrency must be > 0");
  if (!(config.queue >= 0)) throw refuse("--max-queue must be >= 0");
  const { otlpEndpoint, otlpHeaders } = config.exports;
  if (otlpHeaders.length > 0 && otlpEndpoint === "") {
    throw refuse("--export-otlp-header requires --export-otlp-endpoint");
  }
  const { trace, runpack, session } = config.retention;
  if ([trace, runpack, session].some(({ maxCount }) => maxCount < 0)) {
    throw refuse("retention max-count values must be >= 0");
  }
}

/** What is weak about the setup (divergences W8, C11). */
function weaknesses(config: ServiceConfig, checked: Omit<CheckedConfig, "warnings">) {
  const out: ServiceWarning[] = [];
  const add = (severity: ServiceWarning["severity"], code: string, message: string) =>
    void out.push({ code, message, severity });
  if (config.auth.unsafeUnauthenticated && checked.authMode === "off") {
    add("critical", "unsafe_unauthenticated", "the service answers everybody without a token");
  }
  if (checked.authMode === "off" && !config.auth.unsafeUnauthenticated) {
    add("warning", "auth_off", "authentication is off: every local program may ask for decisions");
  }
  if (checked.verdictStatus === "compat") {
    add("warning", "verdict_status_compat", "every verdict answers 200: clients must read verdict");
  }
  if (config.clientPaths !== "refused") {
    const severity = config.clientPaths === "any" ? "critical" : "warning";
    add(severity, "client_paths_allowed", "clients may name the files of their evidence");
  }
  const { trace, session } = config.retention;
  if (trace.maxAgeMs + trace.maxCount === 0 || session.maxAgeMs + session.maxCount === 0) {
    add("notice", "retention_off", "traces or sessions are kept for ever: no retention is set");
  }
  return out;
}

/**
 * Checks a configuration.
 *
 * @throws GaitError `usage`, `unsupported_value`, `profile_refused`
 */
export function checkConfig(config: ServiceConfig): CheckedConfig {
  if (trim(config.policy.path) === "") throw refuse("expected --policy <policy.yaml>");
  const profile = oneOf(config.profile, ["standard", "oss-prod"], "profile");
  oneOf(config.auth.mode, ["off", "token"], "auth-mode");
  const address = parseListen(config.listen);
  const loopback = isLoopback(address.hostname);
  const authMode = checkAccess(config, loopback, profile);
  checkTransport(config, loopback);
  checkNumbers(config);
  const verdictStatus = oneOf(
    config.httpVerdictStatus,
    ["compat", "strict"],
    "http-verdict-status",
  );
  const keyMode = oneOf(config.signing.keyMode, ["dev", "prod"], "key-mode");
  if (profile === "oss-prod" && keyMode !== "prod") {
    throw new GaitError("profile_refused", "oss-prod profile requires --key-mode prod");
  }
  oneOf(config.isolation, ["none", "worker"], "isolation");
  oneOf(config.exports.otlpCompression, ["none", "gzip"], "export-otlp-compression");
  oneOf(config.captureMode, ["", "reference", "digest-only"], "capture-mode");
  const onError = config.policy.onError || (profile === "oss-prod" ? "block" : "keep");
  const checked = {
    address,
    hosts: hostRule({ loopback, allowed: config.allowedHosts }),
    authMode,
    verdictStatus,
    profile,
    fsCase: config.fsCase === ""
      ? undefined
      : oneOf(config.fsCase, ["sensitive", "insensitive"], "fs-case"),
    onPolicyError: oneOf(onError, ["block", "keep"], "on-policy-error"),
    adapter: readAdapter(config.adapter).label || "mcp",
    traceSync: oneOf(config.traceSync, ["group", "file"], "trace-sync"),
  };
  return { ...checked, warnings: weaknesses(config, checked) };
}
