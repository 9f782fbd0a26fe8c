/** The exporter against collectors that answer anything, and a clock that a test moves. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LIMITS } from "../../core/base/limits.ts";
import type { DecisionEvent } from "../../core/export/decision_event.ts";
import type { HttpAnswer, HttpPost } from "../../core/ports/http_client.ts";
import { Metrics } from "../../core/service/observe/metrics.ts";
import { OtlpExporter } from "../../core/service/observe/otlp_exporter.ts";
import { manualClock } from "../support/manual_clock.ts";

const SEED = 20_260_207;

const EVENT: DecisionEvent = {
  created_at: "1980-01-01T00:00:00Z",
  observed_at: "2026-02-06T00:00:00Z",
  event_id: "",
  producer_version: "0.0.0-dev",
  run_id: "run_r",
  session_id: "",
  trace_id: "t",
  trace_path: "",
  tool_name: "tool.read",
  verdict: "allow",
  reason_codes: [],
  policy_digest: "p",
  intent_digest: "i",
  delegation_ref: "",
  delegation_depth: 0,
};

/** What a collector does with a request. */
type Reaction =
  | { readonly kind: "answer"; readonly answer: HttpAnswer; readonly afterMs: number }
  | { readonly kind: "reject" }
  | { readonly kind: "hang" };

/** What happens to an exporter. */
type Step =
  | { readonly kind: "tell"; readonly count: number; readonly units: number }
  | { readonly kind: "wait"; readonly ms: number };

const bodies = fc.oneof(
  fc.constantFrom("", "{}", "[]", "<html>", '{"partialSuccess":{"rejectedLogRecords":"3"}}'),
  fc.integer({ min: -5, max: 600 }).map((count) =>
    `{"partialSuccess":{"rejectedLogRecords":${count}}}`
  ),
  fc.string(),
);
const reactions: fc.Arbitrary<Reaction> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      answer: fc.record({
        status: fc.oneof(
          { weight: 3, arbitrary: fc.constant(200) },
          { weight: 3, arbitrary: fc.constantFrom(0, 204, 302, 400, 404, 413, 429, 500, 503) },
          { weight: 1, arbitrary: fc.integer({ min: 100, max: 599 }) },
        ),
        retryAfter: fc.oneof(fc.constantFrom("", "1", "9999999"), fc.string()),
        body: fc.option(bodies, { nil: undefined }),
      }),
      afterMs: fc.oneof(fc.constant(0), fc.nat(9_000)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "reject" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "hang" as const }) },
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("tell" as const),
    count: fc.oneof(fc.nat(3), fc.nat(700)),
    units: fc.oneof(fc.nat(10), fc.nat(5_000)),
  }),
  fc.record({
    kind: fc.constant("wait" as const),
    ms: fc.oneof(fc.nat(600), fc.nat(60_000), fc.constant(400_000)),
  }),
);

/** Ids of the decisions in a request. */
function idsIn({ body }: HttpPost): number[] {
  const { resourceLogs } = JSON.parse(new TextDecoder().decode(body));
  const { logRecords } = resourceLogs[0].scopeLogs[0];
  return logRecords.map((
    record: { attributes: { key: string; value: { stringValue: string } }[] },
  ) => Number(record.attributes.find(({ key }) => key === "gait.event_id")?.value.stringValue));
}

Deno.test("OtlpExporter accounts for every decision, whatever its collector does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(steps, { maxLength: 12 }),
      fc.array(reactions, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 3_000 }),
      async (plan, answers, queue) => {
        const clock = manualClock(Date.UTC(2026, 1, 6));
        const metrics = new Metrics();
        const sent: number[][] = [];
        let told = 0;
        const it = new OtlpExporter({
          endpoint: "http://127.0.0.1:4318",
          queue,
          version: "1",
          headers: {},
          compresses: false,
          clock,
          metrics,
          random: { bytes: (length) => new Uint8Array(length).fill(255) },
          log: { event: () => {} },
          client: {
            permits: () => true,
            async post(request) {
              assert(request.body.length <= LIMITS.otlpRequestBytes);
              const batch = idsIn(request);
              assert(batch.length >= 1 && batch.length <= LIMITS.otlpBatchRecords);
              const reaction = answers[sent.length % answers.length];
              sent.push(batch);
              if (reaction === undefined || reaction.kind === "reject") throw new Error("broken");
              // A host ends a silent exchange in the end.
              const ms = reaction.kind === "hang" ? LIMITS.otlpExchangeMs : reaction.afterMs;
              if (ms > 0) await clock.sleep(ms, request.signal);
              const silence = { status: 0, retryAfter: "", body: undefined };
              return reaction.kind === "hang" ? silence : reaction.answer;
            },
          },
        });
        const count = (name: "exported" | "dropped") =>
          metrics.value(`gait_telemetry_${name}_total`, "otlp");
        const balanced = () => {
          assertEquals(count("exported") + count("dropped") + it.waiting, told);
          assert(it.waiting <= queue);
        };
        for (const step of plan) {
          if (step.kind === "wait") await clock.advance(step.ms);
          else {
            for (let at = 0; at < step.count; at++, told++) {
              it.tell({ ...EVENT, event_id: String(told), tool_name: "x".repeat(step.units) });
            }
          }
          balanced();
        }
        const closing = it.close();
        await clock.advance(LIMITS.otlpFlushMs);
        assertEquals(await closing, { exported: count("exported"), dropped: count("dropped") });
        assertEquals(it.waiting, 0);
        balanced();
        // What was sent was told, in order, and nothing came back after something later.
        const firsts = sent.map((batch) => batch[0] ?? -1);
        assertEquals(firsts, firsts.toSorted((a, b) => a - b));
        for (const batch of sent) assertEquals(batch, batch.toSorted((a, b) => a - b));
        assert(new Set(sent.flat()).size >= count("exported"));
        const before = sent.length;
        await clock.advance(1_000_000);
        assertEquals(sent.length, before);
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});
