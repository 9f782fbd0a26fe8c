import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { sha256HexOfText } from "../../../core/digest/running_sha256.ts";
import { Findings } from "../../../core/runs/findings.ts";
import type { RecordOptions } from "../../../core/runs/record_options.ts";
import { recordRun } from "../../../core/runs/record_run.ts";
import type { RunItem } from "../../../core/runs/run_items.ts";
import { readRunpack } from "../../../core/runpack/read_pack.ts";
import { signerFromSeed } from "../../../core/sign/signer.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";
import { readStoredZip } from "../../support/plain_zip.ts";

const OPTIONS: RecordOptions = {
  runId: "",
  captureMode: "",
  defaultCaptureMode: "reference",
  fillGaps: true,
  outDir: "out",
  force: false,
};

const RUN: RunItem = {
  kind: "run",
  value: { run_id: "run_x", created_at: "2026-01-01T00:00:00Z" },
  path: "run",
};

/** A call. */
function call(n: number, more: Record<string, string> = {}): RunItem {
  const value = { intent_id: `i${n}`, tool_name: "tool.read", args: { n, pad: "x".repeat(50) } };
  return { kind: "intent", value: { ...value, ...more }, path: `intents[${n}]` };
}

/** The result of a call. */
function result(n: number): RunItem {
  return {
    kind: "result",
    value: { intent_id: `i${n}`, status: "ok", result: { n } },
    path: `results[${n}]`,
  };
}

/** Records items and gives the packs. */
async function record(
  world: MemoryWorld,
  items: RunItem[],
  options: Partial<RecordOptions> = {},
  findings = new Findings({ strict: false }),
) {
  const context = { options: { ...OPTIONS, ...options }, ports: world.ports, findings };
  return await recordRun(items, context);
}

/** Bytes of a file. */
function bytesOf(world: MemoryWorld, path: string): Uint8Array {
  const entry = world.files.entries.get(`/work/${path}`);
  if (entry?.kind !== "file") throw new Error(`no file ${path}`);
  return entry.data;
}

/** Code of the refusal. */
async function refusal(items: RunItem[], options: Partial<RecordOptions> = {}): Promise<string> {
  const world = memoryWorld();
  const error = await assertRejects(() => record(world, items, options), GaitError);
  assertEquals([...world.files.files().keys()], []);
  return error.code;
}

Deno.test("recordRun() writes a pack that reads back, with digests filled in", async () => {
  const world = memoryWorld();
  const recorded = await record(world, [RUN, call(1), result(1)]);
  assertEquals(recorded.packs.map(({ path }) => path), ["out/runpack_run_x.zip"]);
  const pack = await readRunpack(bytesOf(world, "out/runpack_run_x.zip"), world.ports);
  assertEquals(pack.intents[0]?.args, { n: 1, pad: "x".repeat(50) });
  assertEquals(pack.results[0]?.result_digest, sha256HexOfText('{"n":1}'));
  assertEquals(pack.run.env, { arch: "amd64", os: "linux", runtime: "deno" });
  assertEquals(recorded.keepsContent, true);
});

Deno.test("recordRun() gives the same bytes for the same input", async () => {
  const worlds = [memoryWorld(), memoryWorld()];
  worlds[1]!.now += 10n ** 15n;
  for (const world of worlds) await record(world, [RUN, call(1), result(1)]);
  const [a, b] = worlds.map((world) => bytesOf(world, "out/runpack_run_x.zip"));
  assertEquals(a, b);
});

Deno.test("recordRun() drops content in digest-only mode and keeps its digests", async () => {
  const world = memoryWorld();
  const recorded = await record(world, [RUN, call(1), result(1)], {
    captureMode: "digest-only",
    fillGaps: false,
  });
  assertEquals([recorded.captureMode, recorded.keepsContent], ["digest-only", false]);
  const zip = await readStoredZip(bytesOf(world, "out/runpack_run_x.zip"));
  const [intents, results] = ["intents.jsonl", "results.jsonl"]
    .map((name) => new TextDecoder().decode(zip.get(name)));
  assertEquals(/"args":|"result":|xxxx/.test(`${intents}${results}`), false);
  assertMatch(intents ?? "", /"args_digest":"[0-9a-f]{64}"/);
  assertMatch(results ?? "", /"result_digest":"[0-9a-f]{64}"/);
});

Deno.test("recordRun() signs with the given key", async () => {
  const world = memoryWorld();
  const signer = await signerFromSeed(new Uint8Array(32).fill(3), world.ports);
  await record(world, [RUN, call(1)], { signer });
  const zip = await readStoredZip(bytesOf(world, "out/runpack_run_x.zip"));
  const manifest = JSON.parse(new TextDecoder().decode(zip.get("manifest.json")));
  assertEquals(manifest.signatures.length, 1);
  assertEquals(manifest.signatures[0].key_id, signer.keyId);
});

Deno.test("recordRun() splits a long run into packs that name each other", async () => {
  const world = memoryWorld();
  const items = [RUN];
  for (let n = 0; n < 100; n++) items.push(call(n), result(n));
  const { packs } = await record(world, items, { memberBytes: 10_000 });
  assertEquals(packs.length > 2, true);
  assertEquals(packs.slice(0, 2).map(({ runId }) => runId), ["run_x", "run_x_part_2"]);
  let calls = 0;
  for (const [i, { path, runId }] of packs.entries()) {
    const pack = await readRunpack(bytesOf(world, path), world.ports);
    calls += pack.intents.length;
    const [link] = pack.refs.receipts;
    assertEquals(link?.content_digest, packs[i - 1]?.manifestDigest);
    assertEquals(link?.query_digest, i === 0 ? undefined : packs[0]?.manifestDigest);
    assertEquals(pack.intents.every((intent) => intent.run_id === runId), true);
    const next = pack.run.timeline?.find(({ event }) => event === "runpack_continues")?.ref;
    assertEquals(next, packs[i + 1]?.runId);
    const zip = await readStoredZip(bytesOf(world, path));
    assertEquals([...zip.values()].every(({ length }) => length <= 10_000), true);
  }
  assertEquals(calls, 100);
});

Deno.test("recordRun() leaves no pack behind when a later item is refused", async () => {
  const items = [RUN];
  for (let n = 0; n < 100; n++) items.push(call(n));
  items.push({ kind: "intent", value: 7, path: "intents[100]" });
  assertEquals(await refusal(items, { memberBytes: 10_000 }), "schema_violation");
});

Deno.test("recordRun() leaves nothing behind when a file operation fails", async () => {
  for (let at = 1; at < 12; at++) {
    const world = memoryWorld();
    world.files.fault.at = at;
    const items = [RUN, ...Array.from({ length: 60 }, (_, n) => call(n))];
    try {
      await record(world, items, { memberBytes: 8000 });
    } catch (error) {
      assertEquals(error instanceof GaitError, true);
      assertEquals([...world.files.files().keys()], [], `fault ${at}`);
    }
  }
});

Deno.test("recordRun() refuses a record that fits into no pack", async () => {
  const big = call(1, { tool_name: "x".repeat(20_000) });
  assertEquals(await refusal([RUN, big], { memberBytes: 10_000 }), "input_too_large");
});

Deno.test("recordRun() confines run ids and the directory", async () => {
  const ids = [
    "",
    " ",
    "plain",
    "run_",
    "run_é",
    "run_a/b",
    "run_../x",
    "run_a b",
    "run_a.b",
    "run_a\n",
  ];
  for (const run_id of [...ids, `run_${"x".repeat(200)}`]) {
    const run: RunItem = { kind: "run", value: { run_id }, path: "run" };
    assertEquals(await refusal([run]), "schema_violation", run_id);
    if (run_id !== "") assertEquals(await refusal([], { runId: run_id }), "schema_violation");
  }
  for (const outDir of ["../up", "a/../../b", ".."]) {
    assertEquals(await refusal([RUN], { outDir }), "path_not_allowed", outDir);
  }
});

Deno.test("recordRun() refuses records of another run or kind", async () => {
  for (const more of [{ run_id: "run_y" }, { schema_id: "other" }, { schema_version: "7.0.0" }]) {
    assertEquals(await refusal([RUN, call(1, more)]), "schema_violation");
  }
  assertEquals(await refusal([RUN, RUN]), "schema_violation");
  assertEquals(await refusal([call(1)]), "schema_violation");
  assertEquals(await refusal([RUN], { captureMode: "RAW" }), "unsupported_value");
});

Deno.test("recordRun() overrides every run id when told to", async () => {
  const world = memoryWorld();
  await record(world, [RUN, call(1, { run_id: "run_y" })], { runId: "run_new" });
  const pack = await readRunpack(bytesOf(world, "out/runpack_run_new.zip"), world.ports);
  assertEquals([pack.run.run_id, pack.intents[0]?.run_id], ["run_new", "run_new"]);
});

Deno.test("recordRun() replaces another pack only when told to, and the same one silently", async () => {
  const world = memoryWorld();
  await record(world, [RUN, call(1)]);
  const before = bytesOf(world, "out/runpack_run_x.zip");
  await record(world, [RUN, call(1)]);
  const error = await assertRejects(() => record(world, [RUN, call(2)]), GaitError);
  assertEquals(error.code, "already_exists");
  assertEquals(bytesOf(world, "out/runpack_run_x.zip"), before);
  await record(world, [RUN, call(2)], { force: true });
  assertNotEquals(bytesOf(world, "out/runpack_run_x.zip"), before);
});

Deno.test("recordRun() writes through no link and into no file", async () => {
  const world = memoryWorld();
  world.files.put("target", "precious");
  world.files.link("out/runpack_run_x.zip", "/work/target");
  await assertRejects(() => record(world, [RUN], { force: true }), GaitError, "symbolic link");
  assertEquals(world.files.text("target"), "precious");
  world.files.put("plain", "a file");
  for (const outDir of ["plain", "plain/below", "/work/plain/below/deep"]) {
    const error = await assertRejects(() => record(world, [RUN], { outDir }), GaitError);
    assertEquals(error.code, "path_not_allowed", outDir);
  }
});

Deno.test("recordRun() shows hostile names harmlessly", async () => {
  const name = `\u001b[31m${"x".repeat(5000)}`;
  const findings = new Findings({ strict: false });
  await record(memoryWorld(), [RUN, call(1, { [name]: "y" })], {}, findings);
  const message = findings.summary().find(({ code }) => code === "unknown_member_dropped")?.message;
  assertEquals(message?.includes("\u001b"), false);
  assertEquals((message?.length ?? 9999) < 500, true);
});

Deno.test("recordRun() links parts even when the timeline is full", async () => {
  const world = memoryWorld();
  const event: RunItem = {
    kind: "event",
    value: { event: "e".repeat(200), ts: "2026-01-01T00:00:00Z" },
    path: "line 1",
  };
  const items = [RUN, ...Array.from({ length: 30 }, () => event)];
  const { packs } = await record(world, items, { memberBytes: 8000 });
  assertEquals(packs.length > 1, true);
  for (const [i, { path }] of packs.entries()) {
    const { run } = await readRunpack(bytesOf(world, path), world.ports);
    const next = packs[i + 1]?.runId;
    assertEquals(run.timeline?.at(-1)?.ref, next);
  }
});

Deno.test("recordRun() counts findings, and refuses them when strict", async () => {
  const odd: RunItem[] = [
    call(1, { args_digest: "d" }),
    call(2, { args_digest: "0".repeat(64), extra: "x" }),
    { kind: "result", value: { intent_id: "i1", status: "weird" }, path: "results[0]" },
    { kind: "intent", value: null, path: "intents[3]" },
  ];
  const findings = new Findings({ strict: false });
  await record(memoryWorld(), [RUN, ...odd], {}, findings);
  assertEquals(findings.summary().map(({ code, count }) => [code, count]), [
    ["digest_not_hex", 1],
    ["unknown_member_dropped", 1],
    ["digest_mismatch", 1],
    ["status_not_listed", 1],
    ["member_empty", 2],
  ]);
  for (const item of odd) {
    const strict = new Findings({ strict: true });
    const work = () => record(memoryWorld(), [RUN, item], {}, strict);
    assertEquals((await assertRejects(work, GaitError)).code, "schema_violation");
  }
});
