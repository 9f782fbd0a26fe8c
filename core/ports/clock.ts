/** Time as a port. A use case reads the clock once and passes the instant on. */

import type { Instant } from "../base/instant.ts";

/** Wall clock, stop watch and waiting. */
export interface Clock {
  /** Current time, nanoseconds since the epoch. */
  now(): Instant;
  /** Milliseconds on a clock that never goes backwards; only differences mean anything. */
  monotonic(): number;
  /** Waits; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
