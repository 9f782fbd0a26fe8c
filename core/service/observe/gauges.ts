/**
 * Gauges of a service.
 *
 * @module
 */

import type { Turns } from "../decide/turns.ts";
import type { OpenedTraces } from "../evidence/open_traces.ts";
import type { RetentionRunner } from "../evidence/retention_runner.ts";
import type { OpenedDecider } from "../open_decider.ts";
import type { Metrics } from "./metrics.ts";

/** Values that are read when metrics are asked for. */
export function addGauges(
  metrics: Metrics,
  parts: {
    readonly turns: Turns;
    readonly retention: RetentionRunner;
    readonly opened: OpenedDecider;
    readonly traces: OpenedTraces;
  },
): void {
  const { turns, retention, opened, traces } = parts;
  const add = (name: string, help: string, read: () => number) =>
    metrics.gauge({ name, help, read });
  add("gait_requests_active", "Requests that are worked on", () => turns.active);
  add("gait_queue_depth", "Requests that wait for their turn", () => turns.waiting);
  add("gait_policy_healthy", "1 when the policy on disk is in force", () => {
    return opened.policy.healthy ? 1 : 0;
  });
  add("gait_trace_segments", "Write-ahead segments on disk", () => traces.segments());
  add("gait_evidence_pending", "Evidence that is being written", () => traces.pending());
  add("gait_evidence_healthy", "1 when evidence can be written", () => {
    return traces.fault() === undefined ? 1 : 0;
  });
  metrics.gauge({
    name: "gait_retained_units",
    help: "Units that the last run of retention kept, by class",
    read: () => retention.kept,
  });
}
