import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { sumUp } from "../../../core/doctor/diagnose.ts";
import { validateDoctorResult } from "../../../schemas/generated/doctor_result.ts";
import { run } from "../commands/_run.ts";
import { doctor, doctorWith, doctorWorld, readyWorld } from "./_world.ts";

const BASE = [
  "workdir",
  "output_dir",
  "temp_dir",
  "schema_files",
  "registry_cache",
  "gate_rate_limit_lock",
  "key_source_ambiguity",
  "key_permissions",
  "key_config",
  "runtime",
  "project_config",
  "gate_rate_limit_state",
  "approval_store",
  "trace_segments",
  "session_locks",
  "session_journals",
  "telemetry",
];
const PRODUCTION = [
  "production_readiness_config",
  "production_profile",
  "production_key_mode",
  "production_retention",
  "production_service_boundary",
  "production_context_strictness",
  "production_policy",
  "production_signing_key",
  "production_token_keys",
  "production_service_token",
  "production_broker",
];

Deno.test("doctor passes in a fresh folder without a source checkout (row O1)", async () => {
  const world = doctorWorld();
  const found = await doctor(world);
  assertEquals(found.exit, 0, found.stdout);
  assertEquals(found.json.checks.map(({ name }: { name: string }) => name), BASE);
  const { ok, status, schema_id, schema_version, producer_version, summary } = found.json;
  assertEquals([ok, status, schema_id, schema_version, producer_version], [
    true,
    "pass",
    "gait.doctor.result",
    "1.0.0",
    "0.0.0-dev",
  ]);
  assertEquals(summary, "doctor: status=pass failed=0 warned=0 non_fixable=false");
  assertMatch(found.json.created_at, /^\d{4}-\d\d-\d\dT.*Z$/);
});

Deno.test("doctor leaves nothing behind and runs nothing (row O1)", async () => {
  const world = await readyWorld({ "gate.credential_broker": "command" });
  const before = new Map(world.files.entries);
  await doctor(world, "--production-readiness");
  assertEquals(new Map(world.files.entries), before);
  assertEquals([world.commands, world.inherited], [[], []]);
});

Deno.test("doctor --production-readiness passes for a hardened project and adds its checks in order", async () => {
  const found = await doctor(await readyWorld(), "--production-readiness");
  assertEquals(found.exit, 0, JSON.stringify(found.json.checks, null, 1));
  assertEquals(found.json.status, "pass");
  assertEquals(validateDoctorResult(found.json), []);
  const names = found.json.checks.map(({ name }: { name: string }) => name);
  assertEquals(names, [...BASE, ...PRODUCTION]);
});

Deno.test("doctor is no success when a check fails, in either mode (row O1)", async () => {
  const found = await doctor(doctorWorld(), "--key-mode", "bogus");
  assertEquals([found.exit, found.json.ok, found.json.status], [2, false, "fail"]);
  assertEquals(validateDoctorResult(found.json), []);
});

Deno.test("doctor exits 7 when nothing here mends it, and 2 in production", async () => {
  const world = doctorWorld();
  const ed25519 = { ...world.ports.ed25519, verify: () => true };
  const found = await doctorWith(world, { ed25519 });
  assertEquals([found.exit, found.json.non_fixable, found.check("runtime").non_fixable], [
    7,
    true,
    true,
  ]);
  assertEquals((await doctorWith(world, { ed25519 }, "--production-readiness")).exit, 2);
});

Deno.test("doctor lists each fix once, sorted", () => {
  const check = { status: "warn", message: "m" } as const;
  const { fixCommands } = sumUp([
    { ...check, name: "a", fixCommand: "z" },
    { ...check, name: "b", fixCommand: "a" },
    { ...check, name: "c", fixCommand: "z" },
  ], "2026-01-01T00:00:00Z");
  assertEquals(fixCommands, ["a", "z"]);
});

Deno.test("doctor speaks to people: summary, one line for each check, what mends it", async () => {
  const world = doctorWorld();
  world.files.entries.delete("/work/gait-out/.keep");
  world.files.entries.delete("/work/gait-out");
  const { stdout, exit } = await run(world, "doctor");
  assertEquals(exit, 0);
  assertStringIncludes(stdout, "doctor: status=warn failed=0 warned=1 non_fixable=false\n");
  assertStringIncludes(stdout, "- workdir: pass (workdir is writable)\n");
  assertStringIncludes(stdout, "  fix: mkdir -p 'gait-out'\n");
});

Deno.test("doctor refuses positionals and unknown flags with the category as code", async () => {
  for (const argv of [["x"], ["--nope"], ["--service", "ftp://x"], ["--service", ""]]) {
    const found = await doctor(doctorWorld(), ...argv);
    assertEquals([found.exit, found.json.error_code], [6, "invalid_input"], argv.join(" "));
  }
});
