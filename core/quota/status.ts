/**
 * Looking at rate limit counters and starting them anew (divergence G9).
 *
 * @module
 */

import { type Instant, parseTimestamp } from "../base/instant.ts";
import { compareCodePoints } from "../base/text_rules.ts";
import { bucketStart } from "./admit.ts";
import { type RateLimitState, splitCounterKey } from "./state.ts";

/** One counter, for people. */
export interface CounterStatus {
  /** `minute` or `hour`. */
  readonly window: string;
  readonly scope: string;
  /** Start of the window, UTC. */
  readonly bucket: string;
  /** Tool, identity, or `tool|identity`. */
  readonly key: string;
  readonly count: number;
  /** Where the window lies; `future` means that the clock went back or had jumped ahead. */
  readonly phase: "past" | "current" | "future" | "malformed";
}

/** Where a window lies relative to the present one. */
function phaseOf(full: string, now: Instant): CounterStatus["phase"] {
  const part = splitCounterKey(full);
  const written = part === undefined ? undefined : parseTimestamp(part.bucket)?.instant;
  const window = part?.window;
  if (written === undefined || (window !== "minute" && window !== "hour")) return "malformed";
  const present = bucketStart(now, window);
  const start = bucketStart(written, window);
  if (start === present) return "current";
  return start < present ? "past" : "future";
}

/**
 * Lists all counters sorted by full key.
 *
 * @param state Any state.
 * @param options `now` decides which windows are past, current or in the future.
 */
export function rateLimitStatus(
  state: RateLimitState,
  options: { readonly now: Instant },
): CounterStatus[] {
  return [...state.counters]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([full, count]) => {
      const part = splitCounterKey(full);
      return {
        window: part?.window ?? "",
        scope: part?.scope ?? "",
        bucket: part?.bucket ?? "",
        key: part?.key ?? full,
        count,
        phase: phaseOf(full, options.now),
      };
    });
}

/** Which counters a reset removes; all of them when neither member is set. */
export interface ResetSelection {
  /** Only counters with this scope key, e.g. `tool.read|alice`. */
  readonly key?: string;
  /** Only counters of windows after the present one, as a clock that jumped ahead leaves them. */
  readonly futureOnly?: { readonly now: Instant };
}

/**
 * Removes counters.
 *
 * @param state Any state.
 * @param selection Which counters go; every given condition must hold.
 * @returns The remaining state and how many counters were removed.
 */
export function resetRateLimits(
  state: RateLimitState,
  selection: ResetSelection = {},
): { readonly state: RateLimitState; readonly removed: number } {
  const counters = new Map<string, number>();
  for (const [full, count] of state.counters) {
    const key = splitCounterKey(full)?.key ?? full;
    const matches = (selection.key === undefined || selection.key === key) &&
      (selection.futureOnly === undefined ||
        phaseOf(full, selection.futureOnly.now) === "future");
    if (!matches) counters.set(full, count);
  }
  return { state: { counters }, removed: state.counters.size - counters.size };
}

/** Two readings of the clocks of one process. */
export interface ClockReadings {
  /** Earlier wall clock reading. */
  readonly previous: Instant;
  /** Present wall clock reading. */
  readonly now: Instant;
  /** Time between the two on the steady clock, ms. */
  readonly elapsedMs: number;
}

/** Drift between wall and steady clock that is no jump: slewing, suspended laptops excluded. */
const JUMP_TOLERANCE_MS = 5_000;

/**
 * Tells whether the wall clock jumped between two readings of one process, and which way. A single
 * reading cannot tell a jump ahead from an idle period; a process that lives on can.
 *
 * @param readings Two wall clock readings and the steady time between them.
 */
export function clockJump(readings: ClockReadings): "none" | "forward" | "backward" {
  const wallMs = Number((readings.now - readings.previous) / 1_000_000n);
  const drift = wallMs - readings.elapsedMs;
  if (Math.abs(drift) <= JUMP_TOLERANCE_MS) return "none";
  return drift > 0 ? "forward" : "backward";
}
