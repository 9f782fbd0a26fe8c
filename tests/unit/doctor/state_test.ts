/** What earlier runs left behind: counters, locks, approvals, pins, event logs. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { MemoryWorld } from "../../support/memory_ports.ts";
import { run } from "../commands/_run.ts";
import { doctor, doctorWith, doctorWorld } from "./_world.ts";

const STATE = ".gait-out/gate_rate_limits.json";

/** A state with one counter. */
function stateText(start: string): string {
  return JSON.stringify({ counters: [{ key: `minute|tool|${start}|t`, count: 3 }] });
}

/** Ages a file to some time before now. */
function age(world: MemoryWorld, path: string, ms: number): void {
  const entry = world.files.entries.get(world.files.absolute(path));
  if (entry?.kind === "file") entry.modifiedMs = Number(world.now / 1_000_000n) - ms;
}

/** Ports under which every lock is held by somebody. */
function allHeld(world: MemoryWorld) {
  const appends: typeof world.ports.appends = {
    ...world.ports.appends,
    open: async (path, how) => ({
      ...await world.ports.appends.open(path, how),
      tryLock: () => Promise.resolve(false),
    }),
  };
  return { appends };
}

Deno.test("doctor reports counters of the future and how to drop them (row G9)", async () => {
  const world = doctorWorld();
  assertEquals((await doctor(world)).check("gate_rate_limit_state").status, "pass");
  world.files.put(STATE, stateText("2026-02-06T00:00:00Z"));
  assertEquals((await doctor(world)).check("gate_rate_limit_state").status, "pass");
  world.files.put(STATE, stateText("2096-02-06T00:00:00Z"));
  const { status, message, fix_command } = (await doctor(world)).check("gate_rate_limit_state");
  assertEquals([status, fix_command], [
    "warn",
    `gait rate-limit reset --rate-limit-state '${STATE}' --future`,
  ]);
  assertStringIncludes(message, "rate_limit_clock_suspect");
});

Deno.test("doctor fails on counters that block calls, and finds them where the file says", async () => {
  for (const text of ["{", "[]", '{"counters":3}', '{"counters":[{"key":"k","count":1.5}]}']) {
    const world = doctorWorld();
    world.files.put(".gait/config.yaml", "gate:\n  rate_limit_state: own/state.json\n");
    await run(world, "config", "trust");
    world.files.put("own/state.json", text);
    const found = await doctor(world);
    const check = found.check("gate_rate_limit_state");
    assertEquals([found.exit, check.status], [2, "fail"]);
    assertEquals(check.fix_command, "gait rate-limit reset --rate-limit-state 'own/state.json'");
  }
});

Deno.test("doctor reports a rate-limit lock that is old and that nobody holds", async () => {
  for (const path of ["gait-out/gate_rate_limits.json.lock", `${STATE}.lock`]) {
    const world = doctorWorld();
    world.files.put(path, '{"created_at":"2026-01-01T00:00:00Z"}');
    age(world, path, 29_000);
    assertEquals((await doctor(world)).check("gate_rate_limit_lock").status, "pass");
    age(world, path, 3_600_000);
    const check = (await doctor(world)).check("gate_rate_limit_lock");
    assertEquals([check.status, check.fix_command], ["warn", `rm -f '${path}'`]);
    assertStringIncludes(check.message, "(1h0m0s old)");
    const held = await doctorWith(world, allHeld(world));
    assertEquals(held.check("gate_rate_limit_lock").status, "pass");
  }
});

Deno.test("doctor reports a folder or link in the place of a lock, and follows none", async () => {
  const folder = doctorWorld();
  folder.files.put("gait-out/gate_rate_limits.json.lock/x", "");
  assertEquals((await doctor(folder)).check("gate_rate_limit_lock").status, "warn");
  const link = doctorWorld();
  link.files.put("precious", "");
  link.files.link("gait-out/gate_rate_limits.json.lock", "/work/precious");
  const check = (await doctor(link)).check("gate_rate_limit_lock");
  assertEquals([check.status, check.fix_command], ["warn", undefined]);
});

Deno.test("doctor offers no command for files that an untrusted file names", async () => {
  const world = doctorWorld();
  world.files.put(".gait/config.yaml", "gate:\n  rate_limit_state: README.md\n");
  world.files.put("README.md", "# Mine");
  world.files.put("README.md.lock", "yarn lockfile v1");
  const found = await doctor(world);
  const [state, lock] = ["gate_rate_limit_state", "gate_rate_limit_lock"].map(found.check);
  assertEquals([state.status, state.fix_command], ["fail", undefined]);
  assertEquals([lock.status, lock.fix_command], ["warn", undefined]);
  world.files.put(".gait/config.yaml", "gate:\n  rate_limit_state: /work/README.md\n");
  assertEquals((await doctor(world)).check("gate_rate_limit_state").status, "pass");
});

const STORE = "/home/user/.local/state/gait/approval_store.json";
const EMPTY_STORE = JSON.stringify({
  schema_id: "gait.gate.approval_store",
  schema_version: "1.0.0",
  created_at: "2026-01-01T00:00:00Z",
  spent: [],
});

Deno.test("doctor reads the store of spent approvals as the gate does (row G13)", async () => {
  const name = "approval_store";
  const world = doctorWorld();
  assertEquals((await doctor(world)).check(name).status, "pass");
  world.files.put(STORE, EMPTY_STORE);
  assertEquals((await doctor(world)).check(name).status, "pass");
  world.files.put(STORE, EMPTY_STORE, 0o666);
  const open = (await doctor(world)).check(name);
  assertEquals([open.status, open.fix_command], ["warn", `chmod go-w '${STORE}'`]);
  world.files.put(STORE, "{}");
  const bad = await doctor(world);
  assertEquals([bad.exit, bad.check(name).status], [2, "fail"]);
  world.files.entries.delete(STORE);
  world.files.put(`${STORE}.exists`, "");
  assertEquals((await doctor(world)).check(name).status, "warn");
  world.env.delete("HOME");
  assertEquals((await doctor(world)).check(name).status, "warn");
});

const DIGEST = "a".repeat(64);

Deno.test("doctor reports pins of the registry cache that lead nowhere", async () => {
  const cache = "/home/user/.gait/registry";
  const name = "registry_cache";
  const world = doctorWorld();
  world.files.put(`${cache}/pins/one.pin`, `sha256:${DIGEST.toUpperCase()}\n`);
  assertEquals((await doctor(world)).check(name).status, "warn");
  world.files.put(`${cache}/acme/tool/${DIGEST}/registry_pack.json`, "{}");
  assertEquals(
    (await doctor(world)).check(name).message,
    "registry cache healthy (1 pinned pack(s))",
  );
  for (const text of ["", "zz", "x".repeat(5_000)]) {
    world.files.put(`${cache}/pins/two.pin`, text);
    const check = (await doctor(world)).check(name);
    assertEquals([check.status, check.message], [
      "warn",
      "registry cache has 1 inconsistent pin entries",
    ]);
  }
  const none = doctorWorld();
  none.env.set("HOME", "/elsewhere");
  assertEquals((await doctor(none)).check(name).fix_command, "mkdir -p ~/.gait/registry");
  const file = doctorWorld();
  file.files.put("/else/.gait/registry", "");
  file.env.set("HOME", "/else");
  assertEquals((await doctor(file)).check(name).status, "fail");
  none.env.delete("HOME");
  assertEquals((await doctor(none)).check(name).status, "warn");
});

Deno.test("doctor reports event logs that failed or cannot be used (row S9)", async () => {
  const world = doctorWorld();
  const name = "telemetry";
  const health = (failed: number) =>
    JSON.stringify({
      streams: { adoption: { attempts: 5, success: 5 - failed, failed, last_error: "disk\nfull" } },
    });
  assertEquals((await doctor(world)).check(name).message, "telemetry is off");
  world.env.set("GAIT_TELEMETRY_HEALTH_PATH", "health.json");
  world.env.set("GAIT_ADOPTION_LOG", "log");
  world.files.put("health.json", health(0));
  assertEquals((await doctor(world)).check(name).status, "pass");
  world.files.put("health.json", health(2));
  const check = (await doctor(world)).check(name);
  assertEquals([check.status, check.fix_command], ["warn", "rm -f 'health.json'"]);
  assertStringIncludes(check.message, "2 of ");
  assertStringIncludes(check.message, "disk\\u000afull");
  world.files.put("health.json", health(0));
  world.files.put("log", '{"torn');
  assertStringIncludes((await doctor(world)).check(name).message, "torn last line");
  world.files.put("elsewhere", "");
  world.files.entries.delete("/work/log");
  world.files.link("log", "/work/elsewhere");
  assertStringIncludes((await doctor(world)).check(name).message, "symbolic link");
  world.env.set("GAIT_ADOPTION_LOG", "folder");
  world.files.put("folder/x", "");
  assertEquals((await doctor(world)).check(name).status, "warn");
});
