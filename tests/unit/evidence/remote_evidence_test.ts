import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { RemoteEvidence } from "../../../core/evidence/remote_evidence.ts";
import { serveEvidence } from "../../../core/evidence/serve_evidence.ts";
import { startSession } from "../../../core/journal/start_session.ts";
import type { EvidenceThread } from "../../../core/ports/evidence_thread.ts";
import { evidenceOverPort, startEvidenceThread } from "../../../host/evidence_thread.ts";
import { type RootedWorld, rootedWorld } from "../../support/rooted_ports.ts";

/** A thread in this one: messages are copied and come later, as between threads. */
interface Loop extends EvidenceThread {
  /** Messages to the other side. */
  readonly sent: unknown[];
  /** Takes messages and does nothing any more. */
  hang(): void;
  /** Breaks down. */
  fail(): void;
  readonly closed: boolean;
}

function loop(world: RootedWorld): Loop {
  const sent: unknown[] = [];
  let toService: (message: unknown) => void = () => {};
  let toThread: (message: unknown) => void = () => {};
  let failed: (reason: string) => void = () => {};
  let closed = false;
  serveEvidence({
    send: (message) => queueMicrotask(() => toService(structuredClone(message))),
    listen: (hear) => void (toThread = hear),
  }, world.ports);
  return {
    sent,
    send(message) {
      sent.push(message);
      const copy = structuredClone(message);
      queueMicrotask(() => toThread(copy));
    },
    listen(hear, broken) {
      toService = hear;
      failed = broken;
    },
    close: () => void (closed = true),
    hang: () => void (toThread = () => {}),
    fail: () => failed("out of memory"),
    get closed() {
      return closed;
    },
  };
}

async function withEvidence(
  work: (parts: { root: string; world: RootedWorld; thread: Loop; evidence: RemoteEvidence }) => //
  Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/t`);
    const world = rootedWorld(root);
    const thread = loop(world);
    await work({ root, world, thread, evidence: new RemoteEvidence("t", thread) });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function filesIn(dir: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
}

Deno.test("RemoteEvidence.create() sends what comes together as one message", () =>
  withEvidence(async ({ root, thread, evidence }) => {
    const list = ["a.json", "b.json", "c.json"];
    await Promise.all(list.map((name) => evidence.create(name, `text of ${name}`)));
    assertEquals(thread.sent.length, 2);
    assertEquals(evidence.segments, 1);
    assertEquals(await Deno.readTextFile(`${root}/t/b.json`), "text of b.json");
    await evidence.remove("b.json");
    await evidence.maintain();
    await evidence.close();
    assertEquals(await filesIn(`${root}/t`), ["a.json", "c.json"]);
    assert(thread.closed);
  }));

Deno.test("RemoteEvidence.create() tells which file failed, and only that one", () =>
  withEvidence(async ({ root, evidence }) => {
    await Deno.writeTextFile(`${root}/t/taken.json`, "old");
    const [first, second] = await Promise.allSettled([
      evidence.create("taken.json", "new"),
      evidence.create("free.json", "new"),
    ]);
    assert(first.status === "rejected" && first.reason instanceof GaitError);
    assertEquals(first.reason.code, "already_exists");
    assertEquals(second.status, "fulfilled");
    assertEquals(await Deno.readTextFile(`${root}/t/taken.json`), "old");
    await evidence.close();
  }));

Deno.test("RemoteEvidence.appender() numbers events in order and refuses a missing journal", () =>
  withEvidence(async ({ root, world, evidence }) => {
    await startSession("s.jsonl", { session_id: "s", run_id: "run_s" }, world.ports);
    const append = evidence.appender("s.jsonl");
    const event = { tool_name: "t", verdict: "allow" } as const;
    const numbers = await Promise.all([1, 2, 3].map(() => append(event, [])));
    const all = [...numbers, await append(event, [])];
    assertEquals(all.map(({ sequence }) => sequence), [1, 2, 3, 4]);
    const lines = (await Deno.readTextFile(`${root}/s.jsonl`)).trim().split("\n");
    assertEquals(lines.length, 5);
    const missing = await assertRejects(
      () => evidence.appender("none.jsonl")(event, []),
      GaitError,
    );
    assertEquals(missing.code, "file_not_found");
    await evidence.close();
  }));

/** Events of a journal. */
async function eventsIn(path: string): Promise<Record<string, unknown>[]> {
  const lines = (await Deno.readTextFile(path)).trim().split("\n").slice(1);
  return lines.map((line) => JSON.parse(line).event);
}

Deno.test("RemoteEvidence.appender() writes files and their events with one message, files first", () =>
  withEvidence(async ({ root, world, thread, evidence }) => {
    await startSession("s.jsonl", { session_id: "s", run_id: "run_s" }, world.ports);
    const append = evidence.appender("s.jsonl");
    const sent = thread.sent.length;
    const names = ["a.json", "b.json", "c.json"];
    const numbers = await Promise.all(
      names.map((name) =>
        append({ tool_name: "t", verdict: "allow", trace_path: name }, [{ name, text: name }])
      ),
    );
    assertEquals(thread.sent.length, sent + 1);
    assertEquals(numbers.map(({ sequence, failure }) => [sequence, failure]), [
      [1, undefined],
      [2, undefined],
      [3, undefined],
    ]);
    assertEquals(await Deno.readTextFile(`${root}/t/c.json`), "c.json");
    assertEquals((await eventsIn(`${root}/s.jsonl`)).map((event) => event.trace_path), names);
    await evidence.close();
    assertEquals(await filesIn(`${root}/t`), names);
  }));

Deno.test("RemoteEvidence.appender() writes no event whose file has a name that is taken", () =>
  withEvidence(async ({ root, world, evidence }) => {
    await startSession("s.jsonl", { session_id: "s", run_id: "run_s" }, world.ports);
    await Deno.writeTextFile(`${root}/t/taken.json`, "old");
    const append = evidence.appender("s.jsonl");
    const event = { tool_name: "t", verdict: "allow" } as const;
    const [taken, free] = await Promise.allSettled([
      append(event, [{ name: "taken.json", text: "new" }]),
      append(event, [{ name: "free.json", text: "new" }]),
    ]);
    assert(taken.status === "rejected" && taken.reason instanceof GaitError);
    assertEquals(taken.reason.code, "already_exists");
    assertEquals(free, { status: "fulfilled", value: { sequence: 1, failure: undefined } });
    assertEquals(await Deno.readTextFile(`${root}/t/taken.json`), "old");
    assertEquals((await eventsIn(`${root}/s.jsonl`)).length, 1);
    await evidence.close();
  }));

Deno.test("RemoteEvidence.appender() tells of an event that was written, and whose file could not be made durable", () =>
  withEvidence(async ({ root, world, evidence }) => {
    await startSession("s.jsonl", { session_id: "s", run_id: "run_s" }, world.ports);
    const { segments } = world.ports;
    Object.assign(world.ports.segments, {
      ...segments,
      settle: () => Promise.reject(new GaitError("io_failure", "Cannot write: no space left")),
    });
    const event = { tool_name: "t", verdict: "allow", trace_id: "id", trace_path: "a.json" };
    const { sequence, failure } = await evidence.appender("s.jsonl")(event, [
      { name: "a.json", text: "a" },
    ]);
    assertEquals([sequence, failure?.code], [1, "io_failure"]);
    assertEquals((await eventsIn(`${root}/s.jsonl`)).map(({ verdict }) => verdict), ["allow"]);
    assertEquals(await filesIn(`${root}/t`), []);
  }));

Deno.test("RemoteEvidence.appender() leaves no file of an event that was not written", () =>
  withEvidence(async ({ root, evidence }) => {
    const append = evidence.appender("none.jsonl");
    const files = ["a.json", "b.json"].map((name) => ({ name, text: name }));
    const error = await assertRejects(
      () => append({ tool_name: "t", verdict: "allow" }, files),
      GaitError,
    );
    assertEquals(error.code, "file_not_found");
    await evidence.close();
    assertEquals(await filesIn(`${root}/t`), []);
  }));

Deno.test("RemoteEvidence.appender() takes back its own files, and leaves the one that has a name before it", () =>
  withEvidence(async ({ root, world, evidence }) => {
    await startSession("s.jsonl", { session_id: "s", run_id: "run_s" }, world.ports);
    await Deno.writeTextFile(`${root}/t/taken.json`, "old");
    const files = ["audit.json", "taken.json"].map((name) => ({ name, text: "new" }));
    const error = await assertRejects(
      () => evidence.appender("s.jsonl")({ tool_name: "t", verdict: "allow" }, files),
      GaitError,
    );
    assertEquals(error.code, "already_exists");
    assertEquals(await eventsIn(`${root}/s.jsonl`), []);
    await evidence.close();
    assertEquals(await filesIn(`${root}/t`), ["taken.json"]);
    assertEquals(await Deno.readTextFile(`${root}/t/taken.json`), "old");
  }));

Deno.test("RemoteEvidence acknowledges nothing once its thread broke down", () =>
  withEvidence(async ({ thread, evidence }) => {
    thread.hang();
    const pending = evidence.create("a.json", "a");
    await Promise.resolve();
    assertEquals(evidence.working, true);
    thread.fail();
    assertEquals(evidence.working, false);
    const error = await assertRejects(() => pending, GaitError);
    assertEquals(error.code, "evidence_unavailable");
    assertStringIncludes(error.message, "thread broke down");
    for (const ask of [evidence.create("b.json", "b"), evidence.remove("a.json")]) {
      assertEquals((await assertRejects(() => ask, GaitError)).code, "evidence_unavailable");
    }
    assertEquals(
      (await assertRejects(() => evidence.close(), GaitError)).code,
      "evidence_unavailable",
    );
    assert(thread.closed);
  }));

Deno.test("startEvidenceThread() writes files, and tells of its breakdown", async () => {
  const root = await Deno.makeTempDir();
  const module = new URL("../../../evidence_worker.ts", import.meta.url);
  try {
    const evidence = new RemoteEvidence(root, startEvidenceThread(module));
    await Promise.all(["a.json", "b.json"].map((name) => evidence.create(name, name)));
    assertEquals((await filesIn(root)).filter((name) => name.endsWith(".json")).length, 2);
    await evidence.close();
    assertEquals(await filesIn(root), ["a.json", "b.json"]);
    const broken = new RemoteEvidence(
      root,
      startEvidenceThread(new URL("data:text/javascript,x()")),
    );
    assertEquals(
      (await assertRejects(() => broken.create("c.json", "c"), GaitError)).code,
      "evidence_unavailable",
    );
    await assertRejects(() => broken.close(), GaitError);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("evidenceOverPort() carries messages, and tells of a breakdown that came early", async () => {
  const { port1, port2 } = new MessageChannel();
  const near = evidenceOverPort(port1);
  const far = evidenceOverPort(port2);
  far.listen((message) => far.send(["heard", message]), () => {});
  const failures: string[] = [];
  const answer = await new Promise((resolve) => {
    near.fail("out of memory");
    near.listen(resolve, (reason) => failures.push(reason));
    near.send({ id: 1 });
  });
  assertEquals(answer, ["heard", { id: 1 }]);
  near.fail("again");
  assertEquals(failures, ["out of memory", "again"]);
  near.close();
  far.close();
});
