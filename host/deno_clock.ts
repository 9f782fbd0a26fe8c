/**
 * The clock port over the platform.
 *
 * @module
 */

import type { Instant } from "../core/base/instant.ts";
import type { Clock } from "../core/ports/clock.ts";

const NANOS_PER_MS = 1_000_000n;
let last: Instant = 0n;

/** Wall clock. Milliseconds are the system's; the digits below order events inside this process. */
function now(): Instant {
  const wall = BigInt(Date.now()) * NANOS_PER_MS;
  const fraction = BigInt(Math.floor((performance.now() % 1) * 1e6));
  const reading = wall + fraction;
  // Two readings must differ and keep their order, but a clock that was set back is believed.
  const tooClose = reading <= last && last - reading < 2n * NANOS_PER_MS;
  last = tooClose ? last + 1n : reading;
  return last;
}

/** Waits, or rejects with the signal's reason. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(finish, ms);
    function finish(): void {
      signal?.removeEventListener("abort", abort);
      resolve();
    }
    function abort(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Clock of the host. */
export const denoClock: Clock = {
  now,
  monotonic: (): number => performance.now(),
  sleep,
};
