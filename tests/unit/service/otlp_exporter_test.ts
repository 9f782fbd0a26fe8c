import { assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import type { DecisionEvent } from "../../../core/export/decision_event.ts";
import type { HttpPost } from "../../../core/ports/http_client.ts";
import { Metrics } from "../../../core/service/metrics.ts";
import { OtlpExporter, otlpUrl } from "../../../core/service/otlp_exporter.ts";
import { denoClock } from "../../../host/deno_clock.ts";

const EVENT: DecisionEvent = {
  created_at: "1980-01-01T00:00:00Z",
  observed_at: "2026-02-06T00:00:00.000000001Z",
  event_id: "e",
  producer_version: "0.0.0-dev",
  run_id: "run_r",
  session_id: "",
  trace_id: "t",
  trace_path: "traces/t.json",
  tool_name: "tool.read",
  verdict: "allow",
  reason_codes: [],
  policy_digest: "p",
  intent_digest: "i",
  delegation_ref: "",
  delegation_depth: 0,
};

/** An exporter whose collector answers with given statuses; the last one repeats. */
function exporter(statuses: number[], queue = 10) {
  const posts: HttpPost[] = [];
  const metrics = new Metrics();
  const client = {
    post(request: HttpPost) {
      posts.push(request);
      return Promise.resolve((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 0);
    },
  };
  const setup = { queue, version: "1", client, clock: denoClock, metrics };
  return { posts, metrics, it: new OtlpExporter({ ...setup, endpoint: "http://127.0.0.1:4318" }) };
}

Deno.test("otlpUrl() completes an origin and refuses what is no http URL", () => {
  assertEquals(otlpUrl("http://127.0.0.1:4318"), "http://127.0.0.1:4318/v1/logs");
  assertEquals(otlpUrl("https://c.example/x"), "https://c.example/x");
  for (const bad of ["", "c.example", "file:///x", "ftp://x/", "http://user:pw@x/"]) {
    assertThrows(() => otlpUrl(bad), GaitError);
  }
});

Deno.test("OtlpExporter.close() sends what waits in one batch, at its observed time", async () => {
  const { it, posts, metrics } = exporter([200]);
  it.tell(EVENT);
  it.tell(EVENT);
  await it.close();
  assertEquals(posts.length, 1);
  const [record] = JSON.parse(posts[0]?.body ?? "{}").resourceLogs[0].scopeLogs[0].logRecords;
  assertEquals(record.timeUnixNano, "1770336000000000001");
  assertEquals(metrics.value("gait_telemetry_dropped_total", "otlp"), 0);
});

Deno.test("OtlpExporter.tell() drops and counts what does not fit", async () => {
  const { it, metrics } = exporter([200], 2);
  for (let i = 0; i < 5; i++) it.tell(EVENT);
  assertEquals(it.waiting, 2);
  assertEquals(metrics.value("gait_telemetry_dropped_total", "otlp"), 3);
  await it.close();
});

Deno.test("OtlpExporter.close() counts what an absent collector never got", async () => {
  const { it, metrics } = exporter([0]);
  it.tell(EVENT);
  await it.close();
  assertEquals(metrics.value("gait_telemetry_dropped_total", "otlp"), 0 + 1);
});

Deno.test("OtlpExporter drops a batch that the collector refuses for good", async () => {
  const { it, posts, metrics } = exporter([400]);
  it.tell(EVENT);
  await it.close();
  assertEquals(posts.length, 1);
  assertEquals(metrics.value("gait_telemetry_dropped_total", "otlp"), 1);
});
