import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { gateWorld, intentText, names, POLICY, run, SIGNED } from "./_run.ts";

const EVAL = ["gate", "eval", "--policy", "policy.yaml", "--intent", "i.json"];

/** Verdict, exit code and tool of the sample policy. */
const CASES = [
  { tool: "tool.read", verdict: "allow", strict: 0, compat: 0 },
  { tool: "tool.none", verdict: "block", strict: 3, compat: 3 },
  { tool: "tool.pay", verdict: "require_approval", strict: 4, compat: 4 },
  { tool: "tool.try", verdict: "dry_run", strict: 3, compat: 0 },
] as const;

Deno.test("gate eval exits by verdict and exit mode, never 0 without allow in strict mode", async () => {
  for (const { tool, verdict, strict, compat } of CASES) {
    const world = await gateWorld();
    world.files.put("i.json", intentText(tool));
    for (const [mode, exit] of [["strict", strict], ["compat", compat], ["", compat]] as const) {
      const flags = mode === "" ? [] : ["--exit-mode", mode];
      const ran = await run(world, ...EVAL, ...SIGNED, ...flags, "--json");
      assertEquals([ran.exit, ran.json.verdict], [exit, verdict], `${tool} ${mode}`);
      const codes = (ran.json.warning_details ?? []).map((w: { code: string }) => w.code);
      assertEquals(
        codes.includes("exit_zero_without_allow"),
        exit === 0 && verdict !== "allow",
      );
    }
    for (const mode of ["strict", "compat"]) {
      const ran = await run(world, ...EVAL, ...SIGNED, "--exit-mode", mode, "--simulate", "--json");
      assertEquals(ran.exit, mode === "strict" ? 3 : 0, `simulate ${tool}`);
      assertEquals(ran.json.simulate_mode, true);
    }
  }
});

Deno.test("gate eval in oss-prod is strict unless told otherwise", async () => {
  const world = await gateWorld();
  world.files.put("i.json", intentText("tool.try"));
  const profile = ["--profile", "oss-prod", ...SIGNED, "--json"];
  assertEquals((await run(world, ...EVAL, ...profile)).exit, 3);
  assertEquals((await run(world, ...EVAL, ...profile, "--exit-mode", "compat")).exit, 0);
});

Deno.test("gate eval writes a trace under a name of its own for every event", async () => {
  const world = await gateWorld();
  world.files.put("i.json", intentText("tool.read"));
  const [one, two] = [
    await run(world, ...EVAL, ...SIGNED, "--json"),
    await run(world, ...EVAL, ...SIGNED, "--json"),
  ];
  assertEquals(one.json.trace_id, two.json.trace_id);
  assertNotEquals(one.json.event_id, two.json.event_id);
  for (const { json } of [one, two]) {
    assertEquals(json.trace_path, `trace_${json.trace_id}_${json.event_id}.json`);
    const trace = JSON.parse(world.files.text(json.trace_path) ?? "");
    assertEquals([trace.trace_id, trace.event_id], [json.trace_id, json.event_id]);
    assertMatch(trace.observed_at, /^\d{4}-/);
    const checked = await run(
      world,
      "trace",
      "verify",
      json.trace_path,
      "--public-key",
      "keys/gate_public.key",
    );
    assertEquals(checked.exit, 0);
  }
});

Deno.test("gate eval in dev mode leaves the key that verifies its trace, and warns", async () => {
  const world = await gateWorld();
  world.files.put("i.json", intentText("tool.read"));
  const { json } = await run(world, ...EVAL, "--json");
  const key = json.trace_path.replace(/\.json$/, ".public.key");
  assertEquals(
    (await run(world, "trace", "verify", json.trace_path, "--public-key", key)).exit,
    0,
  );
  assert(json.warning_details.length > 0);
  for (const { code, message, severity } of json.warning_details) {
    assertMatch(code, /^[a-z0-9_]+$/);
    assert(json.warnings.includes(message));
    assert(["notice", "warning", "critical"].includes(severity));
  }
  const text = await run(world, ...EVAL);
  assertMatch(text.stderr, /^warning: .+ \[[a-z0-9_]+\]$/m);
});

Deno.test("gate eval warns about weak setups with stable codes", async () => {
  const world = await gateWorld(POLICY.replace("default_verdict: block", "default_verdict: allow"));
  const context = { identity: "a", workspace: "/w", risk_class: "low", surprise: 1 };
  world.files.put("i.json", intentText("tool.read", { context }));
  const { json } = await run(world, ...EVAL, ...SIGNED, "--simulate", "--json");
  const codes = json.warning_details.map((each: { code: string }) => each.code);
  for (
    const code of [
      "unknown_context_keys",
      "default_verdict_allow",
      "simulate_non_enforcing",
      "exit_zero_without_allow",
    ]
  ) assert(codes.includes(code), code);
});

Deno.test("gate eval warns about a missing approval key when a call needs an approval", async () => {
  for (const [verdict, warned] of [["require_approval", true], ["block", false]] as const) {
    const world = await gateWorld(`default_verdict: ${verdict}\n`);
    world.files.put("i.json", intentText("tool.other"));
    const { json } = await run(world, ...EVAL, ...SIGNED, "--json");
    const codes = (json.warning_details ?? []).map((each: { code: string }) => each.code);
    assertEquals(codes.includes("approval_key_missing"), warned, verdict);
  }
});

/** What must fail, with its code, and nothing written. */
const BAD: readonly (readonly [string, string[], string, number])[] = [
  ["no policy", ["--intent", "i.json"], "usage", 6],
  ["no intent", ["--policy", "policy.yaml"], "usage", 6],
  ["blank intent", ["--policy", "policy.yaml", "--intent", " "], "usage", 6],
  ["missing policy", ["--policy", "none.yaml", "--intent", "i.json"], "file_not_found", 6],
  ["missing intent", ["--policy", "policy.yaml", "--intent", "none.json"], "file_not_found", 6],
  ["policy is no policy", ["--policy", "i.json", "--intent", "i.json"], "policy_invalid", 6],
  ["intent is no JSON", ["--policy", "policy.yaml", "--intent", "policy.yaml"], "json_syntax", 6],
  [
    "bad profile",
    ["--policy", "policy.yaml", "--intent", "i.json", "--profile", "x"],
    "unsupported_value",
    6,
  ],
  [
    "bad exit mode",
    ["--policy", "policy.yaml", "--intent", "i.json", "--exit-mode", "x"],
    "unsupported_value",
    6,
  ],
  [
    "bad broker",
    ["--policy", "policy.yaml", "--intent", "i.json", "--credential-broker", "x"],
    "unsupported_value",
    6,
  ],
  [
    "bad key mode",
    ["--policy", "policy.yaml", "--intent", "i.json", "--key-mode", "x"],
    "key_invalid",
    6,
  ],
  [
    "missing key",
    ["--policy", "policy.yaml", "--intent", "i.json", "--key-mode", "prod"],
    "key_invalid",
    6,
  ],
  [
    "climbing output",
    ["--policy", "policy.yaml", "--intent", "i.json", "--trace-out", "../t.json"],
    "path_not_allowed",
    6,
  ],
  [
    "output is the policy",
    ["--policy", "policy.yaml", "--intent", "i.json", "--trace-out", "./policy.yaml"],
    "path_not_allowed",
    6,
  ],
  [
    "oss-prod with dev key",
    ["--policy", "policy.yaml", "--intent", "i.json", "--profile", "oss-prod"],
    "profile_refused",
    6,
  ],
  [
    "oss-prod simulates",
    [
      "--policy",
      "policy.yaml",
      "--intent",
      "i.json",
      "--profile",
      "oss-prod",
      "--simulate",
      ...SIGNED,
    ],
    "profile_refused",
    6,
  ],
];

Deno.test("gate eval answers bad input with one block, a code, a hint and nothing written", async () => {
  for (const [what, line, code, exit] of BAD) {
    const world = await gateWorld();
    world.files.put("i.json", intentText("tool.read"));
    const before = names(world);
    const ran = await run(world, "gate", "eval", ...line, "--json");
    const { json } = ran;
    assertEquals([ran.exit, json.ok, json.verdict], [exit, false, "block"], what);
    assert(
      json.error_code === code ||
        (code === "key_invalid" && json.error_code === "unsupported_value"),
      `${what}: ${json.error_code}`,
    );
    assertEquals(json.reason_codes, [json.error_code]);
    assert(json.error.length > 0 && json.hint.length > 0);
    assertEquals(names(world), before, what);
    const text = await run(world, "gate", "eval", ...line);
    assertEquals([text.exit, text.stdout], [exit, ""]);
    assertMatch(text.stderr, /gate eval error: .+\n(?: {2}.+\n)*hint: .+\nverdict: block/);
  }
});

Deno.test("gate eval names the place of a mistake", async () => {
  const world = await gateWorld(POLICY.replace("effect: dry_run", "effect: dry_run\n    efect: x"));
  world.files.put("i.json", intentText("tool.read"));
  const { json } = await run(world, ...EVAL, "--json");
  assertEquals([json.place.source, typeof json.place.line], ["policy.yaml", "number"]);
  assertMatch(json.error, /efect/);
});

Deno.test("gate eval takes the intent from standard input", async () => {
  const world = await gateWorld();
  world.stdin = intentText("tool.read");
  const line = ["gate", "eval", "--policy", "policy.yaml", "--intent", "-", "--json"];
  assertEquals((await run(world, ...line)).json.verdict, "allow");
});

Deno.test("gate eval blocks and leaves nothing when any file operation fails", async () => {
  const flags = ["--trace-out", "out/t.json", "--json"];
  const probe = await gateWorld();
  probe.files.put("i.json", intentText("tool.read"));
  const started = probe.files.operations;
  await run(probe, ...EVAL, ...SIGNED, ...flags);
  const count = probe.files.operations - started;
  assert(count > 3);
  for (let at = 1; at <= count; at++) {
    const world = await gateWorld();
    world.files.put("i.json", intentText("tool.read"));
    const before = names(world);
    world.files.fault.at = world.files.operations + at;
    const ran = await run(world, ...EVAL, ...SIGNED, ...flags);
    if (ran.exit === 0) continue; // a look that failed harmlessly, e.g. at permission bits
    assertEquals([ran.json.ok, ran.json.verdict], [false, "block"], `operation ${at}`);
    assertEquals(names(world), before, `operation ${at}`);
  }
});
