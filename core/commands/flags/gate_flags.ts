/**
 * Flags of the commands that decide about a call (spec 02 §14.1).
 *
 * @module
 */

import type { FlagSpec } from "../frame/command.ts";
import { CONFIG_FLAGS } from "./config_flags.ts";

/** A flag with a value. */
function text(name: string, value: string, summary: string): FlagSpec {
  return { name, kind: "string", value, summary };
}

/** The four ways to name a verification key. */
function verifyKeyFlags(prefix: string): FlagSpec[] {
  return [
    text(`${prefix}-public-key`, "path", `public key that verifies ${prefix} tokens`),
    text(`${prefix}-public-key-env`, "name", `variable with that public key`),
    text(
      `${prefix}-private-key`,
      "path",
      `private key whose public half verifies ${prefix} tokens`,
    ),
    text(`${prefix}-private-key-env`, "name", `variable with that private key`),
  ];
}

/** Flags that say which profile and keys are in force. */
const PROFILE_FLAGS: readonly FlagSpec[] = [
  {
    name: "profile",
    kind: "string",
    value: "name",
    summary: "how strict the setup must be",
    choices: ["standard", "oss-prod"],
  },
  {
    name: "exit-mode",
    kind: "string",
    value: "mode",
    summary: "strict: only a real allow exits 0; compat: dry_run and simulate too",
    choices: ["strict", "compat"],
  },
  {
    name: "fs-case",
    kind: "string",
    value: "rule",
    summary: "how path patterns compare letters",
    choices: ["sensitive", "insensitive"],
  },
  {
    name: "key-mode",
    kind: "string",
    value: "mode",
    summary: "dev makes a key for this process, prod takes yours",
    choices: ["dev", "prod"],
  },
  text("private-key", "path", "private key that signs the trace"),
  text("private-key-env", "name", "variable with that private key"),
  text("signer-command", "command", "program that holds the signing key"),
  text("signer-args", "csv", "arguments of that program"),
  text("signer-socket", "path", "Unix socket of an agent that holds the signing key"),
];

/** Flags for tokens. */
const TOKEN_FLAGS: readonly FlagSpec[] = [
  { ...text("approval-token", "path", "approval token"), repeatable: true },
  text("approval-token-chain", "csv", "further approval tokens"),
  text("approval-token-ref", "text", "reference to an approval, copied into the trace"),
  ...verifyKeyFlags("approval"),
  text("approver-keys", "path", "keyring that binds approvers to their keys"),
  text("approval-store", "path", "store of spent single-use approvals"),
  text("approval-audit-out", "path", "approval audit record"),
  { ...text("delegation-token", "path", "delegation token"), repeatable: true },
  text("delegation-token-chain", "csv", "further delegation tokens"),
  ...verifyKeyFlags("delegation"),
  text("delegation-audit-out", "path", "delegation audit record"),
];

/** Flags for quotas and credentials. */
const RESOURCE_FLAGS: readonly FlagSpec[] = [
  text("rate-limit-state", "path", "state of the rate limits"),
  {
    name: "credential-broker",
    kind: "string",
    value: "kind",
    summary: "where credentials come from",
    choices: ["off", "stub", "env", "command"],
  },
  text("credential-env-prefix", "text", "prefix of variables of the env broker"),
  text("credential-ref", "text", "reference for the broker"),
  text("credential-scopes", "csv", "scopes for the broker"),
  text("credential-command", "path", "program of the command broker"),
  text("credential-command-args", "csv", "arguments of that program"),
  text("credential-evidence-out", "path", "credential evidence record"),
];

/** Every flag of `gate eval` and `enforce`, besides those for the intent. */
export const GATE_FLAGS: readonly FlagSpec[] = [
  text("policy", "path", "policy file"),
  ...CONFIG_FLAGS,
  ...PROFILE_FLAGS,
  ...TOKEN_FLAGS,
  ...RESOURCE_FLAGS,
  text("trace-out", "path", "signed trace; trace_<id>_<event>.json by default"),
  { name: "simulate", kind: "boolean", summary: "decide without enforcing, and say so" },
];
