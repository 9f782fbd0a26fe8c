import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { appendLine } from "../../../core/export/append_line.ts";
import type { MemoryLocks } from "../../support/memory_locks.ts";
import { memoryWorld } from "../../support/memory_ports.ts";

Deno.test("appendLine() appends whole lines, also side by side", async () => {
  const { ports, files } = memoryWorld();
  await Promise.all(["1", "2", "3"].map((n) => appendLine("d/log.jsonl", `{"n":${n}}`, ports)));
  assertEquals(files.text("d/log.jsonl")?.split("\n").sort(), [
    "",
    '{"n":1}',
    '{"n":2}',
    '{"n":3}',
  ]);
});

Deno.test("appendLine() closes off a torn record", async () => {
  const { ports, files } = memoryWorld();
  files.put("log.jsonl", '{"n":1}\n{"n":');
  await appendLine("log.jsonl", '{"n":3}', ports);
  assertEquals(files.text("log.jsonl"), '{"n":1}\n{"n":\n{"n":3}\n');
});

Deno.test("appendLine() refuses links, folders and oversized records", async () => {
  const { ports, files } = memoryWorld();
  files.put("real.jsonl", "");
  files.link("link.jsonl", "real.jsonl");
  files.put("folder/x", "");
  const code = async (path: string, line: string) => {
    const error = await assertRejects(() => appendLine(path, line, ports));
    assertInstanceOf(error, GaitError);
    return error.code;
  };
  assertEquals(await code("link.jsonl", "{}"), "path_is_symlink");
  assertEquals(await code("folder", "{}"), "path_not_allowed");
  assertEquals(await code("log.jsonl", "x".repeat(2 * 1024 * 1024)), "input_too_large");
  assertEquals(files.text("real.jsonl"), "");
});

Deno.test("appendLine() writes nothing without the lock, or after losing it", async () => {
  const { ports, files } = memoryWorld();
  const locks = ports.locks as MemoryLocks;
  locks.foreign.add("log.jsonl.lock");
  const busy = await assertRejects(() => appendLine("log.jsonl", "{}", ports), GaitError);
  assertEquals([busy.code, busy.retryable], ["state_contention", true]);
  locks.foreign.clear();
  locks.broken.add("log.jsonl.lock");
  const lost = await assertRejects(() => appendLine("log.jsonl", "{}", ports), GaitError);
  assertEquals(lost.code, "lock_lost");
  assertEquals(files.text("log.jsonl"), "");
});
