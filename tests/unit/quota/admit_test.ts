import { assert, assertEquals } from "@std/assert";
import { parseTimestamp } from "../../../core/base/instant.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import type { RateLimit } from "../../../core/policy/policy.ts";
import { admit, bucketStart, type QuotaQuery } from "../../../core/quota/admit.ts";
import {
  EMPTY_RATE_LIMIT_STATE,
  encodeRateLimitState,
  type RateLimitState,
  readRateLimitState,
} from "../../../core/quota/state.ts";
import { goldenText } from "../approval/_golden.ts";

function at(text: string): bigint {
  const parsed = parseTimestamp(text);
  assert(parsed !== undefined);
  return parsed.instant;
}

const NOW = at("2026-11-24T10:15:30.5Z");
const MINUTE = 60_000_000_000n;

function query(change: Partial<RateLimit> = {}, more: Partial<QuotaQuery> = {}): QuotaQuery {
  return {
    rate_limit: { requests: 2, window: "minute", scope: "tool_identity", ...change },
    tool: "tool.read",
    identity: "alice",
    now: NOW,
    ...more,
  };
}

/** Runs queries one after the other through the file text. */
function series(queries: readonly QuotaQuery[], start = EMPTY_RATE_LIMIT_STATE) {
  let state: RateLimitState = start;
  return queries.map((one) => {
    const outcome = admit(state, one);
    state = readRateLimitState(encodeRateLimitState(outcome.state), { source: "s" });
    return outcome;
  });
}

Deno.test("admit() counts up to the limit, then refuses without writing", () => {
  const outcomes = series([query(), query(), query()]);
  assertEquals(outcomes.map((one) => [one.kind, one.used, one.remaining]), [
    ["admitted", 1, 1],
    ["admitted", 2, 0],
    ["limited", 2, 0],
  ]);
  assertEquals(
    outcomes[2]?.state.counters.get(
      "minute|tool_identity|2026-11-24T10:15:00Z|tool.read|alice",
    ),
    2,
  );
});

Deno.test("admit() gives back the given state when it refuses", () => {
  const [first, second] = series([query(), query()]);
  assert(first !== undefined && second !== undefined);
  const third = admit(second.state, query());
  assert(third.state === second.state);
});

Deno.test("admit() keys by scope and window", () => {
  const cases: [RateLimit["scope"], RateLimit["window"], string, string][] = [
    ["tool", "hour", "hour|tool|2026-11-24T10:00:00Z|tool.read", "tool.read"],
    ["identity", "minute", "minute|identity|2026-11-24T10:15:00Z|alice", "alice"],
    [
      "tool_identity",
      "minute",
      "minute|tool_identity|2026-11-24T10:15:00Z|tool.read|alice",
      "tool.read|alice",
    ],
    [
      "",
      "",
      "minute|tool_identity|2026-11-24T10:15:00Z|tool.read|alice",
      "tool.read|alice",
    ],
  ];
  for (const [scope, window, full, key] of cases) {
    const outcome = admit(EMPTY_RATE_LIMIT_STATE, query({ scope, window }));
    assertEquals([...outcome.state.counters], [[full, 1]]);
    assertEquals(outcome.key, key);
  }
});

Deno.test("admit() is off when the rule sets no limit", () => {
  const outcome = admit(EMPTY_RATE_LIMIT_STATE, query({ requests: 0 }));
  assertEquals([outcome.kind, outcome.state.counters.size], ["off", 0]);
});

Deno.test("admit() starts anew in the next window", () => {
  const later = query({}, { now: NOW + MINUTE });
  const outcomes = series([query(), query(), query(), later]);
  assertEquals(outcomes.map((one) => one.kind), ["admitted", "admitted", "limited", "admitted"]);
  assertEquals(outcomes[3]?.used, 1);
  assertEquals(outcomes[3]?.state.counters.size, 1);
  assertEquals(outcomes.some((one) => one.clockSuspect), false);
});

Deno.test("admit() does not free quota when the clock goes back", () => {
  for (const back of [1n, 30n, 60n, 3600n, 86_400n].map((seconds) => seconds * 1_000_000_000n)) {
    const outcomes = series([
      query(),
      query(),
      query({}, { now: NOW - back }),
      query({}, { now: NOW }),
      query({}, { now: NOW - back }),
    ]);
    assertEquals(outcomes.slice(2).map((one) => one.kind), ["limited", "limited", "limited"]);
  }
});

Deno.test("admit() keeps counting in the latest window while the clock is behind", () => {
  const back = query({ requests: 3 }, { now: NOW - 90n * MINUTE });
  const outcomes = series([query({ requests: 3 }), back, back, back]);
  assertEquals(outcomes.map((one) => [one.kind, one.used]), [
    ["admitted", 1],
    ["admitted", 2],
    ["admitted", 3],
    ["limited", 3],
  ]);
  assertEquals(outcomes.map((one) => one.clockSuspect), [false, true, true, true]);
});

Deno.test("admit() guards each scope key of a window alike when the clock goes back", () => {
  const bob = { identity: "bob" };
  const outcomes = series([
    query({ requests: 1 }, { ...bob, now: NOW - MINUTE }),
    query({ requests: 1 }),
    query({ requests: 1 }, { ...bob, now: NOW - MINUTE }),
    query({ requests: 1 }, { ...bob, now: NOW - MINUTE }),
  ]);
  // Bob's window has ended by the time alice calls; he gets one call in the window now in force.
  assertEquals(outcomes.map((one) => one.kind), ["admitted", "admitted", "admitted", "limited"]);
});

Deno.test("admit() tells a small step of the clock from a jump", () => {
  const edge = at("2026-11-24T10:16:00.2Z");
  const small = series([query({}, { now: edge }), query({}, { now: edge - 1_000_000_000n })]);
  assertEquals(small.map((one) => one.clockSuspect), [false, false]);
  assertEquals(small[1]?.used, 2);
  const large = series([query({}, { now: edge }), query({}, { now: edge - 10_000_000_000n })]);
  assertEquals(large.map((one) => one.clockSuspect), [false, true]);
});

Deno.test("admit() reports a file from the future until it is mended", () => {
  const jumped = series([query({}, { now: at("2099-01-01T00:00:00Z") }), query(), query()]);
  assertEquals(jumped.map((one) => [one.kind, one.clockSuspect]), [
    ["admitted", false],
    ["admitted", true],
    ["limited", true],
  ]);
});

Deno.test("admit() prunes like the reference", () => {
  const state = readRateLimitState(goldenText("rate-limit", "seed/stale.json"), { source: "s" });
  const outcome = admit(state, query({ window: "hour", scope: "tool" }));
  assertEquals([...outcome.state.counters].sort(), [
    ["hour|tool|2026-11-24T10:00:00Z|tool.read", 1],
    ["minute|tool|2020-01-01T00:00:00Z|tool.read", 9],
  ]);
});

Deno.test("admit() refuses new keys when the file is full", () => {
  const counters = new Map<string, number>();
  for (let i = 0; i < LIMITS.rateLimitCounters; i++) {
    counters.set(`minute|identity|2026-11-24T10:15:00Z|id-${i}`, 1);
  }
  const full = { counters };
  assertEquals(admit(full, query({ scope: "identity" })).kind, "limited");
  const known = admit(full, query({ scope: "identity" }, { identity: "id-7" }));
  assertEquals([known.kind, known.used], ["admitted", 2]);
});

Deno.test("admit() uses the lower limit when a rule is tightened", () => {
  const [, second] = series([query({ requests: 9 }), query({ requests: 9 })]);
  assert(second !== undefined);
  const outcome = admit(second.state, query({ requests: 1 }));
  assertEquals([outcome.kind, outcome.used, outcome.remaining], ["limited", 2, 0]);
});

Deno.test("bucketStart() rounds down, before the epoch too", () => {
  assertEquals(bucketStart(0n, "minute"), 0n);
  assertEquals(bucketStart(MINUTE - 1n, "minute"), 0n);
  assertEquals(bucketStart(-1n, "minute"), -MINUTE);
  assertEquals(bucketStart(at("2026-11-24T10:59:59Z"), "hour"), at("2026-11-24T10:00:00Z"));
});
