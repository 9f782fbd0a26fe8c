import { assert, assertEquals, assertFalse } from "@std/assert";
import { utf8 } from "../../../core/base/bytes.ts";
import { parseTimestamp } from "../../../core/base/instant.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import type { DecisionEvent } from "../../../core/export/decision_event.ts";
import {
  otlpEnvelope,
  type OtlpLogRecord,
  otlpLogRecord,
  otlpLogsRequest,
  otlpRecordBytes,
} from "../../../core/export/otlp_logs.ts";
import { EVENT } from "../../support/decision_event.ts";

/** Attributes by key. */
function byKey({ attributes }: OtlpLogRecord) {
  return new Map(attributes.map(({ key, value }) => [key, value]));
}

Deno.test("otlpLogRecord() stamps what was observed and warns about what was stopped", () => {
  const record = otlpLogRecord(EVENT);
  assertEquals(record.timeUnixNano, "1770796800123456789");
  assertEquals(record.observedTimeUnixNano, record.timeUnixNano);
  assertEquals([record.severityNumber, record.severityText], [13, "WARN"]);
  assertEquals(otlpLogRecord({ ...EVENT, verdict: "allow" }).severityNumber, 9);
  assertEquals(byKey(record).get("gait.delegation_depth"), { intValue: "0" });
  assertEquals(byKey(record).get("gait.reason_codes"), {
    arrayValue: { values: [{ stringValue: "r1" }, { stringValue: "r2" }] },
  });
  assertFalse(byKey(record).has("gait.session_id"));
});

Deno.test("otlpLogRecord() leaves out times that the protocol cannot say", () => {
  const seenAt = parseTimestamp("2026-02-06T00:00:00Z")?.instant ?? 0n;
  const times = ["", "yesterday", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z"];
  // One nanosecond more than a fixed64 can hold.
  for (const observed_at of [...times, "0001-01-01T00:00:00Z", "2554-07-21T23:34:33.709551616Z"]) {
    const event = { ...EVENT, observed_at };
    const record = otlpLogRecord(event, { seenAt });
    assertFalse("timeUnixNano" in record, observed_at);
    assertEquals(record.observedTimeUnixNano, "1770336000000000000");
    assertFalse("observedTimeUnixNano" in otlpLogRecord(event), observed_at);
    assertFalse("observedTimeUnixNano" in otlpLogRecord(event, { seenAt: -1n }), observed_at);
  }
  const last = { ...EVENT, observed_at: "2554-07-21T23:34:33.709551615Z" };
  assertEquals(otlpLogRecord(last).timeUnixNano, "18446744073709551615");
  const first = { ...EVENT, observed_at: "1970-01-01T00:00:00.000000001Z" };
  assertEquals(otlpLogRecord(first).timeUnixNano, "1");
});

Deno.test("otlpLogRecord() makes every text well-formed", () => {
  const lone = { tool_name: "a\ud800", run_id: "\udc00\ud800", reason_codes: ["\udfff", "😀"] };
  const text = JSON.stringify(otlpLogRecord({ ...EVENT, ...lone }));
  assertFalse(/\\ud[89a-f]/i.test(text), text);
  const attributes = byKey(otlpLogRecord({ ...EVENT, ...lone }));
  assertEquals(attributes.get("gait.tool_name"), { stringValue: "a\ufffd" });
  assertEquals(attributes.get("gait.reason_codes"), {
    arrayValue: { values: [{ stringValue: "\ufffd" }, { stringValue: "😀" }] },
  });
});

Deno.test("otlpLogRecord() cuts what is too long, names it, and splits no pair of surrogates", () => {
  const units = LIMITS.otlpTextUnits;
  const record = otlpLogRecord({
    ...EVENT,
    tool_name: "x".repeat(units - 1) + "😀",
    run_id: "y".repeat(units),
    reason_codes: Array.from({ length: 1000 }, (_, at) => `r${at}`),
  });
  const attributes = byKey(record);
  assertEquals(attributes.get("gait.tool_name"), { stringValue: `${"x".repeat(units - 1)}\ufffd` });
  assertEquals(attributes.get("gait.run_id"), { stringValue: "y".repeat(units) });
  assertEquals(attributes.get("gait.cut"), {
    arrayValue: {
      values: [{ stringValue: "gait.reason_codes" }, { stringValue: "gait.tool_name" }],
    },
  });
  assertFalse(byKey(otlpLogRecord(EVENT)).has("gait.cut"));
});

Deno.test("otlpLogRecord() stays far below the limit of a request whatever it is given", () => {
  const long = "\0".repeat(1_000_000);
  const worst = Object.fromEntries(
    Object.entries(EVENT).map((
      [key, value],
    ) => [
      key,
      typeof value === "string" ? long : Array.isArray(value) ? Array(9999).fill(long) : value,
    ]),
  );
  const size = otlpRecordBytes(otlpLogRecord({ ...EVENT, ...worst })).length;
  assert(size < LIMITS.otlpRequestBytes * 0.6, `${size} bytes`);
});

Deno.test("otlpLogsRequest() names the producer once for a batch", () => {
  const record = otlpLogRecord(EVENT);
  const [{ resource, scopeLogs }] =
    otlpLogsRequest([record, record], { version: "1.2.3" }).resourceLogs;
  assertEquals(resource.attributes[0], { key: "service.name", value: { stringValue: "gait" } });
  assertEquals(scopeLogs[0].logRecords.length, 2);
  assertEquals(scopeLogs[0].scope, { name: "gait.mcp", version: "1.2.3" });
});

Deno.test("otlpEnvelope() puts the same request together as otlpLogsRequest()", () => {
  // A version that looks like the end of the envelope.
  for (const version of ["1.2.3", '"]}]}]}', ""]) {
    const records = ["allow", "block", "dry_run"].map((verdict) =>
      otlpLogRecord({ ...EVENT, verdict: verdict as DecisionEvent["verdict"] })
    );
    const envelope = otlpEnvelope({ version });
    for (const some of [[], records.slice(0, 1), records]) {
      const bytes = envelope.fill(some.map(otlpRecordBytes));
      assertEquals(bytes, utf8(JSON.stringify(otlpLogsRequest(some, { version }))));
      const size = some.reduce((sum, record) => sum + otlpRecordBytes(record).length + 1, 0);
      assert(bytes.length <= envelope.size + size);
    }
  }
});
