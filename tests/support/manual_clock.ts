/** A clock that stands still until a test moves it. */

import type { Clock } from "../../core/ports/clock.ts";

/** One who sleeps. */
interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** A clock and how to move it. */
export interface ManualClock extends Clock {
  /** Lengths of all sleeps that were begun, ms. */
  readonly sleeps: readonly number[];
  /** Moves time on, waking who sleeps in order, and lets what they do settle. */
  advance(ms: number): Promise<void>;
}

/** Lets everything that waits for nothing but microtasks happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 2000; i++) await Promise.resolve();
}

/** Makes a clock. @param startMs Wall clock at its start, ms since the epoch. */
export function manualClock(startMs: number): ManualClock {
  let elapsed = 0;
  let sleepers: Sleeper[] = [];
  const sleeps: number[] = [];
  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    sleeps.push(ms);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { at: elapsed + ms, wake: resolve };
      sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }
  async function advance(ms: number): Promise<void> {
    const end = elapsed + ms;
    for (;;) {
      await settle();
      const next = sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      sleepers = sleepers.filter((other) => other !== next);
      elapsed = next.at;
      next.wake();
    }
    elapsed = end;
  }
  return {
    sleeps,
    sleep,
    advance,
    now: () => BigInt(Math.round((startMs + elapsed) * 1e6)),
    monotonic: () => elapsed,
  };
}
