import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { parseArguments } from "../../../core/commands/frame/arguments.ts";
import type { CommandSpec } from "../../../core/commands/frame/command.ts";
import { progressReporter } from "../../../core/commands/frame/progress.ts";
import { permissionFlags, unionOfNeeds } from "../../../core/commands/frame/permission_flags.ts";
import { COMMANDS, findCommand, GROUPS, loadAll } from "../../../core/commands/frame/table.ts";
import { ERROR_CODES } from "../../../core/base/error_codes.ts";
import { memoryWorld } from "../../support/memory_ports.ts";
import { gateWorld, names, run } from "./_run.ts";

const TRUE = ["1", "t", "T", "true", "TRUE", "True"];
const FALSE = ["0", "f", "F", "false", "FALSE", "False"];

Deno.test("every command and group shows help and exits 0", async () => {
  for (const { spec } of await loadAll()) {
    for (const ask of [["--help"], ["-help"], ["-h"], ["--json", "--help"]]) {
      const { exit, stdout, json } = await run(memoryWorld(), ...spec.path, ...ask);
      assertEquals(exit, 0, spec.path.join(" "));
      const text = json === undefined ? stdout : json.text.join("\n");
      assertStringIncludes(text, `usage: gait ${spec.path.join(" ")}`);
      for (const flag of spec.flags) assertStringIncludes(text, `--${flag.name}`);
    }
    const asked = await run(memoryWorld(), "help", ...spec.path);
    assertEquals(asked.exit, 0);
    assertStringIncludes(asked.stdout, `usage: gait ${spec.path.join(" ")}`);
  }
  // A group that is a command too shows the command's help.
  const groups = Object.keys(GROUPS).filter((group) => findCommand([group]) === undefined);
  for (const group of groups) {
    const name = group.split(" ");
    for (
      const words of [[...name, "--help"], [...name, "-h"], [...name, "help"], ["help", ...name]]
    ) {
      const { exit, stdout } = await run(memoryWorld(), ...words);
      assertEquals(exit, 0, words.join(" "));
      assertStringIncludes(stdout, `usage: gait ${group} <command>`);
    }
  }
  for (const words of [["--help"], ["-h"], ["help"], ["help", "--json"]]) {
    const { exit, stdout } = await run(memoryWorld(), ...words);
    assertEquals(exit, 0);
    for (const { path } of COMMANDS) assertStringIncludes(stdout, path.join(" "));
  }
});

Deno.test("help about something that is no command says so", async () => {
  for (const word of ["constructor", "__proto__", "gats"]) {
    const { exit, json } = await run(memoryWorld(), "help", word, "--json");
    assertEquals([exit, json.error_code], [6, "unknown_command"], word);
  }
});

Deno.test("--json is understood wherever it stands, also when the command line is wrong", async () => {
  const lines = [
    ["--json", "policy", "validate", "policy.yaml"],
    ["policy", "--json", "validate", "policy.yaml"],
    ["policy", "validate", "--json", "policy.yaml"],
    ["policy", "validate", "policy.yaml", "-json"],
    ["policy", "validate", "policy.yaml", "--json=true"],
    ["--json", "policy", "validate", "--bogus"],
    ["policy", "validate", "--bogus", "--json"],
    ["policy", "validate", "--json"],
    ["--json", "nonsense"],
    ["nonsense", "--json"],
    ["policy", "nonsense", "--json"],
    ["gate", "--json"],
    ["--json"],
    ["--json", "--version"],
  ];
  const world = await gateWorld();
  for (const line of lines) {
    const { json, stdout, stderr } = await run(world, ...line);
    assert(json !== undefined, `${line.join(" ")}: ${stdout}`);
    assertEquals(typeof json.ok, "boolean");
    assertMatch(json.correlation_id, /^[0-9a-f]{24}$/);
    assertEquals(stdout.trim().split("\n").length, 1);
    assertEquals(stderr, "");
  }
});

Deno.test("--json as the value of another flag or behind -- asks for nothing", async () => {
  const world = await gateWorld();
  const value = await run(world, "policy", "init", "read-only", "--out", "--json");
  assertEquals([value.exit, value.json], [0, undefined]);
  assert(world.files.text("--json") !== undefined);
  const child = await run(world, "enforce", "--policy", "policy.yaml", "--", "missing", "--json");
  assertEquals([child.exit, child.json], [7, undefined]);
});

Deno.test("unknown commands and flags exit 6 and suggest the nearest", async () => {
  const cases: readonly (readonly [string[], string, RegExp])[] = [
    [["gat"], "unknown_command", /gait gate/],
    [["polcy", "validate"], "unknown_command", /gait policy/],
    [["gate", "evl"], "unknown_command", /gait gate eval/],
    [["zzzzzzzz"], "unknown_command", /--help/],
    [["gate", "eval", "--polcy", "x"], "usage", /did you mean --policy/],
    [["gate", "eval", "--zzzzzzzz"], "usage", /gait gate eval --help/],
    [["gate", "eval", "--policy"], "usage", /--help/],
    [["gate", "eval", "stray"], "usage", /./],
    [["policy", "validate"], "usage", /usage: gait policy validate/],
    [["policy", "explain", "a"], "usage", /usage: gait policy explain/],
    [["version", "__proto__"], "usage", /./],
    [["constructor"], "unknown_command", /./],
  ];
  for (const [line, code, hint] of cases) {
    const text = await run(memoryWorld(), ...line);
    assertEquals([text.exit, text.stdout], [6, ""], line.join(" "));
    assertMatch(text.stderr, /error: .+\nhint: .+\n/);
    const { exit, json } = await run(memoryWorld(), ...line, "--json=true").then((ran) =>
      ran.json === undefined ? run(memoryWorld(), "--json", ...line) : ran
    );
    assertEquals([exit, json.ok, json.error_code], [6, false, code], line.join(" "));
    assertMatch(json.hint, hint, line.join(" "));
    assertEquals(json.retryable, false);
  }
});

Deno.test("a group without a command shows its help and exits 6", async () => {
  for (const line of [["gate"], ["policy"], ["gate", "--policy", "x"]]) {
    const { exit, stdout } = await run(memoryWorld(), ...line);
    assertEquals(exit, 6);
    assertStringIncludes(stdout, "usage: gait");
  }
});

const SPEC: CommandSpec = {
  path: ["x"],
  summary: "",
  explain: "",
  usage: "",
  positionals: { min: 0, max: 9 },
  flags: [
    { name: "flag", kind: "boolean", summary: "" },
    { name: "text", kind: "string", summary: "" },
    { name: "list", kind: "string", summary: "", repeatable: true },
  ],
  permissions: () => [],
};

Deno.test("parseArguments() reads booleans in every form and refuses others", () => {
  for (const word of TRUE) assert(parseArguments([`--flag=${word}`], SPEC).flag("flag"));
  for (const word of FALSE) assertFalse(parseArguments([`--flag=${word}`], SPEC).flag("flag"));
  assert(parseArguments(["-flag"], SPEC).flag("flag"));
  assertFalse(parseArguments(["--flag", "--flag=0"], SPEC).flag("flag"));
  const apart = parseArguments(["--flag", "false"], SPEC);
  assertEquals([apart.flag("flag"), [...apart.positionals]], [true, ["false"]]);
  for (const word of ["yes", "tRUE", "", "2", " true"]) {
    try {
      parseArguments([`--flag=${word}`], SPEC);
      throw new Error(`accepted ${JSON.stringify(word)}`);
    } catch (error) {
      assertStringIncludes(String(error), "Invalid boolean value");
    }
  }
});

Deno.test("parseArguments() takes values as they are, the last one wins, lists keep all", () => {
  const args = parseArguments(
    ["--text", "a", "-text=b=c", "--list", "1", "p", "--list=2", "--", "--text", "z"],
    SPEC,
  );
  assertEquals(args.text("text"), "b=c");
  assertEquals(args.all("list"), ["1", "2"]);
  assertEquals([...args.positionals], ["p", "--text", "z"]);
  assertEquals(parseArguments(["--text", "--explain"], SPEC).text("text"), "--explain");
  assertEquals(parseArguments(["-"], SPEC).positionals, ["-"]);
  assert(parseArguments(["--text="], SPEC).given("text"));
});

Deno.test("--explain explains a command, and never replaces its work", async () => {
  for (const { spec } of await loadAll()) {
    const alone = await run(memoryWorld(), ...spec.path, "--explain");
    assertEquals([alone.exit, alone.stdout], [0, `${spec.explain}\n`], spec.path.join(" "));
    const json = await run(memoryWorld(), ...spec.path, "--explain", "--json");
    assertEquals(json.json.text, [spec.explain]);
  }
  const world = await gateWorld();
  const before = names(world);
  const mixed = await run(world, "policy", "validate", "policy.yaml", "--explain", "--json");
  assertEquals([mixed.exit, mixed.json.error_code], [6, "usage"]);
  const value = await run(world, "policy", "test", "policy.yaml", "intent.json", "--explain");
  assertEquals(value.exit, 6);
  assertEquals(names(world), before);
  for (const line of [["--explain"], ["gate", "--explain"]]) {
    assertEquals((await run(world, ...line)).exit, 0);
  }
});

Deno.test("--explain on gate eval adds an explanation to the same decision", async () => {
  const world = await gateWorld();
  for (const [tool, exit] of [["tool.read", 0], ["tool.none", 3], ["tool.pay", 4]] as const) {
    world.files.put("i.json", JSON.stringify({ tool_name: tool, args: {}, context: CONTEXT }));
    const line = ["gate", "eval", "--policy", "policy.yaml", "--intent", "i.json", "--json"];
    const plain = await run(world, ...line);
    const explained = await run(world, ...line, "--explain");
    assertEquals([plain.exit, explained.exit], [exit, exit]);
    assertEquals(explained.json.verdict, plain.json.verdict);
    assertEquals(explained.json.explanation.verdict, plain.json.verdict);
    assertEquals(plain.json.explanation, undefined);
  }
  const value = await run(
    world,
    "gate",
    "eval",
    "--policy",
    "--explain",
    "--intent",
    "intent.json",
  );
  assertEquals(value.exit, 6);
});

const CONTEXT = { identity: "a", workspace: "/w", risk_class: "low" };

Deno.test("colours appear on a terminal only, and never with NO_COLOR", async () => {
  const coloured = "\u001b[";
  const world = await gateWorld();
  const line = ["policy", "validate", "policy.yaml"];
  assertFalse((await run(world, ...line)).stdout.includes(coloured));
  world.terminal = true;
  assert((await run(world, ...line)).stdout.includes(coloured));
  assertFalse((await run(world, ...line, "--json")).stdout.includes(coloured));
  world.env.set("NO_COLOR", "");
  assert((await run(world, ...line)).stdout.includes(coloured));
  world.env.set("NO_COLOR", "1");
  const plain = await run(world, ...line);
  assertFalse((plain.stdout + plain.stderr).includes(coloured));
  const wrong = await run(world, "gate", "evl");
  assertFalse(wrong.stderr.includes(coloured));
  world.env.delete("NO_COLOR");
  world.env.set("TERM", "dumb");
  assertFalse((await run(world, ...line)).stdout.includes(coloured));
});

Deno.test("progressReporter() writes to a terminal only, and rarely", () => {
  const world = memoryWorld();
  progressReporter("work", world.ports)(1, 2);
  assertEquals(world.stderr, []);
  world.terminal = true;
  const report = progressReporter("work", world.ports);
  for (let i = 1; i <= 1000; i++) report(i, 1000);
  assert(world.stderr.length >= 2 && world.stderr.length < 20, String(world.stderr.length));
  assertStringIncludes(world.stderr[0] ?? "", "work: 1/1000 (0%)");
  assert(world.stderr.at(-1)?.endsWith("\r\u001b[K"));
  assertEquals(world.stdout, []);
});

Deno.test("bare gait, --version and version say the same version", async () => {
  const world = memoryWorld();
  for (const line of [["--version"], ["-v"], ["version"]]) {
    const { exit, stdout } = await run(world, ...line);
    assertEquals([exit, stdout], [0, "gait 0.0.0-dev\n"]);
  }
  const bare = await run(world);
  assertEquals(bare.exit, 0);
  assertEquals(bare.stdout, "gait 0.0.0-dev\nrun gait --help to see the commands\n");
  const { json } = await run(world, "version", "--json");
  assertEquals([json.version, json.producer_version], ["0.0.0-dev", "0.0.0-dev"]);
});

Deno.test("every invocation has an id of its own and the correlation id of its command line", async () => {
  const world = memoryWorld();
  const [one, two] = [await run(world, "version", "--json"), await run(world, "version", "--json")];
  assertEquals(one.json.correlation_id, two.json.correlation_id);
  assert(one.json.invocation_id !== two.json.invocation_id);
});

Deno.test("the table is sorted, complete and finds the longest command", async () => {
  const words = COMMANDS.map(({ path }) => path.join(" "));
  assertEquals(words, [...words].sort());
  for (const { spec } of await loadAll()) assert(words.includes(spec.path.join(" ")));
  for (const { path } of COMMANDS) {
    if (path.length > 1) assert(Object.hasOwn(GROUPS, path[0] ?? ""), path.join(" "));
    assertEquals(findCommand([...path, "x"])?.path, path);
  }
  assertEquals(findCommand([]), undefined);
});

Deno.test("a command gives up every kind of permission that it does not declare", async () => {
  const world = await gateWorld();
  world.dropped.length = 0;
  await run(world, "policy", "validate", "policy.yaml");
  assertEquals([...world.dropped].sort(), ["env", "net", "run", "sys", "write"]);
});

Deno.test("unionOfNeeds() unites values and lets a whole kind win", () => {
  const flags = permissionFlags(unionOfNeeds([
    { kind: "read", values: ["b", "a"], why: "one" },
    { kind: "env", values: ["X"], why: "two" },
    { kind: "read", values: ["a"], why: "three" },
    { kind: "env", why: "four" },
  ]));
  assertEquals(flags, ["--allow-env", "--allow-read=a,b"]);
});

Deno.test("failures of commands carry codes of the catalogue", async () => {
  for (const { spec } of await loadAll()) {
    const { exit, json } = await run(memoryWorld(), ...spec.path, "--no-such-flag", "--json");
    assertEquals(exit, 6, spec.path.join(" "));
    assert(json.error_code in ERROR_CODES);
    if (spec.decides) assertEquals([json.verdict, json.reason_codes], ["block", ["usage"]]);
  }
});
