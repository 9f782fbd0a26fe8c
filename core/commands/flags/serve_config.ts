/**
 * From flags and settings to the configuration of a service. Flags win over the sections `mcp_serve` and
 * `retention` of the configuration, which win over defaults (divergence C7).
 *
 * @module
 */

import { parseDuration } from "../../base/duration.ts";
import { GaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import { trim } from "../../base/text_rules.ts";
import type { Settings } from "../../config/settings.ts";
import { readSha256 } from "../../digest/hex.ts";
import { withoutDetours } from "../../enforce/output_path.ts";
import type { KeyLocation, RetentionBounds, ServiceConfig } from "../../ports/service.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Arguments } from "../frame/command.ts";
import { approvalStorePath, brokerSetup, signingKeyOptions } from "./gate_setup.ts";

/** Reads values of one command line. */
interface Reader {
  readonly args: Arguments;
  readonly settings: Settings;
}

/** A text: flag, else key of the section, else default. An empty flag counts as given. */
function textOf(reader: Reader, flag: string, fallback: string): string {
  if (reader.args.given(flag)) return reader.args.text(flag);
  return reader.settings.text(`mcp_serve.${flag.replaceAll("-", "_")}`) || fallback;
}

/** A whole number. */
function numberOf(reader: Reader, flag: string, fallback: number): number {
  const text = trim(textOf(reader, flag, String(fallback)));
  if (!/^[+-]?\d{1,15}$/.test(text)) {
    throw new GaitError("usage", `parse --${flag}: ${JSON.stringify(text)} is not a whole number`);
  }
  return Number(text);
}

/** Reads a duration, ms; "" and `0` mean none. */
function readDuration(name: string, spelled: string): number {
  const text = trim(spelled);
  if (text === "") return 0;
  const duration = parseDuration(text);
  if (duration === undefined) {
    throw new GaitError("usage", `parse ${name}: ${JSON.stringify(text)} is not a duration`, {
      hint: "use units like 30s, 15m or 36h",
    });
  }
  if (duration < 0n) throw new GaitError("usage", `parse ${name}: duration must be >= 0`);
  return Number(duration / 1_000_000n);
}

/** The duration of a flag, ms. */
function durationOf({ args }: Reader, flag: string, fallbackMs: number): number {
  return args.given(flag) ? readDuration(`--${flag}`, args.text(flag)) : fallbackMs;
}

/** How old something may become, ms: flag, else key of the `retention` section, else without a bound. */
function ageOf(reader: Reader, flag: string, key: string): number {
  const path = `retention.${key}`;
  return durationOf(reader, flag, readDuration(path, reader.settings.text(path)));
}

/** A switch: flag, else key of the section. */
function switchOf({ args, settings }: Reader, flag: string): boolean {
  if (args.given(flag)) return args.flag(flag);
  return settings.text(`mcp_serve.${flag.replaceAll("-", "_")}`) === "true";
}

/** Bounds of one class of files. */
function boundsOf(reader: Reader, kind: string): RetentionBounds {
  return {
    maxAgeMs: ageOf(reader, `${kind}-max-age`, `${kind}_ttl`),
    maxCount: numberOf(reader, `${kind}-max-count`, 0),
  };
}

/** Where a verification key comes from. */
function keyOf({ settings }: Reader, kind: string): KeyLocation {
  return {
    publicKey: settings.text(`gate.${kind}_public_key`),
    publicKeyEnv: settings.text(`gate.${kind}_public_key_env`),
    privateKey: settings.text(`gate.${kind}_private_key`),
    privateKeyEnv: settings.text(`gate.${kind}_private_key_env`),
  };
}

/** What requests may do with paths. */
function clientPaths(reader: Reader): ServiceConfig["clientPaths"] {
  const allowed = switchOf(reader, "allow-client-artifact-paths");
  const any = reader.args.flag("unsafe-any-path");
  if (any && !allowed) {
    throw new GaitError("usage", "--unsafe-any-path needs --allow-client-artifact-paths");
  }
  if (!allowed) return "refused";
  return any ? "any" : "confined";
}

/** The pin of the policy, 64 hex digits; "" for none. An empty one, as of an unset variable, is refused. */
function policyDigest(args: Arguments): string {
  if (!args.given("policy-digest")) return "";
  const digest = readSha256(args.text("policy-digest"));
  if (digest !== undefined) return digest;
  throw new GaitError("usage", "--policy-digest is not a SHA-256 digest of 64 hex digits");
}

/** Who may ask. */
function authOf(reader: Reader): ServiceConfig["auth"] {
  return {
    mode: textOf(reader, "auth-mode", "off"),
    tokenEnv: textOf(reader, "auth-token-env", ""),
    tokensFile: reader.args.text("auth-tokens"),
    unsafeUnauthenticated: reader.args.flag("unsafe-allow-unauthenticated"),
  };
}

/** How long evidence stays. */
function retentionOf(reader: Reader): ServiceConfig["retention"] {
  return {
    trace: boundsOf(reader, "trace"),
    runpack: boundsOf(reader, "runpack"),
    session: boundsOf(reader, "session"),
    sessionIdleMs: durationOf(reader, "session-idle", 15 * 60_000),
    exports: {
      maxBytes: numberOf(reader, "export-max-bytes", 0),
      maxFiles: numberOf(reader, "export-max-files", 0),
      maxAgeMs: ageOf(reader, "export-max-age", "export_ttl"),
    },
    dryRun: reader.args.flag("retention-dry-run"),
  };
}

/** Where decisions are told. */
function exportsOf(reader: Reader): ServiceConfig["exports"] {
  return {
    log: withoutDetours(trim(reader.args.text("export-log-out"))),
    otel: withoutDetours(trim(reader.args.text("export-otel-out"))),
    otlpEndpoint: trim(reader.args.text("export-otlp-endpoint")),
    otlpQueue: numberOf(reader, "export-otlp-queue", 2048),
    otlpHeaders: reader.args.all("export-otlp-header"),
    otlpCompression: reader.args.text("export-otlp-compression"),
  };
}

/** The signing key. */
function signingOf({ settings }: Reader): ServiceConfig["signing"] {
  const options = signingKeyOptions(settings);
  return {
    keyMode: options.keyMode,
    privateKey: options.privateKey ?? "",
    privateKeyEnv: options.privateKeyEnv ?? "",
    publicKey: "",
    publicKeyEnv: "",
    signerCommand: options.signerCommand ?? "",
    signerArgs: options.signerArgs ?? [],
    signerSocket: options.signerSocket ?? "",
  };
}

/**
 * Builds the configuration.
 *
 * @throws GaitError `usage`, `unsupported_value`
 */
export function serveConfig(args: Arguments, settings: Settings, ports: Ports): ServiceConfig {
  const reader: Reader = { args, settings };
  const [positional = ""] = args.positionals;
  return {
    isolation: args.text("isolation"),
    listen: textOf(reader, "listen", "127.0.0.1:8787"),
    tlsCert: args.text("tls-cert"),
    tlsKey: args.text("tls-key"),
    allowedHosts: args.all("allowed-host"),
    behindTlsProxy: args.flag("behind-tls-proxy"),
    auth: authOf(reader),
    policy: {
      path: positional || settings.text("gate.policy"),
      digest: policyDigest(args),
      onError: args.text("on-policy-error"),
      watch: args.flag("watch-policy"),
    },
    adapter: args.text("adapter"),
    profile: settings.text("gate.profile"),
    fsCase: settings.text("gate.fs_case"),
    traceDir: args.given("trace-dir") ? args.text("trace-dir") : "./gait-out/mcp-serve/traces",
    runpackDir: args.text("runpack-dir"),
    sessionDir: args.given("session-dir")
      ? args.text("session-dir")
      : "./gait-out/mcp-serve/sessions",
    traceSync: args.text("trace-sync"),
    clientPaths: clientPaths(reader),
    maxRequestBytes: numberOf(reader, "max-request-bytes", LIMITS.serviceBodyBytes),
    httpVerdictStatus: textOf(reader, "http-verdict-status", "compat"),
    concurrency: numberOf(reader, "max-concurrency", LIMITS.serviceConcurrency),
    queue: numberOf(reader, "max-queue", LIMITS.serviceQueue),
    drainMs: durationOf(reader, "drain-timeout", LIMITS.serviceDrainMs),
    signing: signingOf(reader),
    approvalKey: keyOf(reader, "approval"),
    delegationKey: keyOf(reader, "delegation"),
    approverKeys: settings.text("gate.approver_keys"),
    approvalStore: approvalStorePath(settings, ports),
    rateLimitState: settings.text("gate.rate_limit_state"),
    broker: brokerSetup(settings),
    retention: retentionOf(reader),
    exports: exportsOf(reader),
    accessLog: args.text("access-log"),
    captureMode: args.text("capture-mode"),
    signPacks: args.flag("sign-runpacks"),
  };
}
