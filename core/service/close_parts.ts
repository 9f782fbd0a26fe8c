/**
 * Ending a service in order: requests, retention, evidence, each within what is left of the drain time.
 *
 * @module
 */

import { toGaitError } from "../base/errors.ts";
import { within } from "../journal/within.ts";
import type { Clock } from "../ports/clock.ts";
import type { ServiceConfig } from "../ports/service.ts";
import type { OpenedLog } from "./observe/open_log.ts";
import type { OpenedTraces } from "./evidence/open_traces.ts";
import type { OtlpExporter } from "./observe/otlp_exporter.ts";
import type { RetentionRunner } from "./evidence/retention_runner.ts";
import type { Turns } from "./decide/turns.ts";

/** Time that each step has at least, also when requests took it all, ms. */
const LEAST_MS = 1_000;

/** What is closed. */
export interface ServiceParts {
  readonly config: ServiceConfig;
  readonly turns: Turns;
  readonly retention: RetentionRunner;
  readonly otlp: OtlpExporter | undefined;
  readonly traces: OpenedTraces;
  readonly logs: OpenedLog;
}

/**
 * Finishes what is in hand and closes everything. Evidence that cannot be settled does not keep the service
 * from ending.
 *
 * @param options `until`: when all should be done, ms on the monotonic clock.
 */
export async function closeParts(
  parts: ServiceParts,
  options: { readonly until: number; readonly clock: Clock },
): Promise<void> {
  const { config, turns, retention, otlp, traces, logs } = parts;
  const { until, clock } = options;
  const leastMs = Math.min(config.drainMs, LEAST_MS);
  const step = (work: Promise<unknown>) =>
    within(work, Math.max(until - clock.monotonic(), leastMs), clock);
  turns.close();
  await step(turns.idle());
  await step(retention.close());
  // A collector that is slow must not come before evidence: both at once.
  const told = otlp?.close();
  // What is not settled, or not in time, stays in its segment, and is recovered by the next start.
  await step(
    traces.close().catch((error) => {
      logs.log.event("failure", { error_code: toGaitError(error).code, during: "shutdown" });
    }),
  );
  if (told !== undefined) logs.log.event("telemetry_closed", { ...await told });
  logs.close();
}
