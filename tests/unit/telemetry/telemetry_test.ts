import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { commandName } from "../../../core/telemetry/events.ts";
import { addAttempts, parseHealth } from "../../../core/telemetry/health.ts";
import { telemetryWanted } from "../../../core/telemetry/wanted.ts";
import type { MemoryLocks } from "../../support/memory_locks.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";

function recordedWorld(): MemoryWorld {
  const world = memoryWorld();
  world.env.set("GAIT_ADOPTION_LOG", "ad.jsonl");
  world.env.set("GAIT_OPERATIONAL_LOG", "op.jsonl");
  world.env.set("GAIT_TELEMETRY_HEALTH_PATH", "health.json");
  return world;
}

function linesOf(world: MemoryWorld, path: string): Record<string, unknown>[] {
  return (world.files.text(path) ?? "").split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

Deno.test("runCli() records start, adoption and end of a command", async () => {
  const world = recordedWorld();
  world.env.set("GAIT_ADOPTION_WORKFLOW", " flow ");
  assertEquals(await runCli(["version"], world.ports), 0);
  const events = linesOf(world, "op.jsonl");
  assertEquals(events.map(({ phase, command }) => [phase, command]), [
    ["start", "version"],
    ["end", "version"],
  ]);
  assertEquals(events[0]?.correlation_id, events[1]?.correlation_id);
  const [adoption] = linesOf(world, "ad.jsonl");
  assertEquals([adoption?.success, adoption?.workflow_id], [true, "flow"]);
  assertEquals(Object.keys(adoption ?? {}).slice(0, 5), [
    "schema_id",
    "schema_version",
    "created_at",
    "producer_version",
    "command",
  ]);
});

Deno.test("runCli() records nothing when no stream is on", async () => {
  const world = memoryWorld();
  world.env.set("GAIT_TELEMETRY_HEALTH_PATH", "health.json");
  assertEquals(telemetryWanted(world.ports.env), false);
  await runCli(["version"], world.ports);
  assertEquals(world.files.files().size, 0);
});

Deno.test("runCli() keeps its exit code and tells and counts when telemetry fails", async () => {
  const world = recordedWorld();
  (world.ports.locks as MemoryLocks).foreign.add("op.jsonl.lock");
  assertEquals(await runCli(["version", "--json"], world.ports), 0);
  const out = world.stdout.join("");
  assertStringIncludes(world.stderr.join(""), "gait warning: telemetry stream=operational_start");
  assertStringIncludes(world.stderr.join(""), "stream=operational_end");
  assert(!out.includes("gait warning"));
  const waits = (world.ports.locks as MemoryLocks).taken.map(({ waitMs }) => waitMs);
  assert(waits.every((ms) => ms === 250));
  const health = JSON.parse(world.files.text("health.json") ?? "{}");
  assertEquals(health.streams.operational_start.failed, 1);
  assertEquals(health.streams.adoption, { attempts: 1, success: 1, failed: 0 });
});

Deno.test("failures are in the warnings of JSON output and can be silenced on stderr", async () => {
  const world = recordedWorld();
  world.env.set("GAIT_TELEMETRY_WARN", " OFF ");
  (world.ports.locks as MemoryLocks).foreign.add("op.jsonl.lock");
  await runCli(["nosuch", "--json"], world.ports);
  const output = JSON.parse(world.stdout.join(""));
  assertEquals(output.warning_details[0].code, "telemetry_write_failed");
  assertEquals(world.stderr.join(""), "");
});

Deno.test("health counts over all processes and survives a garbled file", async () => {
  const world = recordedWorld();
  for (let i = 0; i < 3; i++) await runCli(["version"], world.ports);
  const health = JSON.parse(world.files.text("health.json") ?? "{}");
  assertEquals(health.streams.operational_end.attempts, 3);
  world.files.put("health.json", "{garbled");
  assertEquals(await runCli(["version"], world.ports), 0);
  const again = JSON.parse(world.files.text("health.json") ?? "{}");
  assertEquals(again.streams.operational_end.attempts, 1);
});

Deno.test("telemetry never rejects, whatever fails", async () => {
  for (let at = 1; at < 60; at++) {
    const world = recordedWorld();
    Object.assign(world.files.fault, { at, mode: "stop" });
    assertEquals(await runCli(["version"], world.ports), 0);
  }
});

Deno.test("commandName() records no word that is no command", () => {
  const name = (words: string[], command?: string[]) =>
    commandName({ words, ...(command !== undefined && { command }) });
  assertEquals(name(["s3cr3t"]), "unknown");
  assertEquals(name([]), "version");
  assertEquals(name(["--explain"]), "explain");
  assertEquals(name([], ["run", "session", "append"]), "run session");
  assertEquals(name([], ["verify", "chain"]), "verify");
});

Deno.test("addAttempts() remembers the last failure", () => {
  const first = addAttempts(new Map(), [{ stream: "adoption", at: 0n, error: "full" }]);
  const then = addAttempts(first, [{ stream: "adoption", at: 1n }]);
  const health = then.get("adoption");
  assertEquals([health?.attempts, health?.failed, health?.lastError], [2, 1, "full"]);
  assertEquals(health?.lastFailureAt, "1970-01-01T00:00:00Z");
  assertEquals(
    parseHealth(new TextEncoder().encode('{"streams":{"adoption":{"attempts":-1}}}'))
      .get("adoption")?.attempts,
    0,
  );
});

Deno.test("telemetry status judges logs and counters", async () => {
  const world = memoryWorld();
  const status = async () => {
    world.stdout.length = 0;
    await runCli(["telemetry", "status", "--json"], world.ports);
    return JSON.parse(world.stdout.join(""));
  };
  assertEquals((await status()).health, "off");
  const recorded = recordedWorld();
  await runCli(["version"], recorded.ports);
  for (const [name, value] of recorded.env) world.env.set(name, value);
  for (const [path, text] of recorded.files.files()) world.files.put(path, text);
  assertEquals((await status()).health, "ok");
  world.files.put("ad.jsonl", '{"torn');
  const degraded = await status();
  assertEquals(degraded.health, "degraded");
  assertEquals(degraded.logs[0].tail, "torn");
});
