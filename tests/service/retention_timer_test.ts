/** Retention by age, and the settling of traces, go on while nobody asks. */

import { assertEquals } from "@std/assert";
import type { Clock } from "../../core/ports/clock.ts";
import { idleInterval } from "../../core/service/evidence/retention_runner.ts";
import type { RootedWorld } from "../support/rooted_ports.ts";
import { serveConfigOf } from "../support/serve_config.ts";
import { READ } from "../support/serve_program.ts";
import { SteppedClock } from "../support/stepped_clock.ts";
import { type InProcess, inProcess } from "./_in_process.ts";

/** The look at the trace directory, which every service waits for. */
const WATCH = 1;

/** Starts a service with a clock that stands. */
async function start(clock: Clock, flags: readonly string[]): Promise<InProcess> {
  return await inProcess(flags, (_root, world: RootedWorld) => {
    Object.assign(world.ports, { clock });
  });
}

/** Traces that are there. */
function traces(service: InProcess): string[] {
  return service.tree().filter((path) => /\/trace_.*\.json$/.test(path));
}

/** Waits until something holds; files are removed beside the test. */
async function eventually(holds: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 200 && !holds(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return holds();
}

Deno.test("retention removes what is too old while nobody asks", async () => {
  const clock = new SteppedClock();
  await using service = await start(clock, ["--trace-max-age", "1m", "--trace-sync", "file"]);
  assertEquals((await service.post(READ)).status, 200);
  assertEquals(traces(service).length, 1);
  clock.step(30_000);
  assertEquals(await eventually(() => clock.waiting === WATCH + 1), true);
  assertEquals(traces(service).length, 1);
  clock.step(40_000);
  assertEquals(await eventually(() => traces(service).length === 0), true);
  const removed = service.world.stderr.map((line) => JSON.parse(line))
    .filter(({ event }) => event === "retention");
  assertEquals(removed.map(({ kind, files }) => [kind, files]), [["trace", 1]]);
});

Deno.test("retention runs with every decision of a client that is alone", async () => {
  await using service = await start(new SteppedClock(), ["--trace-max-count", "1"]);
  const warnings: unknown[] = [];
  for (const run_id of ["a", "b", "c"]) {
    const answer = await service.post(JSON.stringify({ ...JSON.parse(READ), run_id }));
    warnings.push((answer.json.warnings as string[]).filter((text) => /^retention/.test(text)));
  }
  const removed = ["retention_trace_removed_age=0 removed_count=1"];
  assertEquals(warnings, [[], removed, removed]);
  assertEquals(traces(service).map((path) => /trace_(run_.)/.exec(path)?.[1]), ["run_c"]);
});

Deno.test("retention ends its waiting when the service closes", async () => {
  const clock = new SteppedClock();
  const service = await start(clock, ["--trace-max-age", "1m"]);
  assertEquals(clock.waiting, WATCH + 1);
  await service[Symbol.asyncDispose]();
  assertEquals(clock.waiting, 0);
});

Deno.test("segments are settled while nobody asks", async () => {
  const clock = new SteppedClock();
  await using service = await start(clock, []);
  const segments = () => service.tree().filter((path) => path.endsWith(".wal"));
  const answers = await Promise.all([1, 2, 3, 4].map(() => service.post(READ)));
  assertEquals(answers.map(({ status }) => status), [200, 200, 200, 200]);
  assertEquals([traces(service).length, segments().length], [4, 1]);
  clock.step(5_000);
  // Too young: the next look comes 5 s later.
  assertEquals(await eventually(() => clock.waiting === WATCH + 1), true);
  assertEquals(segments().length, 1);
  clock.step(60_000);
  assertEquals(await eventually(() => segments().length === 0), true);
  assertEquals(traces(service).length, 4);
  assertEquals(await eventually(() => clock.waiting === WATCH), true);
});

Deno.test("retention does not wake a service whose files may grow old", async () => {
  const clock = new SteppedClock();
  await using service = await start(clock, ["--trace-max-count", "5"]);
  assertEquals(service.started.exit, 0);
  assertEquals(clock.waiting, WATCH);
});

Deno.test("idleInterval() is half of the shortest age, within limits", () => {
  const interval = (...flags: string[]) => idleInterval(serveConfigOf(flags).retention);
  assertEquals(interval(), undefined);
  assertEquals(interval("--trace-max-count", "3"), undefined);
  assertEquals(interval("--trace-max-age", "1s"), 5_000);
  assertEquals(interval("--trace-max-age", "1h", "--session-max-age", "40s"), 20_000);
  assertEquals(interval("--export-max-age", "720h"), 60_000);
});
