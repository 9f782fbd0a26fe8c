import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";

const PACKS = new URL("../../golden/data/runpack/data/packs/", import.meta.url);
const RUN =
  '{"run":{"run_id":"run_x","created_at":"2026-01-01T00:00:00Z"},"intents":[{"intent_id":' +
  '"i1","tool_name":"t","args_digest":"43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777",' +
  '"args":{"a":1,"b":2}}]}';

/** Runs a command line and gives its JSON. */
async function gait(world: MemoryWorld, ...argv: string[]) {
  world.stdout.length = 0;
  world.stderr.length = 0;
  const exit = await runCli([...argv, "--json"], world.ports);
  return { exit, json: JSON.parse(world.stdout.join("")) };
}

/** A world with a run to record and a key. */
async function worldWithKey(): Promise<MemoryWorld> {
  const world = memoryWorld();
  world.files.put("run.json", RUN);
  await gait(world, "keys", "init", "--out-dir", "keys");
  return world;
}

const KEY = ["--private-key", "keys/gait_private.key"];

Deno.test("run record signs with every kind of key source, and not without one", async () => {
  const world = await worldWithKey();
  const unsigned = await gait(world, "run", "record", "run.json");
  assertEquals([unsigned.exit, unsigned.json.key_id], [0, undefined]);
  const signed = await gait(world, "run", "record", "run.json", "--out-dir", "s", ...KEY);
  assertMatch(signed.json.key_id, /^[0-9a-f]{64}$/);
  assertEquals(signed.json.manifest_digest, unsigned.json.manifest_digest);
  world.env.set("KEY", world.files.text("keys/gait_private.key") ?? "");
  const byEnv = ["--private-key-env", "KEY", "--key-mode", "prod"];
  const again = await gait(world, "run", "record", "run.json", "--out-dir", "e", ...byEnv);
  assertEquals(again.json.key_id, signed.json.key_id);
  assertEquals(world.files.text("e/runpack_run_x.zip"), world.files.text("s/runpack_run_x.zip"));
});

Deno.test("run record with a dev key leaves its public half and a warning", async () => {
  const world = await worldWithKey();
  const { json } = await gait(world, "run", "record", "run.json", "--key-mode", "dev");
  assertEquals(json.warning_details.map(({ code }: { code: string }) => code), [
    "dev_signing_key",
    "raw_in_reference_mode",
  ]);
  assertMatch(world.files.text("gait-out/runpack_run_x.public.key") ?? "", /^[\w+/]{43}=\n$/);
});

Deno.test("run record refuses a key that is missing or ambiguous, and writes nothing", async () => {
  const world = await worldWithKey();
  for (
    const flags of [
      ["--key-mode", "prod"],
      ["--key-mode", "other"],
      ["--key-mode", "dev", ...KEY],
      ["--private-key", "absent.key"],
      [...KEY, "--private-key-env", "KEY"],
      [...KEY, "--signer-command", "signer"],
    ]
  ) {
    const { exit } = await gait(world, "run", "record", "run.json", ...flags);
    assertEquals(exit, 6, flags.join(" "));
    assertEquals(world.files.text("gait-out/runpack_run_x.zip"), undefined);
  }
});

Deno.test("run record reads lines from standard input", async () => {
  const world = memoryWorld();
  world.stdin = '{"type":"call","intent_id":"i1","tool_name":"t","args":{"secret":"hunter2"}}\n' +
    '{"type":"result","intent_id":"i1","status":"ok"}\n';
  const flags = ["--run-id", "run_s", "--capture-mode", "digest-only"];
  const { exit, json } = await gait(world, "run", "record", "--input", "-", ...flags);
  assertEquals([exit, json.bundle, json.warnings], [0, "./gait-out/runpack_run_s.zip", undefined]);
  world.files.put("calls.jsonl", world.stdin);
  world.files.put("other.txt", world.stdin);
  for (const input of [["calls.jsonl"], ["other.txt", "--input-format", "jsonl", "--force"]]) {
    assertEquals((await gait(world, "run", "record", ...input, "--run-id", "run_f")).exit, 0);
  }
  // The time of recording differs, so the pack would.
  const again = await gait(world, "run", "record", "calls.jsonl", "--run-id", "run_f");
  assertEquals([again.exit, again.json.error_code], [6, "already_exists"]);
  world.stdin = RUN;
  const document = ["--input", "-", "--input-format", "json", "--out-dir", "d"];
  assertEquals((await gait(world, "run", "record", ...document)).exit, 0);
});

Deno.test("run record in oss-prod keeps digests only, is strict and wants a lasting key", async () => {
  const world = await worldWithKey();
  const profile = ["--profile", "oss-prod"];
  const { exit, json } = await gait(world, "run", "record", "run.json", ...profile);
  assertEquals([exit, json.warnings], [0, undefined]);
  const dev = await gait(world, "run", "record", "run.json", ...profile, "--key-mode", "dev");
  assertEquals([dev.exit, dev.json.error_code], [6, "profile_refused"]);
  world.files.put("odd.json", '{"run":{"run_id":"run_o"},"intents":[{"intent_id":"i"}]}');
  const odd = await gait(world, "run", "record", "odd.json", ...profile);
  assertEquals([odd.exit, odd.json.error_code], [6, "schema_violation"]);
  assertEquals((await gait(world, "run", "record", "odd.json")).exit, 0);
  assertEquals((await gait(world, "run", "record", "odd.json", "--strict")).exit, 6);
});

Deno.test("run record tells what it dropped or doubts", async () => {
  const world = memoryWorld();
  world.files.put("run.json", '{"run":{"run_id":"run_x","zzz":1},"intents":[{"args_digest":"d"}]}');
  const { json } = await gait(world, "run", "record", "run.json");
  const codes = json.warning_details.map(({ code }: { code: string }) => code);
  assertEquals(codes, [
    "record_unknown_member_dropped",
    "record_digest_not_hex",
    "record_member_empty",
  ]);
  assertStringIncludes(json.warnings[0], "run.zzz");
});

Deno.test("run record refuses an input named twice, never, or of unknown form", async () => {
  const world = await worldWithKey();
  for (
    const argv of [[], ["a", "--input", "b"], ["a", "b"], ["run.json", "--input-format", "xml"]]
  ) {
    assertEquals((await gait(world, "run", "record", ...argv)).exit, 6);
  }
});

Deno.test("demo prints the four lines of the reference", async () => {
  const world = memoryWorld();
  assertEquals(await runCli(["demo"], world.ports), 0);
  const lines = world.stdout.join("").split("\n");
  assertEquals(lines.map((line) => line.split("=")[0]), [
    "run_id",
    "bundle",
    "ticket_footer",
    "verify",
    "",
  ]);
  const before = world.files.text("gait-out/runpack_run_demo.zip");
  assertEquals(await runCli(["demo"], world.ports), 0);
  assertEquals(world.files.text("gait-out/runpack_run_demo.zip"), before);
  const signed = await gait(world, "demo", "--key-mode", "dev");
  assertMatch(signed.json.key_id, /^[0-9a-f]{64}$/);
});

Deno.test("run reduce and migrate report a tampered input as bad input with its real code", async () => {
  const world = memoryWorld();
  world.files.put("p.zip", await Deno.readFile(new URL("x_tampered.zip", PACKS)));
  for (const command of [["run", "reduce"], ["migrate"]]) {
    const { exit, json } = await gait(world, ...command, "p.zip");
    assertEquals([exit, json.error_code], [6, "digest_mismatch"]);
    assertEquals([...world.files.files().keys()], ["/work/p.zip"]);
  }
});

Deno.test("migrate says what became of signatures", async () => {
  const world = await worldWithKey();
  world.files.put("p.zip", await Deno.readFile(new URL("signed_good.zip", PACKS)));
  assertEquals((await gait(world, "migrate", "p.zip", "--out", "a.zip")).json.signatures, "kept");
  const dropped = await gait(world, "migrate", "p.zip", "--out", "b.zip", "--drop-signatures");
  assertEquals([dropped.exit, dropped.json.signatures], [0, "dropped"]);
  assertEquals(dropped.json.warning_details[0].code, "signatures_dropped");
  const signed = await gait(world, "migrate", "b.zip", "--out", "c.zip", ...KEY);
  assertMatch(signed.json.key_id, /^[0-9a-f]{64}$/);
});

Deno.test("run reduce refuses outputs that would overwrite its input or each other", async () => {
  const world = memoryWorld();
  world.files.put("p.zip", await Deno.readFile(new URL("rec_partial.zip", PACKS)));
  const before = world.files.text("p.zip");
  for (
    const out of [["--out", "./p.zip"], ["--out", "a", "--report-out", "./a"], ["--out", "../a"]]
  ) {
    const { exit, json } = await gait(world, "run", "reduce", "p.zip", ...out);
    assertEquals([exit, json.error_code], [6, "path_not_allowed"]);
  }
  assertEquals(world.files.text("p.zip"), before);
});
