import { assert, assertEquals, assertMatch } from "@std/assert";
import { CONFIG_KEYS } from "../../../core/config/config_keys.ts";
import type { MemoryWorld } from "../../support/memory_ports.ts";
import { gateWorld, intentText, names, run, SIGNED } from "../commands/_run.ts";

const CONFIG = ".gait/config.yaml";
const EVAL = ["gate", "eval", "--intent", "intent.json", "--json"];

/** A policy that allows everything, as an attacker would plant it. */
const OPEN = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: allow
`;

/** A world with a project configuration. */
async function withConfig(gate: Record<string, string>): Promise<MemoryWorld> {
  const world = await gateWorld();
  world.files.put("open.yaml", OPEN);
  world.files.put(CONFIG, configText(gate));
  return world;
}

/** Text of a configuration. */
function configText(gate: Record<string, string>): string {
  return ["gate:", ...Object.entries(gate).map(([key, value]) => `  ${key}: "${value}"`)]
    .join("\n") + "\n";
}

/** Codes of the warnings. */
function warned(json: { warning_details?: { code: string }[] }): string[] {
  return (json.warning_details ?? []).map((each) => each.code);
}

/** Keys of the gate section by what an untrusted file may do with them. */
function gateKeys(...kinds: string[]): string[] {
  return CONFIG_KEYS.filter(({ path, trust }) => path.startsWith("gate.") && kinds.includes(trust))
    .map(({ path }) => path.slice("gate.".length));
}

Deno.test("an untrusted project config that sets a trust anchor is warned about in standard", async () => {
  const values: Record<string, string> = {
    policy: "open.yaml",
    key_mode: "dev",
    credential_broker: "off",
    fs_case: "insensitive",
    private_key: "keys/gate_private.key",
    approval_public_key: "keys/alice_public.key",
    delegation_public_key: "keys/lead_public.key",
  };
  for (const [key, value] of Object.entries(values)) {
    const world = await withConfig({ [key]: value });
    const flags = key === "policy" ? [] : ["--policy", "policy.yaml"];
    const mode = key === "private_key" ? ["--key-mode", "prod"] : [];
    const { exit, json } = await run(world, ...EVAL, ...flags, ...mode);
    assertEquals(exit, 0, key);
    assert(warned(json).includes("project_config_untrusted"), key);
    assert(json.warnings.some((text: string) => text.includes(`gate.${key}`)), key);
  }
});

Deno.test("an untrusted project config that sets an anchor is refused where oss-prod is in force", async () => {
  const force: readonly ((world: MemoryWorld) => string[])[] = [
    () => ["--profile", "oss-prod"],
    () => ["--profile", " OSS-Prod "],
    (world) => (world.env.set("GAIT_PROFILE", "oss-prod"), []),
    (world) => {
      world.files.put("/home/user/.config/gait/config.yaml", configText({ profile: "oss-prod" }));
      return [];
    },
  ];
  for (const key of gateKeys("anchor", "state")) {
    for (const [index, apply] of force.entries()) {
      const world = await withConfig({ [key]: "inside/x" });
      const before = names(world).length;
      const flags = apply(world);
      const { exit, json } = await run(
        world,
        ...EVAL,
        "--policy",
        "policy.yaml",
        ...SIGNED,
        ...flags,
      );
      assertEquals([exit, json.error_code, json.verdict], [6, "config_untrusted", "block"], key);
      assertEquals([json.place.source, json.place.line], [CONFIG, 2]);
      assertEquals(names(world).length, before + (index === 3 ? 1 : 0));
    }
  }
});

Deno.test("an untrusted project config never names a program, a socket or the store of spent approvals", async () => {
  for (const key of gateKeys("command", "memory")) {
    const world = await withConfig({ [key]: "planted" });
    const line = [...EVAL, "--policy", "policy.yaml", ...SIGNED];
    const { exit, json } = await run(world, ...line);
    assertEquals([exit, json.error_code], [6, "config_untrusted"], key);
    assertEquals(world.commands, []);
  }
});

Deno.test("an untrusted project config writes nothing outside of the working directory", async () => {
  const outside = [
    "/etc/x.json",
    "../x.json",
    "a/../../x.json",
    "C:\\x.json",
    "\\\\host\\x",
    "..\\x",
  ];
  for (const key of gateKeys("output", "state")) {
    for (const path of outside) {
      const world = await withConfig({ [key]: path.replaceAll("\\", "\\\\") });
      const { exit, json } = await run(world, ...EVAL, "--policy", "policy.yaml", ...SIGNED);
      assertEquals([exit, json.error_code], [6, "config_untrusted"], `${key} ${path}`);
    }
    const world = await withConfig({ [key]: "out/x.json" });
    assertEquals((await run(world, ...EVAL, "--policy", "policy.yaml", ...SIGNED)).exit, 0, key);
  }
});

Deno.test("an untrusted project config cannot leave the working directory through a link", async () => {
  for (const target of ["/home/user", "/work-of-others", "../home/user"]) {
    const world = await withConfig({ trace_path: "logs/deep/trace.json" });
    world.files.put("/home/user/x", "");
    world.files.put("/work-of-others/x", "");
    world.files.link("logs", target);
    const { exit, json } = await run(world, ...EVAL, "--policy", "policy.yaml", ...SIGNED);
    assertEquals([exit, json.error_code], [6, "config_untrusted"], target);
  }
  const world = await withConfig({ trace_path: "logs/trace.json" });
  world.files.put("real/x", "");
  world.files.link("logs", "real");
  assertEquals((await run(world, ...EVAL, "--policy", "policy.yaml", ...SIGNED)).exit, 0);
});

Deno.test("an untrusted project config changes nothing that the user's own config settles", async () => {
  const world = await withConfig({
    policy: "open.yaml",
    approval_public_key_env: "PLANTED",
    exit_mode: "compat",
    credential_broker: "stub",
  });
  world.files.put(
    "/home/user/.config/gait/config.yaml",
    configText({
      policy: "policy.yaml",
      approval_public_key: "keys/alice_public.key",
      exit_mode: "strict",
    }),
  );
  const { json } = await run(world, "config", "show", "--json");
  const shown = new Map<string, { value: string; source: string }>(
    json.settings.map((each: { key: string }) => [each.key, each]),
  );
  assertEquals(shown.get("gate.policy")?.source, "user config");
  assertEquals(shown.get("gate.approval_public_key")?.source, "user config");
  assertEquals(shown.get("gate.approval_public_key_env"), undefined);
  assertEquals(shown.get("gate.exit_mode")?.value, "strict");
  assertEquals(shown.get("gate.credential_broker")?.source, "project config");
  const trusted = await run(world, "config", "trust");
  assertEquals(trusted.exit, 0);
  const after = await run(world, "config", "show", "--json");
  const policy = after.json.settings.find((each: { key: string }) => each.key === "gate.policy");
  assertEquals([policy.value, policy.source], ["open.yaml", "project config"]);
});

Deno.test("an untrusted project config may tighten the profile, never loosen it", async () => {
  const strict = await withConfig({ profile: "oss-prod", exit_mode: "strict" });
  strict.files.put("/home/user/.config/gait/config.yaml", configText({ profile: "standard" }));
  const tightened = await run(strict, "config", "show", "--json");
  const of = (json: { settings: { key: string; value: string }[] }, key: string) =>
    json.settings.find((each) => each.key === key)?.value;
  assertEquals(of(tightened.json, "gate.profile"), "oss-prod");
  assertEquals(of(tightened.json, "gate.exit_mode"), "strict");
  const loose = await withConfig({ profile: "standard", exit_mode: "compat" });
  loose.env.set("GAIT_PROFILE", "oss-prod");
  const kept = await run(loose, "config", "show", "--json");
  assertEquals([of(kept.json, "gate.profile"), of(kept.json, "gate.exit_mode")], [
    "oss-prod",
    undefined,
  ]);
});

Deno.test("trust is given by digest and place, and any change revokes it", async () => {
  const world = await withConfig({ policy: "open.yaml" });
  const untrusted = async () =>
    warned((await run(world, ...EVAL)).json).includes("project_config_untrusted");
  assert(await untrusted());
  const trusted = await run(world, "config", "trust", "--json");
  assertEquals(trusted.exit, 0);
  assertMatch(trusted.json.sha256, /^[0-9a-f]{64}$/);
  assert(trusted.json.store.startsWith("/home/user/"));
  assertEquals(await untrusted(), false);
  const text = world.files.text(CONFIG) ?? "";
  world.files.put(CONFIG, `${text} `);
  assert(await untrusted());
  world.files.put(CONFIG, text);
  assertEquals(await untrusted(), false);
  world.files.put(trusted.json.store, "{}");
  assertEquals((await run(world, ...EVAL)).exit, 6);
});

Deno.test("a config that the caller names is trusted: --config, GAIT_CONFIG", async () => {
  const world = await withConfig({ signer_command: "planted" });
  world.files.put("own.yaml", configText({ policy: "policy.yaml" }));
  const flag = await run(world, ...EVAL, "--config", "own.yaml");
  assertEquals([flag.exit, warned(flag.json).includes("project_config_untrusted")], [0, false]);
  world.env.set("GAIT_CONFIG", "own.yaml");
  const env = await run(world, ...EVAL);
  assertEquals([env.exit, warned(env.json).includes("project_config_untrusted")], [0, false]);
  assertEquals(
    (await run(world, ...EVAL, "--config", "none.yaml")).json.error_code,
    "config_invalid",
  );
  assertEquals((await run(world, ...EVAL, "--config", " ")).json.error_code, "config_invalid");
  world.env.delete("GAIT_CONFIG");
  const none = await run(world, ...EVAL, "--no-config", "--policy", "policy.yaml");
  assertEquals(none.exit, 0);
});

Deno.test("a flag replaces the whole group of sources below it", async () => {
  const world = await withConfig({
    policy: "policy.yaml",
    key_mode: "prod",
    private_key_env: "NOT_SET",
  });
  const { exit, json } = await run(world, ...EVAL, "--private-key", "keys/gate_private.key");
  assertEquals([exit, json.verdict], [0, "allow"]);
  const dev = await run(world, ...EVAL, "--key-mode", "dev");
  assertEquals([dev.exit, dev.json.verdict], [0, "allow"]);
});

Deno.test("relative user directories are ignored: a project cannot be its own user", async () => {
  const world = await withConfig({ policy: "open.yaml" });
  world.env.set("XDG_CONFIG_HOME", "planted");
  world.env.set("XDG_STATE_HOME", ".");
  world.files.put("planted/gait/config.yaml", configText({ policy: "open.yaml" }));
  const { json } = await run(world, "config", "trust", "--json");
  assert(json.store.startsWith("/home/user/"));
  world.env.delete("HOME");
  const refused = await run(world, "config", "trust", "--json");
  assertEquals([refused.exit, refused.json.error_code], [6, "config_invalid"]);
});

Deno.test("a malformed config is one clear error for every command that reads it", async () => {
  const texts: readonly (readonly [string, string])[] = [
    ["gate:\n  polcy: x\n", "config_invalid"],
    ["gates:\n  policy: x\n", "config_invalid"],
    ["gate: [1]\n", "config_invalid"],
    ["- 1\n", "config_invalid"],
    ["gate:\n  policy: [a]\n", "config_invalid"],
    ["mcp_serve:\n  enabled: maybe\n", "config_invalid"],
    ["mcp_serve:\n  max_request_bytes: 1.5\n", "config_invalid"],
    ["gate:\n  policy: a\n  policy: b\n", "yaml_duplicate_key"],
    ["gate: {\n", "yaml_syntax"],
  ];
  for (const [text, code] of texts) {
    for (const line of [EVAL, ["config", "show", "--json"], ["config", "validate", "--json"]]) {
      const world = await withConfig({});
      world.files.put(CONFIG, text);
      const before = names(world);
      const { exit, json } = await run(world, ...line);
      assertEquals([exit, json.error_code, json.place?.source], [6, code, CONFIG], text);
      assertEquals(names(world), before);
    }
  }
});

Deno.test("config validate and show name files, keys, trust and sources", async () => {
  const world = await withConfig({ policy: "policy.yaml" });
  const validated = await run(world, "config", "validate", "--json");
  assertEquals([validated.json.trusted ?? false, validated.json.keys], [false, ["gate.policy"]]);
  assertMatch((await run(world, "config", "validate")).stdout, /trust=untrusted/);
  const shown = await run(world, "config", "show");
  assertMatch(shown.stdout, /^gate\.policy = policy\.yaml {2}\(project config\)$/m);
  assertMatch(shown.stdout, /^gate\.profile = standard {2}\(default\)$/m);
  assertEquals((await run(world, "config", "validate", "none.yaml")).exit, 6);
  assertEquals((await run(await gateWorld(), "config", "validate")).exit, 6);
});

Deno.test("a planted config does not decide which approval counts", async () => {
  const world = await withConfig({ approval_public_key: "keys/bob_public.key" });
  world.files.put("pay.json", intentText("tool.pay"));
  const mint = ["approve", "--policy", "policy.yaml", "--intent", "pay.json", "--ttl", "1h"];
  await run(
    world,
    ...mint,
    "--approver",
    "bob",
    "--reason-code",
    "r",
    "--out",
    "t.json",
    "--key-mode",
    "prod",
    "--private-key",
    "keys/bob_private.key",
  );
  const line = ["gate", "eval", "--policy", "policy.yaml", "--intent", "pay.json", "--json"];
  const token = ["--approval-token", "t.json"];
  const own = await run(
    world,
    ...line,
    ...SIGNED,
    ...token,
    "--approval-public-key",
    "keys/alice_public.key",
  );
  assertEquals([own.exit, own.json.verdict], [4, "require_approval"]);
  world.env.set("GAIT_PROFILE", "oss-prod");
  const strict = await run(world, ...line, ...SIGNED, ...token);
  assertEquals([strict.exit, strict.json.error_code], [6, "config_untrusted"]);
});
