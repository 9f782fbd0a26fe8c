/** Time that passes when a test says so. */

import type { Clock } from "../../core/ports/clock.ts";

/** A clock that stands until it is moved on; those who wait are woken when their time has come. */
export class SteppedClock implements Clock {
  /** Milliseconds since the start. */
  #ms = 0;
  readonly #start = BigInt(Date.now()) * 1_000_000n;
  readonly #waiting = new Set<{ readonly at: number; wake(): void }>();
  #readings = 0n;

  now(): bigint {
    return this.#start + BigInt(this.#ms) * 1_000_000n + this.#readings++;
  }

  monotonic(): number {
    return this.#ms;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = { at: this.#ms + ms, wake: resolve };
      this.#waiting.add(entry);
      signal?.addEventListener("abort", () => {
        this.#waiting.delete(entry);
        reject(signal.reason);
      }, { once: true });
    });
  }

  step(ms: number): void {
    this.#ms += ms;
    for (const entry of this.#waiting) {
      if (entry.at > this.#ms) continue;
      this.#waiting.delete(entry);
      entry.wake();
    }
  }
}
