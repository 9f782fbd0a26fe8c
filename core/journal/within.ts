/**
 * Waiting with a limit.
 *
 * @module
 */

import type { Clock } from "../ports/clock.ts";

/**
 * Waits for a promise, but not longer than `ms`; no timer is left behind.
 *
 * @returns Whether the promise came first.
 */
export async function within(
  promise: Promise<unknown>,
  ms: number,
  clock: Clock,
): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise.then(() => true),
      clock.sleep(ms, timer.signal).then(() => false),
    ]);
  } finally {
    timer.abort("over");
  }
}
