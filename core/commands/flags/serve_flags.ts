/**
 * Flags of `mcp serve` (spec 04 §1.3; divergences W3, W4, W8, W10, S10).
 *
 * @module
 */

import type { FlagSpec } from "../frame/command.ts";
import { GATE_FLAGS } from "./gate_flags.ts";

/** A flag with a value. */
function text(name: string, value: string, summary: string): FlagSpec {
  return { name, kind: "string", value, summary };
}

/** A switch. */
function onOff(name: string, summary: string): FlagSpec {
  return { name, kind: "boolean", summary };
}

/** Flags of one decision that a service does not have: what belongs to a call comes with the call. */
const OF_ONE_CALL = new Set([
  "exit-mode",
  "approval-token",
  "approval-token-chain",
  "approval-token-ref",
  "approval-audit-out",
  "delegation-token",
  "delegation-token-chain",
  "delegation-audit-out",
  "credential-evidence-out",
  "trace-out",
  "simulate",
]);

/** Under which permissions requests are handled. */
const ISOLATION_FLAGS: readonly FlagSpec[] = [
  {
    ...text("isolation", "mode", "worker: handle requests under narrowed permissions (none)"),
    choices: ["none", "worker"],
  },
];

/** Who may connect, and how. */
const NETWORK_FLAGS: readonly FlagSpec[] = [
  text("listen", "host:port", "address; port 0 lets the system choose (127.0.0.1:8787)"),
  { ...text("allowed-host", "host", "further Host that requests may name"), repeatable: true },
  text("tls-cert", "path", "certificate chain, PEM"),
  text("tls-key", "path", "private key of the certificate, PEM"),
  onOff("behind-tls-proxy", "plain HTTP off loopback is meant: a proxy in front speaks TLS"),
  { ...text("auth-mode", "mode", "who may ask (off)"), choices: ["off", "token"] },
  text("auth-token-env", "name", "variable with one bearer token"),
  text("auth-tokens", "path", "file of token hashes with identities"),
  onOff("unsafe-allow-unauthenticated", "answer everybody, off loopback too"),
];

/** What requests may do. */
const REQUEST_FLAGS: readonly FlagSpec[] = [
  text("adapter", "name", "envelope of calls that name none (mcp)"),
  text("max-request-bytes", "bytes", "longest request body (1048576)"),
  text("max-concurrency", "count", "requests worked on at the same time (64)"),
  text("max-queue", "count", "requests that wait for their turn; more are answered 503 (256)"),
  text("drain-timeout", "duration", "time for finishing requests at shutdown (10s)"),
  {
    ...text("http-verdict-status", "mode", "strict: only an allow answers 200 (compat)"),
    choices: ["compat", "strict"],
  },
  onOff("allow-client-artifact-paths", "let requests name files inside the directories below"),
  onOff("unsafe-any-path", "let requests name any file; needs the flag before"),
];

/** Where evidence goes, and how long it stays. */
const EVIDENCE_FLAGS: readonly FlagSpec[] = [
  text("trace-dir", "path", "directory of traces (./gait-out/mcp-serve/traces)"),
  {
    ...text("trace-sync", "mode", "group: traces of a moment share one sync (group)"),
    choices: ["group", "file"],
  },
  text("runpack-dir", "path", "directory of runpacks and checkpoints; none by default"),
  text("session-dir", "path", "directory of sessions (./gait-out/mcp-serve/sessions)"),
  {
    ...text("capture-mode", "mode", "what runpacks keep of arguments (digests alone)"),
    choices: ["digest-only", "reference"],
  },
  onOff("sign-runpacks", "sign runpacks and checkpoints with the signing key"),
  text("trace-max-age", "duration", "remove traces older than this"),
  text("trace-max-count", "count", "keep this many traces"),
  text("runpack-max-age", "duration", "remove runpacks older than this"),
  text("runpack-max-count", "count", "keep this many runpacks"),
  text("session-max-age", "duration", "remove sessions older than this"),
  text("session-max-count", "count", "keep this many sessions"),
  text("session-idle", "duration", "a session without appends for this long is not live (15m)"),
  onOff("retention-dry-run", "report what retention would remove, and remove nothing"),
  text("export-log-out", "path", "log of decisions, JSON lines"),
  text("export-otel-out", "path", "the same in the style of OpenTelemetry"),
  text("export-max-bytes", "bytes", "rotate export logs above this size"),
  text("export-max-files", "count", "keep this many rotated pieces"),
  text("export-max-age", "duration", "remove rotated pieces older than this"),
  text("export-otlp-endpoint", "url", "OTLP/HTTP collector of log records"),
  text("export-otlp-queue", "count", "records that wait for the collector (2048)"),
  {
    ...text("export-otlp-header", "name=variable", "header for the collector, from a variable"),
    repeatable: true,
  },
  {
    ...text("export-otlp-compression", "mode", "gzip: compress what the collector gets (none)"),
    choices: ["none", "gzip"],
  },
  text("access-log", "target", "log of requests: off, stderr or a file (off)"),
];

/** How policies change. */
const POLICY_FLAGS: readonly FlagSpec[] = [
  text("policy-digest", "hex", "digest that the policy must have"),
  {
    ...text("on-policy-error", "mode", "what a reload that fails leads to"),
    choices: ["block", "keep"],
  },
  onOff("watch-policy", "read the policy again when its file changes, not on SIGHUP alone"),
];

/** All flags. */
export const SERVE_FLAGS: readonly FlagSpec[] = [
  ...GATE_FLAGS.filter(({ name }) => !OF_ONE_CALL.has(name)),
  ...POLICY_FLAGS,
  ...ISOLATION_FLAGS,
  ...NETWORK_FLAGS,
  ...REQUEST_FLAGS,
  ...EVIDENCE_FLAGS,
];
