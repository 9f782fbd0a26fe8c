import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import type { MemoryWorld } from "../../support/memory_ports.ts";
import { gateWorld, intentText, POLICY, run, SIGNED } from "./_run.ts";

const ENFORCE = ["enforce", "--policy", "policy.yaml", ...SIGNED];

/** A world with programs. */
async function worldWithPrograms(policy = POLICY): Promise<MemoryWorld> {
  const world = await gateWorld(policy);
  world.env.set("PATH", "/usr/bin:/bin");
  world.files.put("/bin/echo", "program", 0o755);
  world.files.put("/bin/plain", "not executable", 0o644);
  world.files.link("/usr/bin/say", "/bin/echo");
  return world;
}

Deno.test("enforce runs exactly the command that was allowed", async () => {
  const world = await worldWithPrograms();
  const { exit, json } = await run(world, ...ENFORCE, "--json", "--", "echo", "--json", "a b");
  assertEquals([exit, json.ok, json.verdict, json.executed], [0, true, "allow", true]);
  assertEquals(json.child_exit_code, "0");
  assertEquals(json.executable.path, "/bin/echo");
  assert(/^[0-9a-f]{64}$/.test(json.executable.sha256));
  assertEquals(world.inherited.length, 1);
  const [child] = world.inherited;
  assertEquals([child?.command, child?.args, child?.cwd], [
    "/bin/echo",
    ["--json", "a b"],
    "/work",
  ]);
  assertEquals(child?.outputToError, true);
});

Deno.test("enforce keeps the child's output apart wherever --json stands", async () => {
  for (const line of [["--json", ...ENFORCE], [...ENFORCE, "-json"]]) {
    const world = await worldWithPrograms();
    await run(world, ...line, "--", "echo");
    assertEquals(world.inherited[0]?.outputToError, true);
  }
  const world = await worldWithPrograms();
  await run(world, ...ENFORCE, "--", "echo");
  assertEquals(world.inherited[0]?.outputToError, false);
});

Deno.test("enforce records the real program and starts it by the name it was called by", async () => {
  const world = await worldWithPrograms();
  const { json } = await run(world, ...ENFORCE, "--json", "--", "say", "hi");
  assertEquals(json.executable.path, "/bin/echo");
  assertEquals(world.inherited[0]?.command, "/usr/bin/say");
});

Deno.test("enforce does not run a program that was exchanged after the decision", async () => {
  const world = await worldWithPrograms();
  const { files } = world;
  const create = files.create.bind(files);
  files.create = async (...args: Parameters<typeof create>) => {
    files.put("/bin/echo", "something else", 0o755);
    await create(...args);
  };
  const { exit, json } = await run(world, ...ENFORCE, "--json", "--", "echo");
  assertEquals([exit, json.verdict, json.error_code], [3, "block", "intent_mismatch"]);
  assertEquals(world.inherited, []);
});

Deno.test("enforce reports the child's exit code apart from its own", async () => {
  for (const code of [1, 3, 4, 137]) {
    const world = await worldWithPrograms();
    world.inheritExit = code;
    const { exit, json } = await run(world, ...ENFORCE, "--json", "--", "echo");
    assertEquals([exit, json.verdict, json.executed], [1, "allow", true]);
    assertEquals([json.ok, json.child_exit_code, json.error_code], [
      false,
      String(code),
      "child_failed",
    ]);
    const text = await run(world, ...ENFORCE, "--", "echo");
    assertStringIncludes(text.stdout, `child exit code ${code}`);
  }
});

Deno.test("enforce never runs what is not allowed", async () => {
  const effects = [["block", 3], ["dry_run", 3], ["require_approval", 4]] as const;
  for (const [effect, code] of effects) {
    const policy = POLICY.replace(/(name: runs\n.*\n.*effect: )allow/, `$1${effect}`);
    const world = await worldWithPrograms(policy);
    for (const mode of [[], ["--exit-mode", "compat"]]) {
      const { exit, json } = await run(world, ...ENFORCE, ...mode, "--json", "--", "echo");
      assertEquals([exit, json.verdict, json.executed], [code, effect, false]);
    }
    assertEquals(world.inherited, []);
  }
});

Deno.test("enforce blocks what it cannot decide about, and runs nothing", async () => {
  const lines: readonly (readonly [string[], string, number])[] = [
    [["enforce", "--policy", "policy.yaml"], "usage", 6],
    [["enforce", "--policy", "policy.yaml", "--"], "usage", 6],
    [["enforce", "--policy", "policy.yaml", "echo"], "usage", 6],
    [["enforce", "--policy", "policy.yaml", "--simulate", "--", "echo"], "usage", 6],
    [["enforce", "--", "echo"], "usage", 6],
    [["enforce", "--policy", "none", "--", "echo"], "file_not_found", 6],
    [["enforce", "--policy", "policy.yaml", "--", "none"], "dependency_missing", 7],
    [["enforce", "--policy", "policy.yaml", "--", "plain"], "dependency_missing", 7],
    [["enforce", "--policy", "policy.yaml", "--", "/bin"], "dependency_missing", 7],
    [["enforce", "--policy", "policy.yaml", "--", ""], "dependency_missing", 7],
  ];
  for (const [line, code, exit] of lines) {
    const world = await worldWithPrograms();
    const ran = await run(world, "--json", ...line);
    assertEquals(
      [ran.exit, ran.json.error_code, ran.json.verdict],
      [exit, code, "block"],
      line.join(" "),
    );
    assertEquals(world.inherited, []);
  }
});

Deno.test("enforce takes an intent only when it describes exactly this command", async () => {
  const args = { argv: ["echo", "a"], cwd: "/work" };
  const cases: readonly (readonly [string, Record<string, unknown>, boolean])[] = [
    ["the same", args, true],
    ["more arguments", { ...args, argv: ["echo", "a", "b"] }, false],
    ["other folder", { ...args, cwd: "/" }, false],
    ["no argv", { cwd: "/work" }, false],
    ["no cwd", { argv: ["echo", "a"] }, false],
    ["joined argv", { ...args, argv: ["echo a"] }, false],
    ["argv as text", { ...args, argv: "echo a" }, false],
    ["nothing", {}, false],
  ];
  for (const [what, given, fits] of cases) {
    const world = await worldWithPrograms();
    world.files.put("own.json", intentText("proc.exec", { args: given }));
    const line = [...ENFORCE, "--intent", "own.json", "--json", "--", "echo", "a"];
    const { exit, json } = await run(world, ...line);
    assertEquals([exit, json.verdict], fits ? [0, "allow"] : [3, "block"], what);
    if (!fits) assertEquals(json.error_code, "intent_mismatch");
    assertEquals(world.inherited.length, fits ? 1 : 0);
  }
});

Deno.test("enforce decides about argv, folder, environment names and the program's digest", async () => {
  const digests = new Set<string>();
  const change: readonly ((world: MemoryWorld) => string[])[] = [
    () => ["echo", "a"],
    () => ["echo", "b"],
    () => ["echo", "a", ""],
    (world) => (world.env.set("LD_PRELOAD", "x"), ["echo", "a"]),
    (world) => (world.files.put("/bin/echo", "changed", 0o755), ["echo", "a"]),
  ];
  for (const make of change) {
    const world = await worldWithPrograms();
    const { json } = await run(world, ...ENFORCE, "--json", "--", ...make(world));
    digests.add(json.intent_digest);
  }
  assertEquals(digests.size, change.length);
});

Deno.test("enforce hides keys and broker secrets from the child", async () => {
  const world = await worldWithPrograms();
  const key = world.files.text("keys/gate_private.key") ?? "";
  world.env.set("GATE_KEY", key.trim());
  world.env.set("GAIT_BROKER_TOKEN_X", "secret-of-the-broker");
  world.env.set("KEPT", "1");
  const line = ["enforce", "--policy", "policy.yaml", "--key-mode", "prod"];
  const flags = ["--private-key-env", "GATE_KEY", "--json", "--", "echo"];
  const ran = await run(world, ...line, ...flags);
  assertEquals(ran.exit, 0);
  const hidden = world.inherited[0]?.withoutVariables ?? [];
  assert(hidden.includes("GATE_KEY") && hidden.includes("GAIT_BROKER_TOKEN_X"));
  assertFalse(hidden.includes("KEPT"));
  const everything = [ran.stdout, ran.stderr, ...world.files.files().entries()]
    .map(String).filter((text) => !text.startsWith("/work/keys/")).join("\n");
  assertFalse(everything.includes("secret-of-the-broker"));
  assertFalse(everything.includes(key.slice(0, 40)));
});

Deno.test("enforce does not start the child when the evidence cannot be written", async () => {
  const world = await worldWithPrograms();
  world.files.create = () => Promise.reject(new Error("disk full"));
  const { exit, json } = await run(world, ...ENFORCE, "--json", "--", "echo");
  assertEquals([exit, json.verdict], [1, "block"]);
  assertEquals(world.inherited, []);
});
