/**
 * The health of telemetry: counters over all processes, so that a failure is not forgotten with the process
 * that had it (divergence S9).
 *
 * @module
 */

import { formatInstant, type Instant } from "../base/instant.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { isJsonObject } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { parseJson } from "../text/json.ts";

/** Streams of telemetry. */
export const STREAMS = ["operational_start", "adoption", "operational_end"] as const;
/** A stream of telemetry. */
export type Stream = typeof STREAMS[number];

/** Counters of one stream. */
export interface StreamHealth {
  readonly attempts: number;
  readonly success: number;
  readonly failed: number;
  /** Time of the last failure, RFC 3339 UTC; "" when there was none. */
  readonly lastFailureAt: string;
  /** Its cause. */
  readonly lastError: string;
}

/** Health by stream. */
export type Health = ReadonlyMap<Stream, StreamHealth>;

/** One attempt to write. */
export interface Attempt {
  readonly stream: Stream;
  readonly at: Instant;
  /** Cause of a failure. */
  readonly error?: string;
}

const NONE: StreamHealth = {
  attempts: 0,
  success: 0,
  failed: 0,
  lastFailureAt: "",
  lastError: "",
};

/** A counter of a file of any origin. */
function count(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

/** A text of a file of any origin. */
function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Parses a health file; what is not understood counts as nothing. */
export function parseHealth(data: Uint8Array): Health {
  const out = new Map<Stream, StreamHealth>();
  let value;
  try {
    value = parseJson(data, { source: "health", maxBytes: LIMITS.configBytes });
  } catch {
    return out;
  }
  const streams = isJsonObject(value) && isJsonObject(value.streams) ? value.streams : {};
  for (const stream of STREAMS) {
    const found = streams[stream];
    if (!isJsonObject(found)) continue;
    out.set(stream, {
      attempts: count(found.attempts),
      success: count(found.success),
      failed: count(found.failed),
      lastFailureAt: text(found.last_failure_at),
      lastError: text(found.last_error),
    });
  }
  return out;
}

/** Adds attempts. */
export function addAttempts(health: Health, attempts: readonly Attempt[]): Health {
  const out = new Map(health);
  for (const { stream, at, error } of attempts) {
    const before = out.get(stream) ?? NONE;
    out.set(stream, {
      attempts: before.attempts + 1,
      success: before.success + (error === undefined ? 1 : 0),
      failed: before.failed + (error === undefined ? 0 : 1),
      lastFailureAt: error === undefined ? before.lastFailureAt : formatInstant(at),
      lastError: error ?? before.lastError,
    });
  }
  return out;
}

/** Encodes a health file (spec 05 §8.3). */
export function encodeHealth(
  health: Health,
  meta: { readonly at: Instant; readonly version: string },
): string {
  const streams = Object.fromEntries([...health].map(([stream, one]) => [stream, {
    attempts: one.attempts,
    success: one.success,
    failed: one.failed,
    ...(one.failed > 0 && { last_failure_at: one.lastFailureAt, last_error: one.lastError }),
  }]));
  return encodeJsonPretty({
    schema_id: "gait.scout.telemetry_health",
    schema_version: "1.0.0",
    created_at: formatInstant(meta.at),
    producer_version: meta.version,
    streams,
  });
}
