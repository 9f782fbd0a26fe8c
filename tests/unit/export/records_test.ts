import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { logLine, withdrawnLogLine } from "../../../core/export/log_line.ts";
import { otelLine, unixNano, withdrawnOtelLine } from "../../../core/export/otel_line.ts";
import { EVENT } from "../../support/decision_event.ts";

Deno.test("logLine() keeps the reference's order and adds time and event id behind", () => {
  const line = logLine(EVENT);
  assertEquals(Object.keys(JSON.parse(line)), [
    "created_at",
    "producer_version",
    "run_id",
    "trace_id",
    "trace_path",
    "tool_name",
    "verdict",
    "reason_codes",
    "policy_digest",
    "intent_digest",
    "observed_at",
    "event_id",
  ]);
  assertFalse(/[\n<>\u2028]/.test(line));
  const whole = JSON.parse(
    logLine({ ...EVENT, session_id: "s", delegation_ref: "t", delegation_depth: 2 }),
  );
  assertEquals([whole.session_id, whole.delegation_ref, whole.delegation_depth], ["s", "t", 2]);
});

Deno.test("otelLine() writes nanoseconds that no double holds", () => {
  const line = otelLine({ ...EVENT, created_at: EVENT.observed_at });
  assertStringIncludes(line, '"time_unix_nano":1770796800123456789,');
  assertStringIncludes(line, '"observed_time_unix_nano":1770796800123456789,');
  const keys = Object.keys(JSON.parse(line));
  assertEquals(keys, [...keys].sort());
  const names = Object.keys(JSON.parse(line).attributes);
  assertEquals(names, [...names].sort());
  assertEquals(JSON.parse(otelLine(EVENT)).time_unix_nano, 315532800000000000);
});

Deno.test("withdrawn lines name the event and carry no verdict", () => {
  for (const line of [withdrawnLogLine(EVENT), withdrawnOtelLine(EVENT)]) {
    assertStringIncludes(line, EVENT.event_id);
    assertStringIncludes(line, "withdrawn");
    assertFalse(line.includes("verdict"));
  }
});

Deno.test("unixNano() reads our own times", () => {
  assertEquals(unixNano("1980-01-01T00:00:00Z"), "315532800000000000");
});
