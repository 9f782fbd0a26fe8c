/** A hostile folder and careless command lines against `gait gate eval` and `gait enforce`. */

import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import type { MemoryWorld } from "../support/memory_ports.ts";
import { gateWorld, run, SIGNED } from "../unit/commands/_run.ts";

const EVAL = ["gate", "eval", "--policy", "policy.yaml", "--intent", "intent.json", "--json"];

const LIMITED = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block
rules:
  - name: reads
    effect: allow
    min_approvals: 2
    rate_limit: {requests: 100, window: hour}
    match: {tool_names: [tool.read]}
`;

/** A world with a second way into the folder of the keys. */
async function linkedWorld(): Promise<MemoryWorld> {
  const world = await gateWorld(LIMITED);
  world.files.link("alias", "/work/keys");
  world.files.put("alice.public.key", "cGxhaW4=\n");
  world.files.put("state.json", "{}");
  return world;
}

/** All files of a world with their content, as text. */
function snapshot(world: MemoryWorld): Map<string, string> {
  return new Map(world.files.files());
}

Deno.test("gate eval overwrites no input, however an output is spelled", async () => {
  const key = ["--approval-public-key", "keys/alice_public.key"];
  const cases: readonly (readonly string[])[] = [
    [...SIGNED, "--trace-out", "./keys/gate_private.key"],
    [...SIGNED, "--trace-out", "/work/keys/gate_private.key"],
    [...SIGNED, "--trace-out", "alias/gate_private.key"],
    [...SIGNED, "--trace-out", "/work/keys/../keys//gate_private.key"],
    [...SIGNED, ...key, "--trace-out", "alias/alice_public.key"],
    [...SIGNED, "--delegation-private-key", "keys/lead_private.key"].concat(
      ["--approval-audit-out", "alias/lead_private.key"],
    ),
    [...SIGNED, "--trace-out", "/work/policy.yaml"],
    [...SIGNED, "--trace-out", "/work/intent.json"],
    [...SIGNED, "--trace-out", "/home/user/.local/state/gait/approval_store.json"],
    [...SIGNED, "--trace-out", ".gait-out/gate_rate_limits.json"],
    [...SIGNED, "--trace-out", "/work/.gait-out/gate_rate_limits.json.lock"],
    [...SIGNED, "--rate-limit-state", "state.json", "--trace-out", "/work/state.json"],
    [...SIGNED, "--rate-limit-state", "policy.yaml"],
    [...SIGNED, "--rate-limit-state", "/work/intent.json"],
    [...SIGNED, "--approval-audit-out", "a.json", "--trace-out", "a.sig.json"],
    [...SIGNED, "--approval-audit-out", "a.json", "--delegation-audit-out", "/work/a.json"],
    ["--approval-public-key", "alice.public.key", "--trace-out", "alice.json"],
  ];
  for (const flags of cases) {
    const world = await linkedWorld();
    const before = snapshot(world);
    const { exit, json } = await run(world, ...EVAL, ...flags);
    assertEquals([json.error_code, json.verdict], ["path_not_allowed", "block"], flags.join(" "));
    assertNotEquals(exit, 0);
    assertEquals(snapshot(world), before);
  }
});

Deno.test("gate eval still writes outputs that are nobody's input", async () => {
  for (const out of ["t.json", "alias/t.json", "/work/deep/new/t.json", "./keys/../t.json"]) {
    const world = await linkedWorld();
    const { exit } = await run(world, ...EVAL, ...SIGNED, "--trace-out", out);
    assertEquals(exit, out.includes("..") ? 6 : 0, out);
    if (exit === 0) {
      assertEquals((await run(world, ...EVAL, ...SIGNED, "--trace-out", out)).exit, 0);
    }
  }
});

/** A config in the folder that the agent works in. */
function plant(world: MemoryWorld, lines: string): void {
  world.files.put(".gait/config.yaml", `gate:\n${lines}`);
}

Deno.test("an empty flag does not hand the choice to an untrusted project config", async () => {
  const planted = {
    policy: "all.yaml",
    "approval-public-key": "keys/alice_public.key",
    "private-key": "keys/alice_private.key",
    profile: "standard",
    "trace-out": "t.json",
  };
  for (const [flag, value] of Object.entries(planted)) {
    for (const blank of ["", "  "]) {
      const world = await gateWorld();
      world.files.put("all.yaml", LIMITED.replace("block", "allow"));
      const key = flag === "trace-out" ? "trace_path" : flag.replaceAll("-", "_");
      plant(world, `  ${key}: ${value}\n`);
      const line = ["gate", "eval", "--intent", "intent.json", "--json", `--${flag}`, blank];
      if (flag !== "policy") line.push("--policy", "policy.yaml");
      const { exit, json } = await run(world, ...line);
      assertEquals([exit, json.error_code, json.verdict], [6, "usage", "block"], flag);
    }
  }
});

Deno.test("an untrusted project config overwrites no file but records of gait", async () => {
  for (const key of ["trace_path", "credential_evidence_path"]) {
    const world = await gateWorld();
    world.files.put("notes.txt", "important");
    for (const path of ["notes.txt", ".gait/config.yaml", "./keys/gate_public.key"]) {
      plant(world, `  ${key}: ${path}\n`);
      const before = snapshot(world);
      const { exit, json } = await run(world, ...EVAL, ...SIGNED);
      assertEquals([exit, json.error_code], [6, "config_untrusted"], path);
      assertEquals(snapshot(world), before);
    }
    plant(world, `  ${key}: trace.json\n`);
    for (let i = 0; i < 2; i++) assertEquals((await run(world, ...EVAL, ...SIGNED)).exit, 0);
  }
});

Deno.test("an untrusted project config does not show the broker's variables to a child", async () => {
  const world = await gateWorld();
  world.env.set("PATH", "/bin");
  world.env.set("GAIT_BROKER_TOKEN_X", "secret");
  world.env.set("OTHER_Y", "secret");
  world.files.put("/bin/echo", "program", 0o755);
  plant(world, "  credential_env_prefix: OTHER_\n");
  await run(world, "enforce", "--policy", "policy.yaml", ...SIGNED, "--", "echo");
  assertEquals(world.inherited.length, 1);
  assertEquals([...world.inherited[0]?.withoutVariables ?? []].sort(), [
    "GAIT_BROKER_TOKEN_X",
    "OTHER_Y",
  ]);
});

Deno.test("a command broker sees no variable that holds a private key", async () => {
  const world = await gateWorld(
    LIMITED.replace("min_approvals: 2", "require_broker_credential: true"),
  );
  const key = snapshot(world).get("/work/keys/gate_private.key") ?? "";
  world.env.set("GATE_KEY", key);
  world.onCommand = () => ({ stdout: new TextEncoder().encode('{"credential_ref":"r"}') });
  const broker = ["--credential-broker", "command", "--credential-command", "/bin/broker"];
  const line = [...EVAL, "--key-mode", "prod", "--private-key-env", "GATE_KEY", ...broker];
  const { exit, json } = await run(world, ...line);
  assertEquals([exit, json.verdict], [0, "allow"]);
  assertEquals(world.commands.map(({ blankVariables }) => blankVariables), [["GATE_KEY"]]);
});

Deno.test("trace verify tells a simulated trace from one that allows", async () => {
  const world = await gateWorld(LIMITED.replace("effect: allow", "effect: block"));
  const line = [...EVAL, ...SIGNED, "--simulate", "--trace-out", "t.json"];
  assertEquals((await run(world, ...line)).json.verdict, "allow");
  const verify = ["trace", "verify", "t.json", "--public-key", "keys/gate_public.key"];
  const { json } = await run(world, ...verify, "--json");
  assertEquals([json.ok, json.simulate_mode], [true, true]);
  assertEquals(json.warning_details.map((item: { code: string }) => item.code), [
    "trace_simulated",
  ]);
  const { stdout } = await run(world, ...verify);
  assertStringIncludes(stdout, "simulated: this trace allows nothing");

  const honest = await gateWorld(LIMITED);
  await run(honest, ...EVAL, ...SIGNED, "--trace-out", "t.json");
  const plain = await run(honest, ...verify, "--json");
  assertEquals([plain.json.simulate_mode, plain.json.warnings], [undefined, undefined]);
});

Deno.test("enforce finds no program through a relative entry of PATH", async () => {
  for (const path of [".", "bin", "./bin", "", "bin:.:", "\\bin"]) {
    const world = await gateWorld();
    world.env.set("PATH", path);
    for (const name of ["tool", "bin/tool", "\\bin/tool"]) world.files.put(name, "evil", 0o755);
    const { exit, json } = await run(
      world,
      ...["enforce", "--policy", "policy.yaml", ...SIGNED, "--json", "--", "tool"],
    );
    assertEquals([exit, json.verdict, world.inherited.length], [7, "block", 0], path);
  }
});
