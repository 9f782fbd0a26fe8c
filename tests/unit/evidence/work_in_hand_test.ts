import { assertEquals, assertRejects } from "@std/assert";
import { deferred } from "../../../core/base/deferred.ts";
import type { EvidenceTask } from "../../../core/evidence/messages.ts";
import { WorkInHand } from "../../../core/evidence/work_in_hand.ts";

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
  assertEquals(work.isOneBatch, false);
  const endFiles = begin(work, "write");
  assertEquals(work.isOneBatch, true);
  const endEvents = begin(work, "append");
  assertEquals(work.isOneBatch, false);
  await endFiles();
  assertEquals(work.isOneBatch, true);
  const endOthers = begin(work, "append");
  assertEquals(work.isOneBatch, false);
  await endEvents();
  await endOthers();
  assertEquals(work.isOneBatch, false);
});

Deno.test("WorkInHand lets what is rare be held up", async () => {
  const work = new WorkInHand();
  const ends = (["check", "maintain", "close"] as const).map((kind) => begin(work, kind));
  assertEquals(work.isOneBatch, false);
  const endFiles = begin(work, "write");
  assertEquals(work.isOneBatch, true);
  for (const end of [...ends, endFiles]) await end();
});

Deno.test("WorkInHand forgets a task that failed, and hands its failure on", async () => {
  const work = new WorkInHand();
  await assertRejects(() => work.during("write", () => Promise.reject(new Error("gone"))), Error);
  assertEquals(work.isOneBatch, false);
  assertEquals(await work.during("append", () => Promise.resolve(7)), 7);
});
