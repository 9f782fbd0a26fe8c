/** Payloads of the exporter about decisions that no service would come across. */

import fc from "fast-check";
import type { DecisionEvent } from "../../core/export/decision_event.ts";
import type { Verdict } from "../../core/policy/policy.ts";
import { Metrics } from "../../core/service/observe/metrics.ts";
import { OtlpExporter } from "../../core/service/observe/otlp_exporter.ts";
import { denoPorts } from "../../host/deno_ports.ts";
import { httpClient } from "../../host/http_client.ts";
import { collect, type Received, taken } from "./collector.ts";

const SEED = 20_260_206;
const RANDOM_EVENTS = 2_000;
const VERDICTS: readonly Verdict[] = ["allow", "dry_run", "require_approval", "block"];
const TIMES = [
  "2026-02-06T00:00:00.000000001Z",
  "2026-02-06T01:00:00+01:00",
  "1970-01-01T00:00:00Z",
  "1969-12-31T23:59:59.999999999Z",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "yesterday",
  "",
];
/** A receiver that takes this much, so that batches are split. */
const RECEIVER_BYTES = 40_000;

const EVENT: DecisionEvent = {
  created_at: "1980-01-01T00:00:00Z",
  observed_at: "2026-02-06T00:00:00Z",
  event_id: "e".repeat(24),
  producer_version: "0.0.0-dev",
  run_id: "run_r",
  session_id: "s",
  trace_id: "a".repeat(24),
  trace_path: "traces/t.json",
  tool_name: "tool.read",
  verdict: "allow",
  reason_codes: ["r1"],
  policy_digest: "b".repeat(64),
  intent_digest: "c".repeat(64),
  delegation_ref: "ref",
  delegation_depth: 2,
};

/** Events with texts of any UTF-16 units, lone surrogates and controls among them. */
function randomEvents(): DecisionEvent[] {
  const text = fc.oneof(fc.string16bits(), fc.fullUnicodeString(), fc.string());
  const arbitrary = fc.record({
    created_at: text,
    observed_at: fc.oneof(fc.constantFrom(...TIMES), text),
    event_id: text,
    producer_version: text,
    run_id: text,
    session_id: text,
    trace_id: text,
    trace_path: text,
    tool_name: text,
    verdict: fc.constantFrom(...VERDICTS),
    reason_codes: fc.array(text),
    policy_digest: text,
    intent_digest: text,
    delegation_ref: text,
    delegation_depth: fc.nat(),
  });
  return fc.sample(arbitrary, { seed: SEED, numRuns: RANDOM_EVENTS });
}

/** Events at the edges. */
function edgeEvents(): DecisionEvent[] {
  const long = "\0\ud83d".repeat(100_000);
  return [
    ...VERDICTS.map((verdict) => ({ ...EVENT, verdict })),
    ...TIMES.map((observed_at) => ({ ...EVENT, observed_at })),
    { ...EVENT, tool_name: long, run_id: long, reason_codes: Array(500).fill(long) },
    { ...EVENT, reason_codes: [""], session_id: "", delegation_ref: "", delegation_depth: 0 },
    { ...EVENT, delegation_depth: Number.MAX_SAFE_INTEGER },
  ];
}

/** What the exporter sends. */
export interface ExporterPayloads {
  readonly received: readonly Received[];
  /** Events that were told. */
  readonly told: number;
  /** Requests that were taken. */
  readonly taken: readonly Received[];
  readonly totals: { readonly exported: number; readonly dropped: number };
}

/** Tells all of them to a collector that finds large requests too large. */
export async function exporterPayloads(): Promise<ExporterPayloads> {
  const events = [...edgeEvents(), ...randomEvents()];
  await using collector = collect(({ body }) =>
    body.length > RECEIVER_BYTES ? new Response("", { status: 413 }) : taken()
  );
  const { clock, random } = denoPorts("0.0.0-dev");
  const exporter = new OtlpExporter({
    endpoint: `http://127.0.0.1:${collector.port}`,
    queue: 100_000,
    version: '1.0.0-"odd"]}]}]}',
    headers: {},
    compresses: false,
    client: httpClient,
    clock,
    random,
    metrics: new Metrics(),
    log: { event: () => {} },
  });
  for (const event of events) exporter.tell(event);
  const totals = await exporter.close();
  const { received } = collector;
  return {
    received,
    told: events.length,
    taken: received.filter(({ body }) => body.length <= RECEIVER_BYTES),
    totals,
  };
}
