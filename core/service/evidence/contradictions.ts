/**
 * Contradictions of events whose calls were refused after all (divergence W6): a journal that goes on saying
 * `allow` would be wrong, so each one is appended again and again until it is there.
 *
 * @module
 */

import { toGaitError } from "../../base/errors.ts";

/** Appends one contradiction. */
export type Contradiction = () => Promise<unknown>;

/** Failures after which the next try can work; with any other one, the journal is gone or of no use. */
const PASSING: ReadonlySet<string> = new Set([
  "evidence_unavailable",
  "io_failure",
  "lock_lost",
  "state_contention",
]);

/** Contradictions that are owed. */
export class Contradictions {
  readonly #owed = new Set<Contradiction>();
  /** Those of them that are being appended. */
  readonly #running = new Set<Contradiction>();
  readonly #failed: (error: unknown, isLast: boolean) => void;

  /** @param failed Hears why one could not be appended; `isLast` when it is given up. */
  constructor(failed: (error: unknown, isLast: boolean) => void) {
    this.#failed = failed;
  }

  /** Whether there are none. */
  get isEmpty(): boolean {
    return this.#owed.size === 0;
  }

  /** Appends one now, or later when that fails. */
  add(contradiction: Contradiction): void {
    this.#owed.add(contradiction);
    void this.#try(contradiction);
  }

  /** Tries those again that failed. */
  retry(): void {
    for (const contradiction of this.#owed) {
      if (!this.#running.has(contradiction)) void this.#try(contradiction);
    }
  }

  async #try(contradiction: Contradiction): Promise<void> {
    this.#running.add(contradiction);
    try {
      await contradiction();
      this.#owed.delete(contradiction);
    } catch (error) {
      const isLast = !PASSING.has(toGaitError(error).code);
      if (isLast) this.#owed.delete(contradiction);
      this.#failed(error, isLast);
    } finally {
      this.#running.delete(contradiction);
    }
  }
}
