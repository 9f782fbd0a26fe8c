import { assert, assertEquals } from "@std/assert";
import type { MemoryFiles } from "../../support/memory_files.ts";
import type { MemoryWorld } from "../../support/memory_ports.ts";
import { gateWorld, intentText, run, SIGNED } from "../commands/_run.ts";

const SUBJECT = ["--policy", "policy.yaml", "--intent", "pay.json"];
const STORE = "/home/user/.local/state/gait/approval_store.json";
const TOKEN = ["--approval-token", "t.json", "--approval-public-key", "keys/alice_public.key"];
const EVAL = ["gate", "eval", ...SUBJECT, ...SIGNED, ...TOKEN, "--json"];

/** A world in which `t.json` approves the call. */
async function approved(): Promise<MemoryWorld> {
  const world = await gateWorld();
  world.files.put("pay.json", intentText("tool.pay"));
  await mint(world, "t.json");
  return world;
}

/** Mints another approval. */
async function mint(world: MemoryWorld, out: string): Promise<void> {
  const key = ["--key-mode", "prod", "--private-key", "keys/alice_private.key"];
  const terms = ["--ttl", "1h", "--approver", "alice", "--reason-code", out, "--out", out];
  assertEquals((await run(world, "approve", ...SUBJECT, ...terms, ...key)).exit, 0);
}

/** Makes the process die: from the n-th write on, nothing reaches the disk. */
function dieAtWrite(files: MemoryFiles, at: number): () => number {
  let writes = 0;
  for (const name of ["create", "replace"] as const) {
    const write = files[name].bind(files);
    files[name] = (path, data, options) => {
      writes++;
      return writes >= at ? Promise.reject(new Error("killed")) : write(path, data, options);
    };
  }
  return () => writes;
}

Deno.test("a process that dies at any write never leaves a token that allows twice", async () => {
  const probe = await approved();
  const counted = dieAtWrite(probe.files, Infinity);
  assertEquals((await run(probe, ...EVAL)).json.verdict, "allow");
  const writes = counted();
  assert(writes >= 3, "marker, store and trace");
  for (let at = 1; at <= writes; at++) {
    const world = await approved();
    dieAtWrite(world.files, at);
    const first = await run(world, ...EVAL);
    assertEquals(first.json.verdict, "block", `write ${at}`);
    const revived = await approved();
    for (const [path, entry] of world.files.entries) revived.files.entries.set(path, entry);
    const allows: string[] = [];
    for (let tries = 0; tries < 3; tries++) {
      const { json } = await run(revived, ...EVAL);
      if (json.verdict === "allow") allows.push(json.event_id);
    }
    assert(allows.length <= 1, `write ${at}: ${allows.length} allows`);
  }
});

Deno.test("an unreadable or corrupt store blocks every call that needs it", async () => {
  const good = await approved();
  assertEquals((await run(good, ...EVAL)).json.verdict, "allow");
  const text = good.files.text(STORE) ?? "";
  assert(text.includes("signed_digest"));
  const bad = [
    "",
    " ",
    "{}",
    "[]",
    "null",
    text.slice(0, -20),
    text.replace('"spent"', '"spend"'),
    text.replace("gait.gate.approval_store", "gait.gate.other"),
    text.replace('"1.0.0"', '"2.0.0"'),
    text.replace(/"signed_digest": "[0-9a-f]{8}/, '"signed_digest": "zz'),
    text.replace(/"spent": \[/, '"spent": [null, '),
    `${text}${text}`,
    `\ufeff${text}`,
    "\u0000".repeat(50),
  ];
  for (const content of bad) {
    const world = await approved();
    await mint(world, "other.json");
    world.files.put(STORE, content);
    world.files.put(`${STORE}.exists`, "x");
    const before = [...world.files.files().keys()];
    const { exit, json } = await run(world, ...EVAL);
    assertEquals([exit, json.verdict, json.error_code], [6, "block", "state_corrupt"], content);
    assertEquals(json.reason_codes, ["state_corrupt"]);
    assertEquals([...world.files.files().keys()], before);
    assertEquals(
      world.files.text(STORE),
      content.replace(/^\ufeff/, ""),
      "a corrupt store is left for inspection",
    );
  }
  const unreadable = await approved();
  unreadable.files.put(`${STORE}/x`, "");
  assertEquals((await run(unreadable, ...EVAL)).json.verdict, "block");
  const linked = await approved();
  linked.files.put("/elsewhere", text.replace(/"spent": \[[^]*\]/, '"spent": []'));
  linked.files.link(STORE, "/elsewhere");
  assertEquals((await run(linked, ...EVAL)).json.verdict, "block");
});

Deno.test("a lost store refuses what was minted before, and serves what is minted after", async () => {
  const world = await approved();
  await mint(world, "unspent.json");
  assertEquals((await run(world, ...EVAL)).json.verdict, "allow");
  world.files.entries.delete(STORE);
  for (const token of ["t.json", "unspent.json"]) {
    const line = EVAL.map((word) => word === "t.json" ? token : word);
    const { exit, json } = await run(world, ...line);
    assertEquals([exit, json.verdict], [4, "require_approval"]);
    assert(json.reason_codes.includes("approval_token_predates_store"), token);
  }
  await mint(world, "new.json");
  const line = EVAL.map((word) => word === "t.json" ? "new.json" : word);
  assertEquals((await run(world, ...line)).json.verdict, "allow");
  assertEquals((await run(world, ...line)).json.verdict, "require_approval");
});

Deno.test("nothing but an enforced allow spends a token", async () => {
  const world = await approved();
  world.files.put("fix/pay.json", intentText("tool.pay"));
  const lines: readonly string[][] = [
    [...EVAL, "--simulate"],
    ["policy", "test", "policy.yaml", "pay.json"],
    ["policy", "test", "policy.yaml", "fix"],
    ["policy", "explain", "policy.yaml", "pay.json"],
    [
      "policy",
      "simulate",
      "--policy",
      "policy.yaml",
      "--baseline",
      "policy.yaml",
      "--fixtures",
      "fix",
    ],
    ["approve", "--show", ...SUBJECT],
    EVAL.map((word) => word === "keys/alice_public.key" ? "keys/bob_public.key" : word),
    EVAL.map((word) => word === "pay.json" ? "intent.json" : word),
    [...EVAL, "--trace-out", "../x.json"],
  ];
  for (const line of lines) {
    await run(world, ...line);
    assertEquals(world.files.text(STORE), undefined, line.join(" "));
  }
  assertEquals((await run(world, ...EVAL)).json.verdict, "allow");
});

Deno.test("a credential that is not issued leaves the approval unspent", async () => {
  const world = await approved();
  const policy = world.files.text("policy.yaml") ?? "";
  const broker = policy.replace(
    "effect: require_approval",
    "effect: require_approval\n    require_broker_credential: true",
  );
  world.files.put("policy.yaml", broker);
  await mint(world, "t.json");
  const line = [...EVAL, "--credential-broker", "env"];
  const failed = await run(world, ...line);
  assertEquals([failed.exit, failed.json.verdict], [3, "block"]);
  assertEquals(world.files.text(STORE), undefined);
  world.env.set("GAIT_BROKER_TOKEN_TOOL_PAY", "secret");
  assertEquals((await run(world, ...line)).json.verdict, "allow");
});

Deno.test("a spent approval asks no broker, and a simulation says that it is spent", async () => {
  const world = await approved();
  const policy = world.files.text("policy.yaml") ?? "";
  world.files.put(
    "policy.yaml",
    policy.replace(
      "effect: require_approval",
      "effect: require_approval\n    require_broker_credential: true",
    ),
  );
  await mint(world, "t.json");
  world.onCommand = () => ({ stdout: new TextEncoder().encode('{"credential_ref":"lease"}') });
  const broker = ["--credential-broker", "command", "--credential-command", "lease"];
  assertEquals((await run(world, ...EVAL, ...broker)).json.verdict, "allow");
  assertEquals(world.commands.length, 1);
  const replayed = await run(world, ...EVAL, ...broker);
  assertEquals([replayed.exit, replayed.json.verdict], [4, "require_approval"]);
  assertEquals(replayed.json.credential_ref, undefined);
  assertEquals(world.commands.length, 1);
  const simulated = await run(world, ...EVAL, ...broker, "--simulate");
  assertEquals(simulated.json.simulated_verdict, "require_approval");
  assert(simulated.json.simulated_reason_codes.includes("approval_token_consumed"));
});

Deno.test("a single-use approval without a place to remember it is a block", async () => {
  const world = await approved();
  world.env.delete("HOME");
  const { exit, json } = await run(world, ...EVAL);
  assertEquals([exit, json.verdict, json.error_code], [6, "block", "profile_refused"]);
  const named = await run(world, ...EVAL, "--approval-store", "store.json");
  assertEquals(named.json.verdict, "allow");
  assertEquals((await run(world, ...EVAL, "--approval-store", "store.json")).exit, 4);
});

Deno.test("a call whose evidence cannot be written is blocked, and its approval stays spent", async () => {
  const world = await approved();
  const create = world.files.create.bind(world.files);
  world.files.create = (path, ...rest) =>
    path.startsWith("trace_") ? Promise.reject(new Error("full")) : create(path, ...rest);
  assertEquals((await run(world, ...EVAL)).json.verdict, "block");
  world.files.create = create;
  const { json } = await run(world, ...EVAL);
  assert(json.reason_codes.includes("approval_token_consumed"));
});
