/** Rows of docs/divergences.md that no other test holds, through the command line. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";

const SIGNED = ["--key-mode", "prod", "--private-key", "keys/gate_private.key"];

/** A policy with one rule. */
function policyWith(rule: string): string {
  return `default_verdict: block\nrules:\n- {name: only, match: {tool_names: [tool.read]}, ${rule}}\n`;
}

/** Runs a command line and takes its JSON output out of the world. */
async function run(world: MemoryWorld, ...argv: string[]) {
  const exit = await runCli([...argv, "--json"], world.ports);
  const json = JSON.parse(world.stdout.splice(0).join(""));
  world.stderr.splice(0);
  return { exit, json };
}

/** A world with keys, an intent and a policy of one rule. */
async function worldWith(rule: string): Promise<MemoryWorld> {
  const world = memoryWorld();
  world.env.set("HOME", "/home/user");
  world.files.put("policy.yaml", policyWith(rule));
  const context = { identity: "worker", workspace: "/work", risk_class: "low" };
  world.files.put(
    "intent.json",
    JSON.stringify({
      schema_id: "gait.gate.intent_request",
      schema_version: "1.0.0",
      tool_name: "tool.read",
      args: { path: "/tmp/a" },
      targets: [],
      arg_provenance: [],
      context,
    }),
  );
  for (const prefix of ["gate", "alice"]) {
    await run(world, "keys", "init", "--out-dir", "keys", "--prefix", prefix);
  }
  return world;
}

const EVAL = ["gate", "eval", "--policy", "policy.yaml", "--intent", "intent.json", ...SIGNED];
const APPROVE = [
  ...["approve", "--policy", "policy.yaml", "--intent", "intent.json", "--approver", "alice"],
  ...["--reason-code", "ok", "--ttl", "1h", "--scope", "tool:tool.read", "--out", "token.json"],
];
const TOKEN = ["--approval-token", "token.json", "--approval-public-key", "keys/alice_public.key"];

/** Names of files in the working directory that fit. */
function names(world: MemoryWorld, pattern: RegExp): string[] {
  return [...world.files.files().keys()].map((path) => path.replace("/work/", ""))
    .filter((path) => pattern.test(path));
}

Deno.test("gate eval never lifts a dry_run rule to allow by approvals (G3)", async () => {
  const world = await worldWith("effect: dry_run, min_approvals: 1");
  const approver = ["--key-mode", "prod", "--private-key", "keys/alice_private.key"];
  assertEquals((await run(world, ...APPROVE, ...approver)).exit, 0);
  const { exit, json } = await run(world, ...EVAL, ...TOKEN, "--exit-mode", "strict");
  assertEquals(exit, 3);
  assert(json.verdict === "dry_run" || json.verdict === "block", json.verdict);
});

Deno.test("gate eval --simulate counts nothing and marks its trace (G7)", async () => {
  const world = await worldWith("effect: block, rate_limit: {requests: 1, window: hour}");
  const { exit, json } = await run(world, ...EVAL, "--simulate");
  assertEquals([exit, json.verdict, json.would_have_blocked], [0, "allow", true]);
  assertEquals(names(world, /rate_limits/), []);
  const [trace = "", ...others] = names(world, /trace_.*\.json$/);
  assertEquals(others, []);
  assertMatch(trace, /^simulated_trace_/);
  const record = JSON.parse(world.files.text(trace) ?? "{}");
  assertEquals(record.violations, ["simulate_mode_non_enforcing"]);
  const strict = await run(world, ...EVAL, "--simulate", "--exit-mode", "strict");
  assertEquals(strict.exit, 3);
});

Deno.test("gate eval signs the audit records beside the trace (E13)", async () => {
  const world = await worldWith("effect: require_approval");
  assertEquals((await run(world, ...EVAL, "--approval-audit-out", "audit.json")).exit, 4);
  const signature = JSON.parse(world.files.text("audit.sig.json") ?? "{}");
  assertEquals(signature.signature.alg, "ed25519");
  assertEquals(JSON.stringify(signature).includes("audit.json"), true);
});

Deno.test("approve warns about a key that dies, and oss-prod refuses it (E14)", async () => {
  const world = await worldWith("effect: require_approval");
  const weak = await run(world, ...APPROVE);
  assertEquals(weak.exit, 0);
  const codes = weak.json.warning_details.map((each: { code: string }) => each.code);
  assert(codes.includes("dev_signing_key"), codes.join());
  assertEquals(names(world, /^token\.public\.key$/).length, 1);
  const strict = await run(world, ...APPROVE, "--profile", "oss-prod");
  assertEquals([strict.exit, strict.json.error_code], [6, "profile_refused"]);
});

Deno.test("trace verify refuses a comma as fraction separator", async () => {
  const world = await worldWith("effect: allow");
  assertEquals((await run(world, ...EVAL, "--trace-out", "t.json")).exit, 0);
  const text = world.files.text("t.json") ?? "";
  const odd = text.replace(/("observed_at": "[^".]*)\.(\d)/, "$1,$2");
  assert(odd !== text);
  world.files.put("odd.json", odd);
  const key = ["--public-key", "keys/gate_public.key"];
  assertEquals((await run(world, "trace", "verify", "t.json", ...key)).exit, 0);
  const refused = await run(world, "trace", "verify", "odd.json", ...key);
  assert(refused.exit !== 0 && refused.json.ok === false);
});

Deno.test("policy simulate says how many fixtures a candidate relaxes", async () => {
  const world = await worldWith("effect: block");
  world.files.put("new.yaml", policyWith("effect: dry_run"));
  const { exit, json } = await run(
    world,
    ...["policy", "simulate", "--policy", "new.yaml", "--baseline", "policy.yaml"],
    ...["--fixtures", "intent.json"],
  );
  assertEquals([exit, json.relaxed_fixtures], [0, 1]);
  assertEquals(json.recommendation, "enforce"); // the reference's word, which misses the relaxation
  assertStringIncludes(json.warnings.join(), "less strict");
});
