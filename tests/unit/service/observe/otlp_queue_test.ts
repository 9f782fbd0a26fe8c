import { assert, assertEquals, assertFalse } from "@std/assert";
import { LIMITS } from "../../../../core/base/limits.ts";
import { OtlpQueue } from "../../../../core/service/observe/otlp_queue.ts";

const OVERHEAD = 100;

/** A queue with records of given sizes. */
function queueOf(sizes: readonly number[], capacity = 10_000): OtlpQueue {
  const queue = new OtlpQueue(capacity, OVERHEAD);
  for (const size of sizes) assert(queue.add(new Uint8Array(size)));
  return queue;
}

/** Bytes of a request with these records. */
function bytesOf(batch: readonly Uint8Array[]): number {
  return OVERHEAD + batch.reduce((sum, { length }) => sum + length + 1, 0);
}

Deno.test("OtlpQueue.add() refuses what exceeds the number or the bytes", () => {
  const queue = queueOf([1, 1], 2);
  assert(queue.isFull);
  assertFalse(queue.add(new Uint8Array(1)));
  queue.remove(1);
  assertFalse(queue.add(new Uint8Array(2 * LIMITS.otlpQueuedRecordBytes)));
  assert(queue.add(new Uint8Array(1)));
  for (const capacity of [0, -5]) assertFalse(new OtlpQueue(capacity, 0).add(new Uint8Array(1)));
});

Deno.test("OtlpQueue.add() finds room again once records have left", () => {
  const queue = new OtlpQueue(4, OVERHEAD);
  const large = new Uint8Array(LIMITS.otlpQueuedRecordBytes * 3);
  for (let i = 0; i < 1000; i++) {
    assert(queue.add(large), String(i));
    assertFalse(queue.add(large));
    queue.remove(1);
  }
  assertEquals(queue.length, 0);
});

Deno.test("OtlpQueue.batch() bounds number and bytes, and has at least one record", () => {
  assertEquals(queueOf([]).batch().length, 0);
  assertEquals(queueOf(Array(2000).fill(10)).batch().length, LIMITS.otlpBatchRecords);
  const batch = queueOf(Array(100).fill(60_000)).batch();
  assertEquals(batch.length, 16);
  assert(bytesOf(batch) <= LIMITS.otlpRequestBytes);
  assertEquals(queueOf([2_000_000, 1]).batch().length, 1);
});

Deno.test("OtlpQueue.hasBatch says when waiting makes a batch no larger", () => {
  assertFalse(queueOf([10]).hasBatch);
  assert(queueOf(Array(LIMITS.otlpBatchRecords).fill(10)).hasBatch);
  assert(queueOf([LIMITS.otlpRequestBytes]).hasBatch);
  assert(queueOf([1, 1], 2).hasBatch);
});

Deno.test("OtlpQueue.shrink() halves batches down to one record, grow() brings them back", () => {
  const queue = queueOf(Array(512).fill(100));
  const sizes: number[] = [];
  for (let batch = queue.batch(); batch.length > 1; batch = queue.batch()) {
    sizes.push(batch.length);
    queue.shrink(bytesOf(batch));
  }
  assert(sizes.length <= 9, `${sizes.length} halvings`);
  for (let i = 0; i < 31; i++) queue.grow();
  assertEquals(queue.batch().length, 1);
  for (let i = 0; i < 32 * 12; i++) queue.grow();
  assertEquals(queue.batch().length, 512);
});
