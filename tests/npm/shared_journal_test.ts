/**
 * Processes of Node and Deno on one journal. Nothing but the lock file keeps them apart: Node cannot see the
 * lock that Deno holds on it, and Deno knows nothing of the process that Node names in it (divergence S3).
 */

import { assert, assertEquals } from "@std/assert";
import { sessionStatus } from "../../core/journal/session_status.ts";
import { startSession } from "../../core/journal/start_session.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { ROOT } from "../../scripts/sources.ts";
import {
  acknowledged,
  type Child,
  signal,
  startProgram,
  startWorker,
} from "../support/processes.ts";
import { hasNode, must, nodes } from "./_node.ts";

/** Appends of each kind of process. */
const APPENDS = 64;
const WORKERS = 4;
const ports = denoPorts("0.0.0-dev");

/** Without Node there is nothing to test; on Windows nobody has tried it yet. */
const ignore = !await hasNode() || Deno.build.os === "windows";

/** A started session, and the ways to start workers on it. */
interface Shared {
  readonly journal: string;
  /** Starts a worker on the session, or on the log beside it. */
  deno(count: number, name: string, kind?: "log"): Child;
  node(count: number, name: string, kind?: "log"): Child;
}

/** A session in a folder of its own. */
async function withSession(
  test: (shared: Shared) => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  const env = { GAIT_SESSION_LOCK_PROFILE: "swarm", ...settings };
  const folder = await Deno.makeTempDir({ prefix: "gait-shared-" });
  try {
    const program = `${folder}/worker.mjs`;
    const bundle = ["bundle", "--quiet", "--platform", "deno", "--output", program];
    await must(Deno.execPath(), [...bundle, "tests/npm/_session_worker.ts"], { cwd: ROOT });
    const node = [...(await nodes()).values()].at(-1) ?? "node";
    const journal = `${folder}/sessions/s.journal.jsonl`;
    await startSession(journal, { session_id: "s", run_id: "run_s" }, ports);
    const argsOf = (count: number, name: string, kind?: "log") =>
      kind === "log"
        ? [kind, `${folder}/events.jsonl`, String(count), name]
        : ["session", journal, String(count), name];
    await test({
      journal,
      deno: (count, name, kind) => startWorker(argsOf(count, name, kind), env),
      node: (count, name, kind) => startProgram([node, program, ...argsOf(count, name, kind)], env),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Tools of the journal in order; fails when numbers have a gap or come twice. */
async function toolsOf(journal: string): Promise<string[]> {
  await sessionStatus(journal, ports);
  const lines = (await Deno.readTextFile(journal)).split("\n").filter((line) => line !== "");
  const events = lines.map((line) => JSON.parse(line)).filter((line) => "event" in line)
    .map(({ event }) => event);
  assertEquals(events.map(({ sequence }) => sequence), events.map((_, i) => i + 1));
  return events.map(({ tool_name }) => tool_name);
}

/** What workers said that is no acknowledgement. */
function refusals(workers: readonly Child[]): string[] {
  return workers.flatMap(({ lines }) => lines.filter((line) => !/^(ready$|\d)/.test(line)));
}

Deno.test({
  name: "appends of Node and Deno processes on one journal are all there, once",
  ignore,
  fn: () =>
    withSession(async ({ journal, deno, node }) => {
      const each = APPENDS / WORKERS;
      const workers = Array.from({ length: WORKERS }, (_, i) => [
        deno(each, `deno${i}`),
        node(each, `node${i}`),
      ]).flat();
      await Promise.all(workers.map(({ ended }) => ended));
      assertEquals(refusals(workers), []);
      const acked = workers.flatMap(acknowledged);
      assertEquals(acked.toSorted((a, b) => a - b), acked.map((_, i) => i + 1));
      const tools = await toolsOf(journal);
      for (const kind of ["deno", "node"]) {
        const own = tools.filter((tool) => tool.startsWith(kind));
        assertEquals([own.length, new Set(own).size], [APPENDS, APPENDS]);
      }
      const left = await Array.fromAsync(Deno.readDir(journal.replace(/\/[^/]*$/, "")));
      assertEquals(left.map(({ name }) => name).filter((name) => name.includes(".lock")), []);
    }),
});

Deno.test({
  name: "records of Node and Deno processes in one log are all there, once",
  ignore,
  fn: () =>
    withSession(async ({ journal, deno, node }) => {
      const workers = [0, 1].flatMap((i) => [
        deno(APPENDS / 2, `deno${i}`, "log"),
        node(APPENDS / 2, `node${i}`, "log"),
      ]);
      await Promise.all(workers.map(({ ended }) => ended));
      assertEquals(workers.map(({ lines }) => lines), workers.map(() => ["ready", "done"]));
      const log = await Deno.readTextFile(journal.replace(/sessions\/[^/]*$/, "events.jsonl"));
      const records = log.trimEnd().split("\n").map((line) => JSON.parse(line));
      const seen = new Set(records.map(({ name, i }) => `${name} ${i}`));
      assertEquals([records.length, seen.size], [2 * APPENDS, 2 * APPENDS]);
    }),
});

Deno.test({
  name:
    "killed processes of one kind hold up the other no longer than a lock gets old, and lose nothing",
  ignore,
  fn: () =>
    withSession(async ({ journal, deno, node }) => {
      const victims = [0, 1, 2].flatMap((i) => [deno(1e9, `dead-d${i}`), node(1e9, `dead-n${i}`)]);
      const workers = [0, 1].flatMap((i) => [deno(40, `deno${i}`), node(40, `node${i}`)]);
      await Promise.all(victims.map((victim) => victim.waitFor("ready")));
      for (const victim of victims) {
        await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 60));
        signal(victim, "SIGKILL");
      }
      await Promise.all([...victims, ...workers].map(({ ended }) => ended));
      assertEquals(refusals(workers), []);
      const acked = [...victims, ...workers].flatMap(acknowledged);
      assertEquals(new Set(acked).size, acked.length, "a sequence was acknowledged twice");
      const tools = await toolsOf(journal);
      assertEquals(tools.filter((tool) => !tool.startsWith("dead")).length, 160);
      assert(Math.max(...acked) <= tools.length);
      // One append of each that was killed may have come in without its word.
      assert(tools.length <= acked.length + victims.length, `${tools.length} ${acked.length}`);
      assertEquals(new Set(tools).size, tools.length);
    }, { GAIT_SESSION_LOCK_STALE_AFTER: "1s" }),
});

/** Leaves a lock that the reference made long ago, unless somebody holds the lock; whether it did. */
async function plantOldLock(journal: string): Promise<boolean> {
  const text = '{"created_at":"2020-01-01T00:00:00Z","pid":2147483646,' +
    '"schema_id":"gait.runpack.session_lock","schema_version":"1.0.0"}\n';
  await Deno.writeTextFile(`${journal}.planted`, text);
  const planted = await Deno.link(`${journal}.planted`, `${journal}.lock`).then(
    () => true,
    () => false,
  );
  await Deno.remove(`${journal}.planted`);
  return planted;
}

Deno.test({
  name: "Node and Deno take over old locks from each other without losing or doubling an event",
  ignore,
  fn: () =>
    withSession(async ({ journal, deno, node }) => {
      const each = 80;
      const workers = [0, 1, 2].flatMap((i) => [deno(each, `deno${i}`), node(each, `node${i}`)]);
      let over = false;
      const ended = Promise.all(workers.map((worker) => worker.ended)).then(() => over = true);
      let planted = 0;
      while (!over) {
        if (await plantOldLock(journal)) planted++;
        await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 4));
      }
      await ended;
      assert(planted > 5, `${planted} old locks`);
      assertEquals(refusals(workers), []);
      const acked = workers.flatMap(acknowledged);
      assertEquals(acked.toSorted((a, b) => a - b), acked.map((_, i) => i + 1));
      const tools = await toolsOf(journal);
      assertEquals([tools.length, new Set(tools).size], [6 * each, 6 * each]);
    }),
});
