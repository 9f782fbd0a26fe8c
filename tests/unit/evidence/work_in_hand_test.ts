import { assertEquals, assertRejects } from "@std/assert";
import { deferred } from "../../../core/base/deferred.ts";
import type { EvidenceTask } from "../../../core/evidence/messages.ts";
import { WorkInHand } from "../../../core/evidence/work_in_hand.ts";

/** Whether there is one batch of files alone, or one batch of events alone. */
function alone(work: WorkInHand): readonly [files: boolean, events: boolean] {
  return [work.isOneWrite, work.isOneAppend];
}

/** Begins a task that lasts until it is told to end. */
function begin(work: WorkInHand, kind: EvidenceTask["kind"]): () => Promise<void> {
  const gate = deferred<void>();
  const done = work.during(kind, () => gate.promise);
  return async () => {
    gate.resolve();
    await done;
  };
}

Deno.test("WorkInHand tells whether one batch is all there is to do", async () => {
  const work = new WorkInHand();
  assertEquals(alone(work), [false, false]);
  const endFirst = begin(work, "write");
  assertEquals(alone(work), [true, false]);
  const endEvents = begin(work, "append");
  assertEquals(alone(work), [false, false]);
  await endFirst();
  assertEquals(alone(work), [false, true]);
  const endOthers = begin(work, "append");
  assertEquals(alone(work), [false, false]);
  await endEvents();
  await endOthers();
  assertEquals(alone(work), [false, false]);
});

Deno.test("WorkInHand lets what is rare be held up", async () => {
  const work = new WorkInHand();
  const ends = (["check", "maintain", "close"] as const).map((kind) => begin(work, kind));
  const endWrite = begin(work, "write");
  assertEquals(alone(work), [true, false]);
  for (const end of [...ends, endWrite]) await end();
});

Deno.test("WorkInHand forgets a task that failed, and hands its failure on", async () => {
  const work = new WorkInHand();
  await assertRejects(() => work.during("write", () => Promise.reject(new Error("gone"))), Error);
  assertEquals(alone(work), [false, false]);
  assertEquals(await work.during("append", () => Promise.resolve(7)), 7);
});
