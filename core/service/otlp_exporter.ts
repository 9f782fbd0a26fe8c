/**
 * Tells decisions to an OTLP/HTTP collector beside the requests: a bounded queue, batches, retries with
 * pauses. A collector that is slow or away never delays or blocks a decision; what does not fit is dropped and
 * counted.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { DecisionEvent } from "../export/decision_event.ts";
import { otlpLogsRequest } from "../export/otlp_logs.ts";
import type { Clock } from "../ports/clock.ts";
import type { HttpClient } from "../ports/http_client.ts";
import type { Metrics } from "./metrics.ts";

/** Records of one request. */
const BATCH = 512;
/** Pause after which a batch is sent however small it is, ms. */
const LINGER_MS = 500;
/** Pauses between attempts, ms; the last one repeats. */
const PAUSES: readonly number[] = [500, 1_000, 5_000, 15_000];
/** Time for one request, ms. */
const TIMEOUT_MS = 10_000;

/** How decisions are sent. */
export interface OtlpSetup {
  readonly endpoint: string;
  /** Records that wait at most. */
  readonly queue: number;
  /** Version of this build. */
  readonly version: string;
  readonly client: HttpClient;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Whether an answer says that sending the same again may help (OTLP specification, "Failures"). */
function mayRetry(status: number): boolean {
  return status === 0 || status === 429 || status === 502 || status === 503 || status === 504;
}

/**
 * Checks the endpoint and completes it: a bare origin gets the path of the protocol.
 *
 * @throws GaitError `usage`
 */
export function otlpUrl(endpoint: string): string {
  const invalid = () =>
    new GaitError("usage", "Cannot export: --export-otlp-endpoint is not an http or https URL");
  if (!URL.canParse(endpoint)) throw invalid();
  const url = new URL(endpoint);
  if (!/^https?:$/.test(url.protocol)) throw invalid();
  if (url.username !== "" || url.password !== "") throw invalid();
  if (url.pathname === "/") url.pathname = "/v1/logs";
  return url.href;
}

/** Sends decisions. */
export class OtlpExporter {
  readonly #setup: OtlpSetup;
  readonly #url: string;
  readonly #stop = new AbortController();
  #queue: DecisionEvent[] = [];
  #running: Promise<void> | undefined;

  /** @throws GaitError `usage` */
  constructor(setup: OtlpSetup) {
    this.#setup = setup;
    this.#url = otlpUrl(setup.endpoint);
  }

  /** Records that wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes a decision; never waits. */
  tell(event: DecisionEvent): void {
    if (this.#queue.length >= this.#setup.queue || this.#stop.signal.aborted) {
      this.#setup.metrics.add("gait_telemetry_dropped_total", "otlp");
      return;
    }
    this.#queue.push(event);
    this.#running ??= this.#run().finally(() => this.#running = undefined);
  }

  /** Sends what waits once more, without retries; what cannot be sent is counted as dropped. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH);
      if (!await this.#send(batch)) break;
      this.#queue.splice(0, batch.length);
    }
    this.#drop(this.#queue.length);
    this.#queue = [];
  }

  async #run(): Promise<void> {
    await this.#pause(LINGER_MS);
    for (let failures = 0; this.#queue.length > 0 && !this.#stop.signal.aborted;) {
      const batch = this.#queue.slice(0, BATCH);
      const isDone = await this.#send(batch);
      if (isDone) {
        this.#queue.splice(0, batch.length);
        failures = 0;
      } else await this.#pause(PAUSES[Math.min(failures++, PAUSES.length - 1)] ?? LINGER_MS);
    }
  }

  /** Sends a batch; `false` when it should be tried again. */
  async #send(batch: readonly DecisionEvent[]): Promise<boolean> {
    const { client, metrics, version } = this.#setup;
    const status = await client.post({
      url: this.#url,
      body: JSON.stringify(otlpLogsRequest(batch, { version })),
      contentType: "application/json",
      timeoutMs: TIMEOUT_MS,
    });
    if (status >= 200 && status < 300) return true;
    metrics.add("gait_sink_failures_total", "otlp");
    if (mayRetry(status)) return false;
    this.#drop(batch.length);
    return true;
  }

  #drop(count: number): void {
    if (count > 0) this.#setup.metrics.add("gait_telemetry_dropped_total", "otlp", count);
  }

  async #pause(ms: number): Promise<void> {
    await this.#setup.clock.sleep(ms, this.#stop.signal).catch(() => {});
  }
}
