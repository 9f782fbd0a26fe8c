/** Command lines of every command, in an order in which each finds what it needs. */

import { intentText, POLICY } from "../unit/commands/_run.ts";
import { put } from "./_process.ts";

/** Folder of the keys that `keys init` makes. */
export const KEYS = "gait-out/keys";
const GATE = ["--key-mode", "prod", "--private-key", `${KEYS}/gait_private.key`];
const SUBJECT = ["--policy", "policy.yaml", "--intent", "pay.json"];
const DEMO = "gait-out/runpack_run_demo.zip";
const SESSION = ["run", "session"];
const JOURNAL = ["--journal", "sessions/s.jsonl"];
const DIGEST = "1".repeat(64);

/** Command lines and their exit codes. */
export const LINES: readonly (readonly [string[], number])[] = [
  [["version"], 0],
  [["completion", "bash"], 0],
  [["permissions"], 0],
  [["keys", "init"], 0],
  [["keys", "init", "--out-dir", "keys/deep", "--prefix", "alice"], 0],
  [["keys", "rotate"], 0],
  [[
    "keys",
    "verify",
    "--private-key",
    `${KEYS}/gait_private.key`,
    "--public-key",
    `${KEYS}/gait_public.key`,
  ], 0],
  [["keys", "show", "--public-key", `${KEYS}/gait_public.key`], 0],
  [["keys", "show", "--private-key-env", "SIGNING_KEY"], 0],
  [["policy", "init", "coding-agent"], 0],
  [["policy", "init", "coding-agent", "--force", "--out", "new/p.yaml"], 0],
  [["policy", "validate", "policy.yaml"], 0],
  [["policy", "fmt", "policy.yaml"], 0],
  [["policy", "fmt", "policy.yaml", "--write"], 0],
  [["policy", "test", "policy.yaml", "intent.json"], 0],
  [["policy", "test", "policy.yaml", "fixtures"], 0],
  [["policy", "explain", "policy.yaml", "intent.json"], 0],
  [[
    "policy",
    "simulate",
    "--policy",
    "policy.yaml",
    "--baseline",
    "policy.yaml",
    "--fixtures",
    "fixtures",
  ], 0],
  [["config", "validate", ".gait/config.yaml"], 0],
  [["config", "show"], 0],
  [["config", "trust"], 0],
  [["approve", "--show", ...SUBJECT], 0],
  [[
    "approve",
    ...SUBJECT,
    "--ttl",
    "1h",
    "--approver",
    "alice",
    "--reason-code",
    "r",
    "--out",
    "approval.json",
    "--key-mode",
    "prod",
    "--private-key",
    "keys/deep/alice_private.key",
  ], 0],
  [[
    "approve",
    "--intent-digest",
    DIGEST,
    "--policy-digest",
    DIGEST,
    "--scope",
    "x",
    "--ttl",
    "1h",
    "--approver",
    "a",
    "--reason-code",
    "r",
    "--key-mode",
    "prod",
    "--private-key-env",
    "SIGNING_KEY",
  ], 0],
  [[
    "delegate",
    "mint",
    "--delegator",
    "a",
    "--delegate",
    "b",
    "--scope",
    "x",
    "--ttl",
    "1h",
    "--out",
    "delegation.json",
    ...GATE,
  ], 0],
  [
    ["delegate", "verify", "--token", "delegation.json", "--public-key", `${KEYS}/gait_public.key`],
    0,
  ],
  [[
    "gate",
    "eval",
    "--policy",
    "policy.yaml",
    "--intent",
    "intent.json",
    "--trace-out",
    "trace.json",
    ...GATE,
  ], 0],
  [[
    "gate",
    "eval",
    "--policy",
    "policy.yaml",
    "--intent",
    "intent.json",
    "--no-config",
    "--key-mode",
    "prod",
    "--private-key-env",
    "SIGNING_KEY",
  ], 0],
  [["gate", "eval", "--policy", "policy.yaml", "--intent", "intent.json", "--no-config"], 0],
  [[
    "gate",
    "eval",
    ...SUBJECT,
    ...GATE,
    "--no-config",
    "--approval-token",
    "approval.json",
    "--approval-public-key",
    "keys/deep/alice_public.key",
    "--approval-audit-out",
    "audit.json",
  ], 0],
  [[
    "gate",
    "eval",
    ...SUBJECT,
    ...GATE,
    "--no-config",
    "--approval-token",
    "approval.json",
    "--approval-public-key",
    "keys/deep/alice_public.key",
  ], 4],
  [[
    "gate",
    "eval",
    "--policy",
    "broker.yaml",
    "--intent",
    "intent.json",
    ...GATE,
    "--no-config",
    "--credential-broker",
    "env",
  ], 0],
  [[
    "gate",
    "eval",
    "--policy",
    "broker.yaml",
    "--intent",
    "intent.json",
    ...GATE,
    "--no-config",
    "--credential-broker",
    "command",
    "--credential-command",
    "sh",
    "--credential-command-args",
    "broker.sh",
  ], 0],
  [
    ["gate", "eval", "--policy", "limit.yaml", "--intent", "intent.json", ...GATE, "--no-config"],
    0,
  ],
  [["trace", "verify", "trace.json", "--public-key", `${KEYS}/gait_public.key`], 0],
  [["verify", "record", "audit.json", "--public-key", `${KEYS}/gait_public.key`], 0],
  [["trace", "recover", "traces"], 0],
  [["rate-limit", "status"], 0],
  [["rate-limit", "reset"], 0],
  [["enforce", "--policy", "policy.yaml", ...GATE, "--", "echo", "hello"], 0],
  [["demo"], 0],
  [["run", "record", "run.json"], 0],
  [["run", "inspect", "run_demo"], 0],
  [["run", "receipt", "run_demo"], 0],
  [["run", "replay", "run_demo"], 0],
  [["run", "diff", "run_demo", DEMO], 0],
  [["run", "reduce", "--from", "run_demo", "--predicate", "missing_result"], 6],
  [["migrate", DEMO], 0],
  [["verify", "run_demo"], 0],
  [["verify", "chain", "--run", DEMO], 0],
  [[...SESSION, "start", ...JOURNAL, "--session-id", "s", "--run-id", "run_s"], 0],
  [[...SESSION, "append", ...JOURNAL, "--tool", "t", "--verdict", "allow"], 0],
  [[...SESSION, "status", ...JOURNAL], 0],
  [[...SESSION, "checkpoint", ...JOURNAL, "--out", "sessions/c.zip"], 0],
  [[...SESSION, "repair", ...JOURNAL], 0],
  [[...SESSION, "compact", ...JOURNAL], 0],
  [["verify", "session-chain", "--chain", "sessions/s_chain.json"], 0],
  [["telemetry", "status"], 0],
  [["doctor"], 0],
  [["doctor", "--production-readiness"], 2],
  [["doctor", "--service", "http://127.0.0.1:9", "--service-token-env", "TOKEN"], 2],
  [["doctor", "adoption", "--from", "events.jsonl"], 0],
  [["mcp", "proxy", "--policy", "policy.yaml", "--call", "call.json", ...GATE, "--no-config"], 0],
  [["mcp", "bridge", "--policy", "policy.yaml", "--call", "call.json", ...GATE, "--no-config"], 0],
];

/** Rules of the sample policy with another member in the first one. */
function withMember(member: string): string {
  return POLICY.replace("effect: allow\n", `effect: allow\n    ${member}\n`);
}

/** A call as an agent framework sends it. */
const CALL = JSON.stringify({
  name: "tool.read",
  args: { path: "/d/a" },
  context: { identity: "alice", workspace: "/repo", risk_class: "low", session_id: "s" },
});

/** A run to record. */
const RUN = JSON.stringify({
  run: {
    schema_id: "gait.runpack.run",
    schema_version: "1.0.0",
    created_at: "2026-01-01T00:00:00Z",
    producer_version: "0.0.0-dev",
    run_id: "run_small",
    env: { os: "linux", arch: "amd64", runtime: "test" },
    timeline: [],
  },
  intents: [],
  results: [],
  refs: {
    schema_id: "gait.runpack.refs",
    schema_version: "1.0.0",
    created_at: "2026-01-01T00:00:00Z",
    producer_version: "0.0.0-dev",
    run_id: "run_small",
    receipts: [],
  },
  capture_mode: "reference",
});

/** Files that the command lines read. */
export async function prepare(dir: string): Promise<void> {
  await put(dir, "policy.yaml", POLICY);
  await put(dir, "broker.yaml", withMember("require_broker_credential: true"));
  await put(
    dir,
    "limit.yaml",
    withMember("rate_limit: { requests: 5, window: hour, scope: tool }"),
  );
  await put(dir, "intent.json", intentText("tool.read"));
  await put(dir, "fixtures/a.json", intentText("tool.read"));
  await put(dir, "pay.json", intentText("tool.pay"));
  await put(dir, ".gait/config.yaml", "gate:\n  policy: policy.yaml\n");
  await put(dir, "traces/note.txt", "no trace");
  await put(dir, "call.json", CALL);
  await put(dir, "run.json", RUN);
  await put(dir, "events.jsonl", "");
  await put(dir, "broker.sh", `echo '{"credential_ref":"r1"}'\n`);
}
