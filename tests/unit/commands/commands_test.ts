import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { gateWorld, intentText, names, POLICY, run, SIGNED } from "./_run.ts";

const ALICE = ["--key-mode", "prod", "--private-key", "keys/alice_private.key"];
const LEAD = ["--key-mode", "prod", "--private-key", "keys/lead_private.key"];

Deno.test("policy init writes a policy that validates, and overwrites only with --force", async () => {
  for (const template of ["baseline-lowrisk", "baseline-highrisk", "coding-agent", "read-only"]) {
    const world = await gateWorld();
    const { exit, json } = await run(world, "policy", "init", template, "--json");
    assertEquals([exit, json.policy_path], [0, "gait.policy.yaml"]);
    const valid = await run(world, "policy", "validate", "gait.policy.yaml", "--json");
    assertEquals([valid.exit, valid.json.ok], [0, true]);
    world.files.put("gait.policy.yaml", "mine");
    const again = await run(world, "policy", "init", template, "--json");
    assertEquals([again.exit, again.json.error_code], [6, "already_exists"]);
    assertEquals(world.files.text("gait.policy.yaml"), "mine");
    assertEquals((await run(world, "policy", "init", template, "--force")).exit, 0);
  }
});

Deno.test("policy init refuses what is no template, and an empty output", async () => {
  const world = await gateWorld();
  const { exit, json } = await run(world, "policy", "init", "coding-agnt", "--json");
  assertEquals([exit, json.error_code], [6, "unsupported_value"]);
  assertStringIncludes(json.hint, "coding-agent");
  assertEquals((await run(world, "policy", "init", "read-only", "--out", " ")).exit, 6);
  world.files.link("link.yaml", "policy.yaml");
  const link = await run(
    world,
    "policy",
    "init",
    "read-only",
    "--out",
    "link.yaml",
    "--force",
    "--json",
  );
  assertEquals(link.json.error_code, "path_is_symlink");
});

Deno.test("policy fmt prints, or rewrites once and keeps the permission bits", async () => {
  const world = await gateWorld();
  world.files.put("p.yaml", POLICY, 0o640);
  const printed = await run(world, "policy", "fmt", "p.yaml");
  assertStringIncludes(printed.stdout, "schema_id: gait.gate.policy");
  assertEquals(world.files.text("p.yaml"), POLICY);
  const first = await run(world, "policy", "fmt", "p.yaml", "--write", "--json");
  assertEquals([first.json.changed, first.json.written], [true, true]);
  const second = await run(world, "policy", "fmt", "p.yaml", "--write", "--json");
  assertEquals([second.exit, second.json.written], [0, undefined]);
  assertEquals((await world.files.stat("p.yaml"))?.mode, 0o640);
  assertEquals(first.json.policy_digest, second.json.policy_digest);
});

Deno.test("policy validate warns about weak spots with codes", async () => {
  const world = await gateWorld(POLICY.replace("default_verdict: block", "default_verdict: allow"));
  const { exit, json } = await run(world, "policy", "validate", "policy.yaml", "--json");
  assertEquals(exit, 0);
  assert(json.warning_details.length > 0);
});

Deno.test("policy test exits by verdict and runs folders with expectations and coverage", async () => {
  const world = await gateWorld();
  const one = async (tool: string) => {
    world.files.put("i.json", intentText(tool));
    return (await run(world, "policy", "test", "policy.yaml", "i.json", "--json")).exit;
  };
  assertEquals([await one("tool.read"), await one("tool.none"), await one("tool.pay")], [0, 3, 4]);
  world.files.put("fix/a.json", intentText("tool.read"));
  world.files.put("fix/a.expect.json", '{"verdict":"allow","matched_rule":"reads"}');
  world.files.put("fix/b.json", intentText("tool.none"));
  const good = await run(world, "policy", "test", "policy.yaml", "fix", "--json");
  assertEquals([good.exit, good.json.fixtures_total, good.json.failed ?? 0], [0, 2, 0]);
  assertEquals(good.json.coverage.never_hit, ["pays", "tries", "runs"]);
  world.files.put("fix/b.expect.json", '{"verdict":"allow"}');
  const bad = await run(world, "policy", "test", "policy.yaml", "fix", "--json");
  assertEquals([bad.exit, bad.json.ok, bad.json.failed], [2, false, 1]);
  world.files.put("fix/b.expect.json", '{"verdikt":"allow"}');
  const typo = await run(world, "policy", "test", "policy.yaml", "fix", "--json");
  assertEquals([typo.exit, typo.json.error_code], [6, "schema_violation"]);
  assertStringIncludes(typo.json.hint, "verdict");
  world.files.put("empty/x.txt", "");
  assertEquals((await run(world, "policy", "test", "policy.yaml", "empty")).exit, 6);
});

Deno.test("policy explain names every rule and the winner, and writes nothing", async () => {
  const world = await gateWorld();
  const before = names(world);
  const { exit, json } = await run(
    world,
    "policy",
    "explain",
    "policy.yaml",
    "intent.json",
    "--json",
  );
  assertEquals([exit, json.verdict, json.matched_rule], [0, "allow", "reads"]);
  const text = await run(world, "policy", "explain", "policy.yaml", "intent.json");
  assertStringIncludes(text.stdout, "reads");
  assertEquals(names(world), before);
});

Deno.test("policy simulate compares, and warns when the candidate is less strict", async () => {
  const world = await gateWorld();
  world.files.put("new.yaml", POLICY.replace("effect: dry_run", "effect: allow"));
  world.files.put("fix/a.json", intentText("tool.try"));
  world.files.put("fix/b.json", intentText("tool.read"));
  const line = ["policy", "simulate", "--policy", "new.yaml", "--baseline", "policy.yaml"];
  const { exit, json } = await run(world, ...line, "--fixtures", "fix", "--json");
  assertEquals(exit, 0);
  assertEquals(json.warning_details[0].code, "policy_relaxed");
  for (const missing of [line, line.slice(0, 4), ["policy", "simulate"]]) {
    const ran = await run(world, ...missing, "--json");
    assertEquals([ran.exit, ran.json.error_code], [6, "usage"]);
  }
});

Deno.test("approve signs a token that opens exactly its call, once", async () => {
  const world = await gateWorld();
  world.files.put("pay.json", intentText("tool.pay"));
  const subject = ["--policy", "policy.yaml", "--intent", "pay.json"];
  const shown = await run(world, "approve", "--show", ...subject);
  assertEquals(shown.exit, 0);
  for (const word of ["tool.pay", "/tmp/a", "pays"]) assertStringIncludes(shown.stdout, word);
  const minted = await run(
    world,
    "approve",
    ...subject,
    ...ALICE,
    "--ttl",
    "1h",
    "--approver",
    "alice",
    "--reason-code",
    "ok",
    "--json",
  );
  assertEquals(minted.exit, 0);
  assertEquals(minted.json.token_path, `approval_${minted.json.token_id}.json`);
  const gate = [
    "gate",
    "eval",
    ...subject,
    ...SIGNED,
    "--approval-token",
    minted.json.token_path,
    "--approval-public-key",
    "keys/alice_public.key",
    "--json",
  ];
  const simulated = await run(world, ...gate, "--simulate");
  assertEquals(simulated.json.simulated_verdict, "allow");
  assertEquals([...world.files.files().keys()].filter((name) => name.includes("store")), []);
  assertEquals((await run(world, ...gate)).json.verdict, "allow");
  const second = await run(world, ...gate);
  assertEquals([second.exit, second.json.verdict], [4, "require_approval"]);
  assert(second.json.reason_codes.includes("approval_token_consumed"));
  assertEquals(second.json.reason_codes.includes("approval_granted"), false);
});

Deno.test("approve and delegate mint answer bad input with one error and write no token", async () => {
  const digest = "1".repeat(64);
  const approve = [
    "approve",
    "--intent-digest",
    digest,
    "--policy-digest",
    digest,
    "--scope",
    "x",
    "--approver",
    "a",
    "--reason-code",
    "r",
    "--ttl",
    "1h",
  ];
  const mint = [
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
  ];
  const without = (line: string[], flag: string) =>
    line.filter((word, i) => word !== flag && line[i - 1] !== flag);
  const lines = [
    ...["--intent-digest", "--policy-digest", "--scope", "--approver", "--reason-code", "--ttl"]
      .map((flag) => without(approve, flag)),
    ...["--delegator", "--delegate", "--scope", "--ttl"].map((flag) => without(mint, flag)),
    [...approve, "--ttl", "0s"],
    [...approve, "--ttl", "-1h"],
    [...approve, "--ttl", "1d"],
    [...approve, "--intent-digest", "xyz"],
    [...mint, "--ttl", "soon"],
    [...approve, "--out", "../t.json"],
    [...approve, "--show"],
    [...approve, "--intent", "intent.json"],
    [...approve, "--profile", "oss-prod", "--key-mode", "dev"],
  ];
  for (const line of lines) {
    const world = await gateWorld();
    const before = names(world);
    const key = line.includes("dev") ? [] : ALICE;
    const { exit, json } = await run(world, ...line, ...key, "--json");
    assert(exit === 6 || exit === 2, `${line.join(" ")}: ${exit}`);
    assertEquals(json.ok, false);
    assert(json.error_code !== "" && json.hint !== "");
    assertEquals(names(world), before, line.join(" "));
  }
});

Deno.test("approve in dev mode warns and leaves the public key", async () => {
  const world = await gateWorld();
  const { exit, json } = await run(
    world,
    "approve",
    "--policy",
    "policy.yaml",
    "--intent",
    "intent.json",
    "--approver",
    "a",
    "--reason-code",
    "r",
    "--ttl",
    "1h",
    "--json",
  );
  assertEquals(exit, 0);
  assert(json.warning_details.length > 0);
  assert(world.files.text(json.token_path.replace(/\.json$/, ".public.key")) !== undefined);
});

Deno.test("delegate mint and verify agree, and verify says what does not fit", async () => {
  const world = await gateWorld();
  const minted = await run(
    world,
    "delegate",
    "mint",
    "--delegator",
    "lead",
    "--delegate",
    "bot",
    "--scope",
    "read",
    "--ttl",
    "1h",
    ...LEAD,
    "--json",
  );
  assertEquals(minted.exit, 0);
  const verify = ["delegate", "verify", "--token", minted.json.token_path, "--json"];
  const key = ["--public-key", "keys/lead_public.key"];
  assertEquals((await run(world, ...verify, ...key)).exit, 0);
  const wrong: readonly string[][] = [
    ["--public-key", "keys/bob_public.key"],
    [...key, "--delegate", "other"],
    [...key, "--delegator", "other"],
    [...key, "--scope", "write"],
    [...key, "--intent-digest", "1".repeat(64)],
  ];
  for (const flags of wrong) {
    const ran = await run(world, ...verify, ...flags);
    assertEquals([ran.exit, ran.json.ok], [2, false], flags.join(" "));
    assertMatch(ran.json.error_code, /^delegation_/);
  }
  world.now += 3600n * 1_000_000_000n;
  assertEquals((await run(world, ...verify, ...key)).exit, 2);
  assertEquals((await run(world, ...verify)).exit, 6);
  assertEquals((await run(world, "delegate", "verify", ...key)).exit, 6);
});

Deno.test("rate-limit status and reset see, clear and mend counters", async () => {
  const limit = "    rate_limit:\n      requests: 2\n      window: hour\n      scope: tool\n";
  const world = await gateWorld(POLICY.replace("effect: allow\n", `effect: allow\n${limit}`));
  const call = () =>
    run(
      world,
      "gate",
      "eval",
      "--policy",
      "policy.yaml",
      "--intent",
      "intent.json",
      ...SIGNED,
      "--json",
    );
  const exits = [await call(), await call(), await call()].map(({ exit }) => exit);
  assertEquals(exits, [0, 0, 3]);
  const status = await run(world, "rate-limit", "status", "--json");
  assertEquals(status.json.counters[0].count, 2);
  world.now -= 7200n * 1_000_000_000n;
  assertEquals((await call()).exit, 3, "a clock that goes back frees nothing");
  const suspect = await run(world, "rate-limit", "status", "--json");
  assertEquals(suspect.json.warning_details?.[0].code, "rate_limit_clock_suspect");
  const reset = await run(world, "rate-limit", "reset", "--future", "--json");
  assert(Number(reset.json.removed) >= 1);
  assertEquals((await call()).exit, 0);
  assertEquals(
    (await run(world, "rate-limit", "reset", "--key", "nobody", "--json")).json.removed,
    "0",
  );
  world.files.put(status.json.path, "torn {");
  assertEquals((await call()).exit, 6);
  for (const words of [["status"], ["reset", "--future"], ["reset", "--key", "k"]]) {
    const ran = await run(world, "rate-limit", ...words, "--json");
    assertEquals([ran.exit, ran.json.error_code], [6, "state_corrupt"]);
  }
  assertEquals((await run(world, "rate-limit", "reset", "--json")).json.replaced_corrupt, true);
  assertEquals((await call()).exit, 0);
});

Deno.test("permissions prints flags for one command line and for all", async () => {
  const world = await gateWorld();
  const all = await run(world, "permissions", "--json");
  assert(all.json.flags.includes("--allow-read"));
  const one = await run(world, "permissions", "--json", "--", "keys", "show", "--public-key", "k");
  assertEquals(one.json.flags, ["--allow-read=k"]);
  assertMatch((await run(world, "permissions")).stdout, /^--allow-/);
  assertEquals((await run(world, "permissions", "--", "nothing")).exit, 6);
  assertEquals((await run(world, "permissions", "gate")).exit, 6);
  assertEquals((await run(world, "permissions", "--", "gate", "eval", "--bogus")).exit, 6);
});
