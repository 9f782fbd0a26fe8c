import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { GaitError } from "../../../core/base/errors.ts";
import { readAdoptionEvent } from "../../../core/doctor/adoption_event.ts";
import { readAdoptionLog } from "../../../core/doctor/adoption_log.ts";
import { adoptionReport } from "../../../core/doctor/adoption_report.ts";
import { validateAdoptionReport } from "../../../schemas/generated/adoption_report.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { run } from "../commands/_run.ts";
import { doctorWorld } from "./_world.ts";

const PLACE = { source: "log", line: 1 };
const META = { source: "log", version: "1" };

/** The text of an event. */
function eventText(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    schema_id: "gait.scout.adoption_event",
    schema_version: "1.0.0",
    created_at: "2026-01-01T00:00:00Z",
    producer_version: "t",
    command: "demo",
    success: true,
    exit_code: 0,
    elapsed_ms: 3,
    milestones: ["A1"],
    environment: { os: "linux", arch: "amd64" },
    ...change,
  });
}

/** An event. */
function event(change: Record<string, unknown> = {}) {
  return readAdoptionEvent(eventText(change), PLACE);
}

Deno.test("readAdoptionEvent() fills in what may be missing", () => {
  const empty = { schema_id: "", schema_version: null, milestones: null, success: null };
  assertEquals(event({ ...empty, elapsed_ms: -5, exit_code: null }).elapsedMs, 0);
  assertEquals(event({ workflow_id: " w " }).workflowId, "w");
  assertEquals(event({ unknown: { x: 1 }, __proto__: 3 }).command, "demo");
});

Deno.test("readAdoptionEvent() refuses what is required, wrong or of another type", () => {
  const bad: Record<string, unknown>[] = [
    { schema_id: "other" },
    { schema_version: "2.0.0" },
    { created_at: "" },
    { created_at: "yesterday" },
    { created_at: "0001-01-01T00:00:00Z" },
    { command: " " },
    { environment: null },
    { environment: { os: "linux" } },
    { environment: { os: "", arch: "x" } },
    { exit_code: -1 },
    { exit_code: 256 },
    { exit_code: 1.5 },
    { exit_code: "0" },
    { elapsed_ms: 0.5 },
    { success: "yes" },
    { milestones: "A1" },
    { milestones: [1] },
    { workflow_id: 3 },
  ];
  for (const change of bad) {
    const error = assertThrows(() => event(change), GaitError, "validate adoption log line 1");
    assertEquals(error.category, "invalid_input", JSON.stringify(change));
  }
  assertThrows(() => readAdoptionEvent("[]", PLACE), GaitError, "an event is an object");
  assertThrows(() => readAdoptionEvent('{"command":"a","command":"b"}', PLACE), GaitError);
});

Deno.test("readAdoptionEvent() fails only in our own words, whatever the line", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      try {
        readAdoptionEvent(text, PLACE);
      } catch (error) {
        assertEquals(error instanceof GaitError, true);
      }
    }),
    { seed: 20260206, numRuns: 500 },
  );
});

Deno.test("adoptionReport() says nothing of a log without events", () => {
  const report = adoptionReport([], META);
  assertEquals(report.created_at, "1980-01-01T00:00:00Z");
  assertEquals(report.first_event_at, "0001-01-01T00:00:00Z");
  assertEquals(report.blockers?.length, 4);
  assertEquals(validateAdoptionReport(report), []);
  assertEquals("activation_timing_ms" in report || "skill_workflows" in report, false);
});

Deno.test("adoptionReport() takes times from the clock, not from the order of lines", () => {
  const late = event({ created_at: "2026-01-01T00:00:10+00:00", milestones: ["A2"] });
  const early = event({ created_at: "2026-01-01T01:00:00+01:00" });
  const report = adoptionReport([late, early], META);
  assertEquals(report.first_event_at, "2026-01-01T00:00:00Z");
  assertEquals(report.last_event_at, "2026-01-01T00:00:10Z");
  assertEquals(report.activation_timing_ms, { A1: 0, A2: 10_000 });
});

Deno.test("adoptionReport() counts a tag on a failure as reached, but not as timed", () => {
  const report = adoptionReport([event({ success: false, exit_code: 2 })], META);
  assertEquals(report.milestones[0], { name: "A1", achieved: true });
  assertEquals(report.activation_timing_ms, undefined);
});

Deno.test("adoptionReport() gives medians as whole numbers", () => {
  const of = (...times: number[]) =>
    adoptionReport(times.map((elapsed_ms) => event({ elapsed_ms })), META).activation_medians_ms
      ?.m1_demo_elapsed_ms;
  assertEquals([of(5), of(9, 1, 5), of(1, 4), of(1, 2, 3, 10)], [5, 5, 2, 2]);
  assertEquals(of(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
});

Deno.test("adoptionReport() gives an event to the workflow that it names, else to its command's", () => {
  const report = adoptionReport([
    event({ command: "verify", workflow_id: "gait-policy-test-rollout" }),
    event({ command: "verify", success: false, exit_code: 6 }),
    event({ command: "verify", success: false, exit_code: 2 }),
    event({ command: "verify", workflow_id: "mine" }),
  ], META);
  assertEquals(report.skill_workflows?.map(({ workflow, total }) => [workflow, total]), [
    ["gait-capture-runpack", 2],
    ["gait-policy-test-rollout", 1],
  ]);
  assertEquals(report.skill_workflows?.[0]?.most_common_failure_code, 2);
  assertEquals(validateAdoptionReport(report), []);
});

Deno.test("readAdoptionLog() skips blank lines and counts them", async () => {
  const files = new MemoryFiles("/work");
  files.put("log", `\n  \n${eventText()}\r\n\n${eventText()}`);
  assertEquals((await readAdoptionLog("log", files)).length, 2);
  files.put("log", `\n\n{nope\n`);
  const error = await assertRejects(
    () => readAdoptionLog("log", files),
    GaitError,
    "parse adoption log line 3",
  );
  assertEquals(error.place?.line, 3);
});

Deno.test("readAdoptionLog() refuses lines beyond the limit and what is no file", async () => {
  const files = new MemoryFiles("/work");
  files.put("log", eventText({ extra: "x".repeat(1_100_000) }));
  await assertRejects(() => readAdoptionLog("log", files), GaitError, "exceeds 1048576 bytes");
  files.put("folder/x", "");
  for (const path of ["folder", "/dev/stdin", "none"]) {
    await assertRejects(() => readAdoptionLog(path, files), GaitError);
  }
});

Deno.test("doctor adoption reports what commands of ours recorded (rows O1, S9)", async () => {
  const world = doctorWorld();
  world.env.set("GAIT_ADOPTION_LOG", "log");
  await run(world, "demo");
  world.env.delete("GAIT_ADOPTION_LOG");
  const { exit, json } = await run(world, "doctor", "adoption", "--from", "log", "--json");
  assertEquals([exit, json.report.milestones[0].achieved], [0, true]);
  assertEquals(validateAdoptionReport(json.report), []);
  const { stdout } = await run(world, "doctor", "adoption", "--from", "log");
  assertStringIncludes(stdout, "milestone A1: achieved");
  for (const argv of [[], ["--from", " "], ["--from", "none"], ["x"]]) {
    const ran = await run(world, "doctor", "adoption", "--json", ...argv);
    assertEquals([ran.exit, ran.json.error_code], [6, "invalid_input"]);
  }
});
