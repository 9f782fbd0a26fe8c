/**
 * Tells decisions to an OTLP/HTTP collector beside the requests: a bounded queue, batches, retries with
 * pauses. A collector that is slow, away or hostile never delays or blocks a decision; what it does not get or
 * does not take is dropped, counted, and said in the log.
 *
 * @module
 */

import type { Bytes } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import type { DecisionEvent } from "../../export/decision_event.ts";
import { type OtlpReply, readOtlpAnswer } from "../../export/otlp_answer.ts";
import {
  type OtlpEnvelope,
  otlpEnvelope,
  otlpLogRecord,
  otlpRecordBytes,
} from "../../export/otlp_logs.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HttpAnswer, HttpClient } from "../../ports/http_client.ts";
import type { Random } from "../../ports/random.ts";
import type { LogFacts, ServiceLog } from "./access_log.ts";
import type { Metrics } from "./metrics.ts";
import { gzip } from "./gzip.ts";
import type { OtlpHeaders } from "../../export/otlp_headers.ts";
import { OtlpQueue } from "./otlp_queue.ts";
import { within } from "../../journal/within.ts";

/** Pause after which a batch is sent however small it is, ms. */
const LINGER_MS = 500;
/** Pauses between attempts, ms; the last one repeats. */
const PAUSES: readonly number[] = [500, 1_000, 5_000, 15_000];
/** Drops are said in the log at most this often, ms. */
const REPORT_MS = 60_000;

const NO_ANSWER: HttpAnswer = { status: 0, retryAfter: "", body: undefined };

/** How decisions are sent. */
export interface OtlpSetup {
  readonly endpoint: string;
  /** Records that wait at most. */
  readonly queue: number;
  /** Version of this build. */
  readonly version: string;
  readonly headers: OtlpHeaders;
  readonly compresses: boolean;
  readonly client: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Pick<ServiceLog, "event">;
}

/** What became of all decisions that were told. */
export interface OtlpTotals {
  /** Decisions that the collector took. */
  readonly exported: number;
  /** Decisions that it did not get or did not take. */
  readonly dropped: number;
}

/** Why a decision was dropped. */
type DropReason =
  | "queue_full"
  | "not_encodable"
  | "too_large"
  | "refused"
  | "rejected"
  | "shutdown";

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

/** The URL, if the runtime lets us connect there: otherwise every decision would be dropped. */
function permittedUrl({ endpoint, client }: Pick<OtlpSetup, "endpoint" | "client">): string {
  const url = otlpUrl(endpoint);
  if (client.permits(url)) return url;
  const { host } = new URL(url);
  throw new GaitError("permission_missing", `Cannot export to ${host}: not permitted`, {
    hint: `add --allow-net=${host}; gait permissions -- <command> prints all flags`,
  });
}

/** Checks the number of records that may wait. @throws GaitError `usage` */
function checkedQueue(records: number): number {
  if (records >= 1 && records <= LIMITS.otlpQueueRecords) return records;
  const range = `1 to ${LIMITS.otlpQueueRecords}`;
  throw new GaitError("usage", `Cannot export: --export-otlp-queue is not in ${range}`);
}

/** Sends decisions. */
export class OtlpExporter {
  readonly #setup: OtlpSetup;
  readonly #url: string;
  readonly #envelope: OtlpEnvelope;
  readonly #queue: OtlpQueue;
  /** Aborted when the exporter closes: nothing is taken, nothing waits any more. */
  readonly #stop = new AbortController();
  /** Aborted when the last attempts have had their time. */
  readonly #end = new AbortController();
  #lingering: AbortController | undefined;
  #running: Promise<void> | undefined;
  #closing: Promise<OtlpTotals> | undefined;
  #reportedAt = -Infinity;

  /** @throws GaitError `usage`, `permission_missing` */
  constructor(setup: OtlpSetup) {
    this.#setup = setup;
    this.#url = permittedUrl(setup);
    this.#envelope = otlpEnvelope(setup);
    this.#queue = new OtlpQueue(checkedQueue(setup.queue), this.#envelope.size);
    // So that both are there before anything happens to them.
    setup.metrics.add("gait_telemetry_exported_total", "otlp", 0);
    setup.metrics.add("gait_telemetry_dropped_total", "otlp", 0);
  }

  /** Records that wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes a decision; never waits, never throws. */
  tell(event: DecisionEvent): void {
    if (this.#stop.signal.aborted) return this.#drop(1, "shutdown");
    if (this.#queue.isFull) return this.#drop(1, "queue_full");
    const record = this.#encode(event);
    if (record === undefined) return this.#drop(1, "not_encodable");
    if (!this.#queue.add(record)) return this.#drop(1, "queue_full");
    if (this.#queue.hasBatch) this.#lingering?.abort();
    this.#running ??= this.#run();
  }

  /**
   * Sends what waits once more, without retries and within `otlpFlushMs`; what is left counts as dropped.
   *
   * @returns What became of all decisions.
   */
  close(): Promise<OtlpTotals> {
    return this.#closing ??= this.#close();
  }

  #encode(event: DecisionEvent): Bytes | undefined {
    try {
      return otlpRecordBytes(otlpLogRecord(event, { seenAt: this.#setup.clock.now() }));
    } catch {
      return undefined;
    }
  }

  async #close(): Promise<OtlpTotals> {
    const { clock, metrics } = this.#setup;
    this.#stop.abort();
    this.#lingering?.abort();
    await within(this.#flush(), LIMITS.otlpFlushMs, clock);
    // Whatever a late answer says, it is counted here.
    this.#end.abort();
    const left = this.#queue.length;
    this.#queue.remove(left);
    this.#drop(left, "shutdown");
    return {
      exported: metrics.value("gait_telemetry_exported_total", "otlp"),
      dropped: metrics.value("gait_telemetry_dropped_total", "otlp"),
    };
  }

  async #flush(): Promise<void> {
    await this.#running;
    while (this.#queue.length > 0 && !this.#end.signal.aborted) {
      const before = this.#queue.length;
      const wait = await this.#sendBatch();
      // Nothing is tried twice now.
      if (wait !== undefined && this.#queue.length === before) return;
    }
  }

  async #run(): Promise<void> {
    try {
      await this.#linger();
      for (let failures = 0; this.#queue.length > 0 && !this.#stop.signal.aborted;) {
        const wait = await this.#sendBatch();
        if (wait === undefined) failures = 0;
        if (this.#queue.length === 0) break;
        await (wait === undefined ? this.#linger() : this.#backOff(failures++, wait));
      }
    } finally {
      // In the same step as the check that the queue is empty: whoever comes later starts anew.
      this.#running = undefined;
    }
  }

  /** Sends the oldest records. Returns `undefined` when that led somewhere, else the wait asked for, ms. */
  async #sendBatch(): Promise<number | undefined> {
    const batch = this.#queue.batch();
    const body = this.#envelope.fill(batch);
    const answer = await this.#post(body);
    if (this.#end.signal.aborted) return 0;
    // Some receivers hang up in the middle of what is too long for them.
    if (answer.status === 0) this.#queue.shrink(body.length, LIMITS.otlpSmallRequestBytes);
    const sent = { records: batch.length, now: this.#setup.clock.now() };
    return this.#settle(readOtlpAnswer(answer, sent), {
      records: batch.length,
      bytes: body.length,
    });
  }

  async #post(body: Bytes): Promise<HttpAnswer> {
    const { client, clock, compresses, headers, version } = this.#setup;
    try {
      return await client.post({
        url: this.#url,
        body: compresses ? await gzip(body, () => clock.sleep(0)) : body,
        contentType: "application/json",
        contentEncoding: compresses ? "gzip" : "",
        headers,
        // A version is text of ours, but not all text is a token.
        userAgent: `gait/${version.replace(/[^\w.+-]/g, "_")}`,
        timeoutMs: LIMITS.otlpExchangeMs,
        answerBytes: LIMITS.otlpAnswerBytes,
        signal: this.#end.signal,
      });
    } catch {
      return NO_ANSWER;
    }
  }

  /** Does what a reply means for the batch. Returns as {@linkcode OtlpExporter.#sendBatch} does. */
  #settle(
    reply: OtlpReply,
    { records, bytes }: { readonly records: number; readonly bytes: number },
  ): number | undefined {
    const { metrics } = this.#setup;
    if (reply.kind === "accepted") {
      this.#queue.remove(records);
      this.#queue.grow();
      metrics.add("gait_telemetry_exported_total", "otlp", records - reply.rejected);
      if (!reply.isReadable) metrics.add("gait_sink_failures_total", "otlp_answer");
      this.#drop(reply.rejected, "rejected");
      return undefined;
    }
    metrics.add("gait_sink_failures_total", "otlp");
    if (reply.kind === "retry") return reply.afterMs;
    if (reply.kind === "too_large" && records > 1) {
      this.#queue.shrink(bytes);
      return undefined;
    }
    this.#queue.remove(records);
    this.#drop(records, reply.kind, reply.kind === "refused" ? { status: reply.status } : {});
    // One record that is too large may be followed by many: each costs a request, so they are paced.
    return reply.kind === "too_large" ? 0 : undefined;
  }

  #drop(count: number, reason: DropReason, facts: LogFacts = {}): void {
    if (count === 0) return;
    const { metrics, clock, log } = this.#setup;
    metrics.add("gait_telemetry_dropped_total", "otlp", count);
    const now = clock.monotonic();
    if (now - this.#reportedAt < REPORT_MS) return;
    this.#reportedAt = now;
    const dropped = metrics.value("gait_telemetry_dropped_total", "otlp");
    log.event("telemetry_dropped", { reason, ...facts, dropped, waiting: this.#queue.length });
  }

  /** Lets a batch grow: until it is as large as it can be, or for a while. */
  async #linger(): Promise<void> {
    if (this.#queue.hasBatch || this.#stop.signal.aborted) return;
    this.#lingering = new AbortController();
    await this.#pause(LINGER_MS, this.#lingering.signal);
    this.#lingering = undefined;
  }

  /** Waits before the next attempt, a little longer than it has to, so that many services do not march in step. */
  async #backOff(failures: number, wait: number): Promise<void> {
    const pause = Math.max(wait, PAUSES[Math.min(failures, PAUSES.length - 1)] ?? LINGER_MS);
    const [jitter = 0] = this.#setup.random.bytes(1);
    await this.#pause(pause * (1 + jitter / 1024), this.#stop.signal);
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await this.#setup.clock.sleep(ms, signal).catch(() => {});
  }
}
