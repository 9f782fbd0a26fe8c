import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { readStoredZip } from "../../support/plain_zip.ts";
import type { MemoryWorld } from "../../support/memory_ports.ts";
import { gateWorld, names, POLICY, run, SIGNED } from "../commands/_run.ts";

const CONTEXT = { identity: "alice", workspace: "/work", session_id: "s1" };
const PROXY = ["mcp", "proxy", "--policy", "policy.yaml", "--call", "call.json", "--json"];

/** A native call. */
function callText(name: string, change: Record<string, unknown> = {}): string {
  return JSON.stringify({ name, args: { path: "/tmp/a" }, context: CONTEXT, ...change });
}

/** A world with a call in it. */
async function callWorld(name: string, policy = POLICY): Promise<MemoryWorld> {
  const world = await gateWorld(policy);
  world.files.put("call.json", callText(name));
  return world;
}

/** The intent that a call amounts to. */
function intentOf(name: string): string {
  return JSON.stringify({
    tool_name: name,
    args: { path: "/tmp/a" },
    context: { ...CONTEXT, risk_class: "high" },
  });
}

/** Codes of the warnings. */
function codes(json: { warning_details?: { code: string }[] }): string[] {
  return (json.warning_details ?? []).map(({ code }) => code);
}

/** Members of a zip file. */
async function membersOf(world: MemoryWorld, path: string): Promise<Map<string, string>> {
  const entry = world.files.entries.get(`/work/${path}`);
  assert(entry?.kind === "file");
  const members = await readStoredZip(entry.data);
  return new Map([...members].map(([name, data]) => [name, new TextDecoder().decode(data)]));
}

Deno.test("mcp proxy exits by verdict and executes nothing", async () => {
  const expected = [
    ["tool.read", "allow", 0],
    ["tool.none", "block", 3],
    ["tool.pay", "require_approval", 4],
    ["tool.try", "dry_run", 0],
  ] as const;
  for (const [tool, verdict, exit] of expected) {
    const world = await callWorld(tool);
    const { exit: got, json } = await run(world, ...PROXY, ...SIGNED);
    assertEquals([got, json.verdict, json.executed, json.ok], [exit, verdict, false, true]);
    assertEquals(codes(json).includes("exit_zero_without_allow"), verdict === "dry_run");
  }
});

Deno.test("mcp proxy in oss-prod exits 0 for a real allow only, and wants a whole context", async () => {
  const strict = [...SIGNED, "--profile", "oss-prod"];
  const world = await callWorld("tool.try");
  assertEquals((await run(world, ...PROXY, ...strict)).exit, 3);
  world.files.put("call.json", callText("tool.read"));
  assertEquals((await run(world, ...PROXY, ...strict)).exit, 0);
  for (const field of ["identity", "workspace", "session_id"]) {
    const context = { ...CONTEXT, [field]: " " };
    world.files.put("call.json", callText("tool.read", { context }));
    const before = names(world);
    const { exit, json } = await run(world, ...PROXY, ...strict);
    assertEquals([exit, json.verdict, json.error_detail_code], [6, "block", "profile_refused"]);
    assertStringIncludes(json.error, `context.${field}`);
    assertEquals(names(world), before);
  }
});

Deno.test("mcp proxy serves foreign adapters in oss-prod when context stands beside the call", async () => {
  const world = await callWorld("tool.read");
  world.files.put("call.json", '{"type":"tool_use","name":"tool.read","input":{}}');
  const argv = [...PROXY, ...SIGNED, "--profile", "oss-prod", "--adapter", "anthropic"];
  assertEquals((await run(world, ...argv)).exit, 6);
  world.files.put("context.json", JSON.stringify({ context: CONTEXT }));
  const { exit, json } = await run(world, ...argv, "--context", "context.json");
  assertEquals([exit, json.session_id, json.adapter], [0, "s1", "anthropic"]);
  world.files.put("context.json", JSON.stringify({ context: CONTEXT, contxt: {} }));
  const refused = await run(world, ...argv, "--context", "context.json");
  assertEquals([refused.exit, refused.json.error_detail_code], [6, "call_invalid"]);
});

Deno.test("mcp proxy honours an approval of the very intent", async () => {
  const world = await callWorld("tool.pay");
  world.files.put("intent.json", intentOf("tool.pay"));
  const minted = await run(
    world,
    ...["approve", "--policy", "policy.yaml", "--intent", "intent.json", "--approver", "alice"],
    ...["--reason-code", "ok", "--ttl", "1h", "--key-mode", "prod"],
    ...["--private-key", "keys/alice_private.key", "--out", "token.json", "--json"],
  );
  assertEquals(minted.exit, 0);
  const keys = ["--approval-public-key", "keys/alice_public.key"];
  const approved = [...PROXY, ...SIGNED, ...keys, "--approval-token", "token.json"];
  const first = await run(world, ...approved);
  assertEquals([first.exit, first.json.verdict, first.json.valid_approvals], [0, "allow", 1]);
  assert(names(world).some((name) => name.includes("approval_audit_")));
  const again = await run(world, ...approved);
  assertEquals([again.exit, again.json.verdict], [4, "require_approval"]);
  world.files.put("call.json", callText("tool.pay", { args: { path: "/tmp/b" } }));
  assertEquals((await run(world, ...approved)).exit, 4);
});

Deno.test("mcp proxy counts rate limits and asks for credentials like gate eval", async () => {
  const limit = "    rate_limit:\n      requests: 1\n      window: hour\n      scope: tool\n";
  const limited = await callWorld("tool.read", POLICY.replace("allow\n", `allow\n${limit}`));
  assertEquals((await run(limited, ...PROXY, ...SIGNED)).exit, 0);
  assertEquals((await run(limited, ...PROXY, ...SIGNED)).json.verdict, "block");
  const broker = "    require_broker_credential: true\n    broker_reference: vault\n";
  const wants = await callWorld("tool.read", POLICY.replace("allow\n", `allow\n${broker}`));
  assertEquals((await run(wants, ...PROXY, ...SIGNED)).exit, 3);
  const served = await run(wants, ...PROXY, ...SIGNED, "--credential-broker", "stub");
  assertEquals([served.exit, served.json.credential_issuer], [0, "stub"]);
});

Deno.test("mcp proxy leaves a trace of its own for every call, and verifies", async () => {
  const world = await callWorld("tool.read");
  const one = (await run(world, ...PROXY, ...SIGNED, "--run-id", "r 1")).json;
  const two = (await run(world, ...PROXY, ...SIGNED, "--run-id", "r 1")).json;
  assertMatch(one.trace_path, /^trace_run_r_1_\d{8}T\d{6}\.\d{9}_[0-9a-f]{24}\.json$/);
  assertNotEquals(one.trace_path, two.trace_path);
  const checked = await run(
    world,
    ...["trace", "verify", one.trace_path, "--public-key", "keys/gate_public.key"],
  );
  assertEquals(checked.exit, 0);
});

Deno.test("mcp proxy tells spellings of one call apart", async () => {
  const world = await callWorld("tool.read");
  const one = (await run(world, ...PROXY, ...SIGNED)).json;
  world.files.put("call.json", callText("tool.read\n"));
  const two = (await run(world, ...PROXY, ...SIGNED)).json;
  assertEquals(one.intent_digest, two.intent_digest);
  assertNotEquals(one.raw_call_digest, two.raw_call_digest);
});

Deno.test("mcp proxy keeps arguments out of the runpack where the profile is strict", async () => {
  const secret = { path: "/tmp/a", token: "hunter2" };
  const world = await callWorld("tool.read");
  world.files.put("call.json", callText("tool.read", { args: secret }));
  const packs = [...PROXY, ...SIGNED, "--runpack-out", "rp.zip"];
  const plain = await run(world, ...packs);
  assert(codes(plain.json).includes("raw_in_reference_mode"));
  assertStringIncludes((await membersOf(world, "rp.zip")).get("intents.jsonl") ?? "", "hunter2");
  for (
    const flags of [["--profile", "oss-prod"], ["--capture-mode", "digest-only", "--sign-runpack"]]
  ) {
    const strict = await run(world, ...packs, ...flags);
    assertEquals(strict.exit, 0);
    assertEquals(codes(strict.json).includes("raw_in_reference_mode"), false);
    const members = await membersOf(world, "rp.zip");
    for (const text of members.values()) assertEquals(text.includes("hunter2"), false);
    const signed = flags.includes("--sign-runpack");
    assertEquals((members.get("manifest.json") ?? "").includes('"signatures"'), signed);
  }
});

Deno.test("mcp proxy sees targets of known tools when asked, and by default in new adapters", async () => {
  const policy = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block
rules:
  - name: reads
    priority: 10
    effect: allow
    match:
      tool_names: [read]
    endpoint:
      enabled: true
      path_allowlist: ["/srv/**"]
`;
  const world = await callWorld("Read", policy);
  const hook = (path: string) =>
    JSON.stringify({
      hook_event_name: "PreToolUse",
      tool_name: "Read",
      tool_input: { file_path: path },
    });
  const argv = [...PROXY, ...SIGNED, "--adapter", "claude_code"];
  world.files.put("call.json", hook("/srv/a"));
  assertEquals((await run(world, ...argv)).json.verdict, "allow");
  world.files.put("call.json", hook("/srv/../etc/shadow"));
  assertEquals((await run(world, ...argv)).json.verdict, "block");
  const blind = await run(world, ...argv, "--infer-targets", "off");
  assertNotEquals(blind.json.intent_digest, undefined);
  const openai = { function: { name: "Read", arguments: '{"file_path":"/etc/shadow"}' } };
  world.files.put("call.json", JSON.stringify(openai));
  const seen = await run(
    world,
    ...[...PROXY, ...SIGNED, "--adapter", "openai", "--infer-targets", "on"],
  );
  assertEquals(seen.json.verdict, "block");
});

Deno.test("mcp proxy warns about what it does not read", async () => {
  const world = await callWorld("tool.read");
  const context = { ...CONTEXT, surprise: 1 };
  world.files.put("call.json", callText("tool.read", { context }));
  const native = (await run(world, ...PROXY, ...SIGNED)).json;
  assertEquals(codes(native).filter((code) => code === "unknown_context_keys").length, 1);
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}`.repeat(5_000), 1]));
  world.files.put("call.json", callText("tool.read", { context: { ...CONTEXT, ...many } }));
  const long = (await run(world, ...PROXY, ...SIGNED)).json;
  assertEquals(codes(long).filter((code) => code === "unknown_context_keys").length, 1);
  assert(JSON.stringify(long).length < 10_000, "keys of a client are cut");
  const envelope = { type: "tool_use", name: "tool.read", input: {}, targets: [], context };
  world.files.put("call.json", JSON.stringify(envelope));
  const foreign = (await run(world, ...PROXY, ...SIGNED, "--adapter", "anthropic")).json;
  assertEquals(foreign.ignored_members, ["context", "targets"]);
  assert(codes(foreign).includes("envelope_members_ignored"));
  assert(codes(foreign).includes("fallback_context"));
});

Deno.test("mcp proxy refuses paths before anything is written", async () => {
  const outputs = ["--trace-out", "--runpack-out", "--export-log-out", "--export-otel-out"];
  for (const flag of outputs) {
    for (const path of ["../x", "/", ".", "policy.yaml", "call.json", "./call.json"]) {
      const world = await callWorld("tool.read");
      const before = world.files.files();
      const { exit, json } = await run(world, ...PROXY, ...SIGNED, flag, path);
      assertEquals(
        [exit, json.error_code, json.executed],
        [6, "invalid_input", false],
        `${flag} ${path}`,
      );
      assertEquals(world.files.files(), before);
    }
  }
  const world = await callWorld("tool.read");
  const same = ["--export-log-out", "x.jsonl", "--export-otel-out", "./x.jsonl"];
  assertEquals((await run(world, ...PROXY, ...SIGNED, ...same)).exit, 6);
});

Deno.test("mcp proxy trims output paths, and cleans detours that stay inside", async () => {
  const world = await callWorld("tool.read");
  const { exit, json } = await run(
    world,
    ...PROXY,
    ...SIGNED,
    ...["--trace-out", " gone/../t.json ", "--runpack-out", "./out/../p/rp.zip"],
    ...["--export-log-out", "a/b/../../l.jsonl", "--export-otel-out", " o.jsonl\t"],
  );
  assertEquals(exit, 0);
  assertEquals(
    [json.trace_path, json.runpack_path, json.log_export, json.otel_export],
    ["gone/../t.json", "./out/../p/rp.zip", "a/b/../../l.jsonl", "o.jsonl"],
  );
  for (const name of ["t.json", "p/rp.zip", "l.jsonl", "o.jsonl"]) {
    assert(world.files.entries.has(`/work/${name}`), name);
  }
  for (const climbing of ["a/../../t.json", "..", "./..", "a/..", "a\\..\\..\\t.json"]) {
    for (const flag of ["--trace-out", "--runpack-out", "--export-log-out", "--export-otel-out"]) {
      const refused = await run(world, ...PROXY, ...SIGNED, flag, climbing);
      assertEquals([refused.exit, refused.json.error_code], [6, "invalid_input"], climbing);
    }
  }
});

Deno.test("mcp proxy explains a decision without changing it", async () => {
  for (const name of ["tool.read", "tool.delete"]) {
    const world = await callWorld(name);
    const plain = await run(world, ...PROXY, ...SIGNED, "--trace-out", "a.json");
    const told = await run(world, ...PROXY, ...SIGNED, "--trace-out", "b.json", "--explain");
    assertEquals([told.exit, told.json.verdict], [plain.exit, plain.json.verdict], name);
    assertEquals([typeof told.json.explanation, plain.json.explanation], ["object", undefined]);
  }
  const world = await callWorld("tool.read");
  const valued = await run(world, ...PROXY, ...SIGNED, "--run-id", "--explain");
  assertEquals([valued.json.run_id, valued.json.explanation], ["run_--explain", undefined]);
});

Deno.test("mcp proxy says what it wants when there is no policy", async () => {
  const world = await callWorld("tool.read");
  const { exit, json } = await run(world, "mcp", "proxy", "--call", "call.json", "--json");
  const error = "expected --policy <policy.yaml> and --call <tool_call.json|->";
  assertEquals([exit, json.error], [6, error]);
});

Deno.test("mcp proxy reports every failure as a block", async () => {
  const cases: readonly (readonly [string[], string])[] = [
    [["--call", "none.json"], "file_not_found"],
    [["--adapter", "autogpt"], "unsupported_value"],
    [["--infer-targets", "perhaps"], "unsupported_value"],
    [["--capture-mode", "all"], "unsupported_value"],
    [["--run-id", "x".repeat(300)], "call_invalid"],
    [["--call", "-", "--context", "-"], "usage"],
    [["--nope"], "usage"],
    [["extra"], "usage"],
  ];
  for (const [flags, detail] of cases) {
    const world = await callWorld("tool.read");
    const before = names(world);
    const { exit, json } = await run(world, ...PROXY, ...SIGNED, ...flags);
    assertEquals([exit, json.verdict, json.executed], [6, "block", false], flags.join(" "));
    assertEquals([json.error_code, json.error_detail_code], ["invalid_input", detail]);
    assertEquals(names(world), before);
  }
});

Deno.test("mcp proxy refuses hostile documents and writes nothing", async () => {
  const documents: readonly (readonly [string, string])[] = [
    ['{"name":"tool.read","name":"tool.none"}', "json_duplicate_key"],
    ['{"name":"tool.read","args":{"a":1,"a":2}}', "json_duplicate_key"],
    [`{"name":"tool.read","args":${"[".repeat(5000)}`, "text_too_deep"],
    [`{"name":"tool.read","args":{"a":"${"x".repeat(5_000_000)}"}}`, "input_too_large"],
    ['{"name":"tool.read","args":{"n":12345678901234567890}}', "json_unsafe_number"],
    ['{"name":"tool.read","args":{"a":"\\ud800"}}', "text_encoding"],
    ['\ufeff{"name":"tool.read"}', "text_encoding"],
    ['{"name":"tool.read"}{"name":"tool.none"}', "json_syntax"],
    ['{"Name":"tool.read"}', "call_invalid"],
    ['{"name":"tool.read","__proto__":{"args":{}}}', "call_invalid"],
    ['{"name":"tool.read","args":{" a":1,"a ":2}}', "intent_invalid"],
    ['{"name":"tool.read","context":"alice"}', "call_invalid"],
    ['{"name":"tool.read","context":{"identity":7}}', "call_invalid"],
    ['{"name":"tool.read","context":{"run_id":[]}}', "call_invalid"],
    ['{"name":"tool.read","targets":{}}', "intent_invalid"],
    ['{"name":"tool.read","delegation":[]}', "intent_invalid"],
    ["", "json_syntax"],
  ];
  const world = await callWorld("tool.read");
  for (const [text, detail] of documents) {
    world.files.put("call.json", text);
    const before = world.files.files();
    const { exit, json } = await run(world, ...PROXY, ...SIGNED);
    const shown = text.slice(0, 60);
    assertEquals([exit, json.error_detail_code, json.verdict], [6, detail, "block"], shown);
    assert(JSON.stringify(json).length < 2000, shown);
    assertEquals(world.files.files(), before);
  }
});

Deno.test("mcp proxy leaves a decision with its evidence, or an error without, at every failure", async () => {
  const argv = [
    ...PROXY,
    ...SIGNED,
    ...["--trace-out", "t.json", "--runpack-out", "rp.zip"],
    ...["--export-log-out", "log.jsonl", "--export-otel-out", "otel.jsonl"],
  ];
  const calm = await callWorld("tool.read");
  const start = calm.files.operations;
  assertEquals((await run(calm, ...argv)).exit, 0);
  const count = calm.files.operations - start;
  assert(count > 10);
  for (let n = 1; n <= count; n++) {
    const world = await callWorld("tool.read");
    world.files.fault.at = world.files.operations + n;
    const { exit, json } = await run(world, ...argv);
    const kept = ["t.json", "rp.zip"].filter((path) => world.files.text(path) !== undefined);
    if (exit === 0) {
      assertEquals(kept, ["t.json", "rp.zip"], `operation ${n}`);
      continue;
    }
    assertEquals([json.ok, json.verdict, json.executed], [false, "block", false]);
    assertEquals(kept, [], `operation ${n}: ${json.error}`);
    for (const log of ["log.jsonl", "otel.jsonl"]) {
      const lines = (world.files.text(log) ?? "").split("\n").filter((line) => line !== "");
      const told = lines.filter((line) =>
        line.includes('"verdict"') || line.includes("gait.verdict")
      );
      const withdrawn = lines.filter((line) => line.includes("withdrawn"));
      assertEquals(withdrawn.length, told.length, `${log} at operation ${n}: ${lines}`);
    }
  }
});

Deno.test("mcp bridge is another name of mcp proxy", async () => {
  const world = await callWorld("tool.read");
  const proxy = await run(world, ...PROXY, ...SIGNED);
  const bridge = await run(world, "mcp", "bridge", ...PROXY.slice(2), ...SIGNED);
  assertEquals(bridge.exit, proxy.exit);
  assertEquals(bridge.json.intent_digest, proxy.json.intent_digest);
  const text = await run(world, "mcp", "bridge", "policy.yaml", "call.json", ...SIGNED);
  assertMatch(text.stdout, /^mcp proxy: verdict=allow\ntrace: trace__/);
  assertEquals((await run(world, "mcp", "bridge", "--help")).exit, 0);
  assertEquals((await run(world, "mcp", "proxy", "--explain")).exit, 0);
});
