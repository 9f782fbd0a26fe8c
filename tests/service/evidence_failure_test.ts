/** The thread that writes evidence breaks down: nothing is acknowledged, and the service still ends. */

import { assert, assertEquals } from "@std/assert";
import { serveEvidence } from "../../core/evidence/serve_evidence.ts";
import type { EvidenceThread } from "../../core/ports/evidence_thread.ts";
import { GaitError } from "../../core/base/errors.ts";
import type { Segments } from "../../core/ports/segments.ts";
import { READ } from "../support/serve_program.ts";
import type { RootedWorld } from "../support/rooted_ports.ts";
import { inProcess } from "./_in_process.ts";

/** A thread in this one that can be made to fail, or to stop answering. */
function fragile(world: RootedWorld) {
  let toService: (message: unknown) => void = () => {};
  let toThread: (message: unknown) => void = () => {};
  let failed: (reason: string) => void = () => {};
  serveEvidence({
    send: (message) => queueMicrotask(() => toService(structuredClone(message))),
    listen: (hear) => void (toThread = hear),
  }, world.ports);
  const thread: EvidenceThread = {
    send(message) {
      const copy = structuredClone(message);
      queueMicrotask(() => toThread(copy));
    },
    listen(hear, broken) {
      toService = hear;
      failed = broken;
    },
    close: () => {},
  };
  Object.assign(world.ports, { evidenceThread: () => thread });
  return { fail: () => failed("out of memory"), hang: () => void (toThread = () => {}) };
}

// A thread that broke down closes nothing; the system does when it ends.
const broken = { sanitizeResources: false };

Deno.test(
  "service whose evidence thread broke down decides nothing and ends in order",
  broken,
  async () => {
    let thread: ReturnType<typeof fragile> | undefined;
    await using service = await inProcess([], (_root, world) => void (thread = fragile(world)));
    assertEquals((await service.post(READ)).status, 200);
    const before = service.tree();
    thread?.fail();
    const answer = await service.post(READ);
    assertEquals([answer.status, answer.json.error_code], [503, "evidence_unavailable"]);
    assertEquals(answer.json.verdict, undefined);
    const ready = await service.ask("/readyz");
    assertEquals([ready.status, ready.json.reasons], [503, ["evidence_unavailable"]]);
    assertEquals(service.tree(), before);
    await service.started.service?.close();
  },
);

Deno.test(
  "service whose evidence thread hangs acknowledges nothing and ends in time",
  broken,
  async () => {
    let thread: ReturnType<typeof fragile> | undefined;
    await using service = await inProcess(
      ["--drain-timeout", "1500ms"],
      (_root, world) => void (thread = fragile(world)),
    );
    assertEquals((await service.post(READ)).status, 200);
    thread?.hang();
    let answered = false;
    void service.post(READ).then(() => answered = true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    // The requests took all the time there is, as when the socket was waited for before.
    await service.started.service?.close(began);
    const took = performance.now() - began;
    assert(took < 2_900, `${took} ms`);
    assertEquals(answered, false);
  },
);

Deno.test("service goes on by itself once its disk works again", async () => {
  let isBroken = false;
  await using service = await inProcess([], (_root, { ports }) => {
    const { clock, segments } = ports;
    const broken = new GaitError("io_failure", "bad disk");
    const fragile: Segments = {
      ...segments,
      async create(path) {
        const file = await segments.create(path);
        return { ...file, sync: () => isBroken ? Promise.reject(broken) : file.sync() };
      },
      settle: (path) => isBroken ? Promise.reject(broken) : segments.settle(path),
    };
    const sleep: typeof clock.sleep = (ms, signal) => clock.sleep(Math.min(ms, 1_000), signal);
    Object.assign(ports, { segments: fragile, clock: { ...clock, sleep } });
  });
  const together = async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => service.post(READ)));
    return answers.map(({ status }) => status);
  };
  const walCount = () => service.tree().filter((path) => path.endsWith(".wal")).length;
  isBroken = true;
  for (let i = 0; walCount() < 16; i++) {
    assertEquals(await together(), [500, 500, 500, 500, 500, 500]);
    assert(i < 100);
  }
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  assertEquals((await service.ask("/readyz")).json.reasons, ["evidence_unwritable"]);
  isBroken = false;
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  assertEquals((await service.ask("/readyz")).status, 200);
  assertEquals(await together(), [200, 200, 200, 200, 200, 200]);
});

Deno.test("service keeps the trace of the one call of a session that got a name of many", async () => {
  const flags = ["--allow-client-artifact-paths"];
  await using service = await inProcess(flags, (_root, world) => void fragile(world));
  const call = JSON.parse(READ);
  const named = (path: string, session_id: string) =>
    service.post(JSON.stringify({ ...call, session_id, trace_path: path }));
  for (const session of ["a", "b"]) {
    assertEquals((await named(`traces/first_${session}.json`, session)).status, 200);
  }
  for (let round = 0; round < 8; round++) {
    const path = `traces/round_${round}.json`;
    const answers = await Promise.all(
      ["a", "b", "a", "b", "a", "b"].map((session) => named(path, session)),
    );
    assertEquals(answers.map(({ status }) => status).toSorted(), [200, 400, 400, 400, 400, 400]);
    const told = answers.find(({ status }) => status === 200)?.json.trace_id;
    const trace = JSON.parse(await Deno.readTextFile(`${service.root}/${path}`));
    assertEquals(trace.trace_id, told);
  }
  const journals = service.tree().filter((path) => path.endsWith(".journal.jsonl"));
  const lines = journals.flatMap((path) =>
    Deno.readTextFileSync(`${service.root}/${path}`).trim().split("\n").slice(1)
  );
  assertEquals([journals.length, lines.length], [2, 10]);
});
