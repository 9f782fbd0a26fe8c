/**
 * Whether one more call fits into its quota (spec 02 §8; divergence G9).
 *
 * @module
 */

import { formatInstant, type Instant, parseTimestamp } from "../base/instant.ts";
import { LIMITS } from "../base/limits.ts";
import type { RateLimit } from "../policy/policy.ts";
import { type QuotaWindow, type RateLimitState, splitCounterKey } from "./state.ts";

const NANOS: Readonly<Record<QuotaWindow, bigint>> = {
  minute: 60_000_000_000n,
  hour: 3_600_000_000_000n,
};

/** A clock this far behind the file is normal jitter between machines and steps of time service. */
const CLOCK_TOLERANCE = 5_000_000_000n;

/** One call that asks for admission. */
export interface QuotaQuery {
  /** The limit of the matched rule. */
  readonly rate_limit: RateLimit;
  /** Normalised tool name. */
  readonly tool: string;
  /** Normalised identity. */
  readonly identity: string;
  readonly now: Instant;
}

/** How a query ended. */
export interface QuotaOutcome {
  readonly kind: "off" | "admitted" | "limited";
  /** Scope of the limit; "" when off. */
  readonly scope: RateLimit["scope"];
  /** Scope key, as reported: tool, identity, or `tool|identity`. */
  readonly key: string;
  /** Calls counted in this window, this one included when admitted. */
  readonly used: number;
  /** Calls left in this window. */
  readonly remaining: number;
  /** The clock is behind what the file records: it went back, or had jumped ahead before. */
  readonly clockSuspect: boolean;
  /** The state to store; the given one when nothing is to be written. */
  readonly state: RateLimitState;
}

/** Start of the window that holds an instant. */
export function bucketStart(now: Instant, window: QuotaWindow): Instant {
  const size = NANOS[window];
  const rest = now % size;
  return now - (rest < 0n ? rest + size : rest);
}

/** The latest window start that the file records for a window length. */
function latestRecorded(state: RateLimitState, window: QuotaWindow): Instant | undefined {
  const buckets = new Set<string>();
  for (const full of state.counters.keys()) {
    const part = splitCounterKey(full);
    if (part?.window === window) buckets.add(part.bucket);
  }
  let latest: Instant | undefined;
  for (const bucket of buckets) {
    const written = parseTimestamp(bucket)?.instant;
    if (written === undefined) continue;
    const start = bucketStart(written, window);
    if (latest === undefined || start > latest) latest = start;
  }
  return latest;
}

/** Scope key of a query (spec 02 §8). */
function scopeKey(query: QuotaQuery): string {
  const { tool, identity } = query;
  switch (query.rate_limit.scope) {
    case "tool":
      return tool;
    case "identity":
      return identity;
    default:
      return `${tool}|${identity}`;
  }
}

/** Drops what the reference drops: malformed keys, and other buckets of the same window (spec 02 §8). */
function pruned(state: RateLimitState, window: QuotaWindow, bucket: string): Map<string, number> {
  const kept = new Map<string, number>();
  for (const [full, count] of state.counters) {
    const part = splitCounterKey(full);
    if (part === undefined || (part.window === window && part.bucket !== bucket)) continue;
    kept.set(full, count);
  }
  return kept;
}

/**
 * Counts one call, or refuses it.
 *
 * A clock that goes back does not free quota: the window in force is the later of the present one and
 * the latest one that the file records for the same length, so counting goes on where it stood.
 *
 * @param state What the file holds.
 * @param query The call and the limit of its rule.
 * @returns The outcome; `state` is the given one unless the call was admitted.
 */
export function admit(state: RateLimitState, query: QuotaQuery): QuotaOutcome {
  const { rate_limit: limit, now } = query;
  if (limit.requests <= 0) {
    return { kind: "off", scope: "", key: "", used: 0, remaining: 0, clockSuspect: false, state };
  }
  const window: QuotaWindow = limit.window === "hour" ? "hour" : "minute";
  const scope = limit.scope === "" ? "tool_identity" : limit.scope;
  const present = bucketStart(now, window);
  const recorded = latestRecorded(state, window) ?? present;
  const start = recorded > present ? recorded : present;
  const bucket = formatInstant(start);
  const key = scopeKey(query);
  const full = `${window}|${scope}|${bucket}|${key}`;
  const before = state.counters.get(full) ?? 0;
  const common = { scope, key, clockSuspect: start - now > CLOCK_TOLERANCE };
  if (before >= limit.requests) {
    return { kind: "limited", ...common, used: before, remaining: 0, state };
  }
  const counters = pruned(state, window, bucket);
  // A file that is full of identities must not become a way around the limit.
  if (counters.size >= LIMITS.rateLimitCounters && !counters.has(full)) {
    return { kind: "limited", ...common, used: before, remaining: 0, state };
  }
  const used = before + 1;
  counters.set(full, used);
  return {
    kind: "admitted",
    ...common,
    used,
    remaining: limit.requests - used,
    state: { counters },
  };
}
