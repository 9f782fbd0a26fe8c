import { assertEquals, assertRejects } from "@std/assert";
import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { GaitError } from "../../../core/base/errors.ts";
import { sessionAppender } from "../../../core/journal/append_events.ts";
import { startSession } from "../../../core/journal/start_session.ts";
import { sessionItems } from "../../../core/runs/session_items.ts";
import type { RunItem } from "../../../core/runs/run_items.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";

const JOURNAL = "s.jsonl";
const RECORD = ["run", "record", "--journal", JOURNAL, "--no-config", "--json"];

async function append(world: MemoryWorld, verdicts: readonly string[]): Promise<void> {
  const appender = sessionAppender(JOURNAL, world.ports);
  for (const verdict of verdicts) {
    await appender.append({ tool_name: "file.write", verdict, intent_id: "i" + verdict });
  }
}

async function worldWith(...verdicts: string[]): Promise<MemoryWorld> {
  const world = memoryWorld();
  await startSession(JOURNAL, { session_id: "s", run_id: "run_s" }, world.ports);
  await append(world, verdicts);
  return world;
}

async function run(world: MemoryWorld, argv: readonly string[]) {
  world.stdout.length = 0;
  const exit = await runCli([...argv], world.ports);
  return { exit, json: JSON.parse(world.stdout.join("")) };
}

async function all(items: AsyncGenerator<RunItem>): Promise<RunItem[]> {
  return await Array.fromAsync(items);
}

Deno.test("run record packs a session: a call and a result for each event, digests true", async () => {
  const world = await worldWith("allow", "block", "allow");
  const { exit, json } = await run(world, RECORD);
  assertEquals([exit, json.run_id, json.warnings], [0, "run_s", undefined]);
  const inspected = await run(world, ["run", "inspect", "run_s", "--json"]);
  assertEquals(inspected.json.intents_total, 3);
  assertEquals(
    inspected.json.entries.map((entry: Record<string, unknown>) => [entry.status, entry.verdict]),
    [["ok", "allow"], ["error", "block"], ["ok", "allow"]],
  );
  const again = await run(world, [...RECORD, "--out-dir", "again"]);
  assertEquals(again.json.manifest_digest, json.manifest_digest);
  assertEquals((await run(world, ["verify", "run_s", "--json"])).exit, 0);
});

Deno.test("sessionItems() holds the session only while it opens it, and takes no later event", async () => {
  const world = await worldWith("allow");
  const { items } = await sessionItems(JOURNAL, world.ports);
  await append(world, ["block"]);
  const kinds = (await all(items)).map(({ kind }) => kind);
  assertEquals(kinds, ["run", "intent", "result", "event"]);
});

Deno.test("sessionItems() leaves out a torn tail and refuses an altered journal", async () => {
  const world = await worldWith("allow", "block");
  const text = world.files.text(JOURNAL) ?? "";
  world.files.put(JOURNAL, `${text}{"record_type":"ev`);
  const { items } = await sessionItems(JOURNAL, world.ports);
  assertEquals((await all(items)).filter(({ kind }) => kind === "intent").length, 2);
  world.files.put(JOURNAL, text.replace('"verdict":"block"', '"verdict":"allow"'));
  const { exit, json } = await run(world, RECORD);
  assertEquals([exit, json.ok, json.error_code], [2, false, "journal_altered"]);
  assertEquals(world.files.text("gait-out/runpack_run_s.zip"), undefined);
});

Deno.test("run record takes a session or an input, not both", async () => {
  const world = await worldWith("allow");
  for (const more of [["--input", "x.json"], ["x.json"], ["--input-format", "jsonl"]]) {
    assertEquals((await run(world, [...RECORD, ...more])).json.error_code, "usage");
  }
  const missing = ["run", "record", "--journal", "other.jsonl", "--no-config", "--json"];
  assertEquals((await run(world, missing)).json.error_code, "file_not_found");
  await assertRejects(() => sessionItems("other.jsonl", world.ports), GaitError);
});

Deno.test("recordRun() closes the journal when it refuses before the first item", async () => {
  const world = await worldWith("allow");
  world.files.put("taken", "a file, not a directory");
  let open = 0;
  const { appends } = world.ports;
  const counted: typeof appends = {
    ...appends,
    async open(...args) {
      const file = await appends.open(...args);
      open++;
      let counts = true;
      return {
        ...file,
        close() {
          if (counts) open--;
          counts = false;
          file.close();
        },
      };
    },
  };
  const refused = { ...world, ports: { ...world.ports, appends: counted } };
  const { exit, json } = await run(refused, [...RECORD, "--out-dir", "taken"]);
  assertEquals([exit !== 0, json.ok, open], [true, false, 0]);
  assertEquals((await run(refused, RECORD)).exit, 0);
  assertEquals(open, 0);
});
