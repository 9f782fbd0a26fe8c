/**
 * What the evidence thread has in hand: with one batch and nothing else, it may as well wait for the disk.
 *
 * @module
 */

import type { EvidenceTask } from "./messages.ts";

/** Tasks under way. */
export class WorkInHand {
  #batches = 0;

  /** Whether there is one batch of files or events, and nothing else. */
  get isOneBatch(): boolean {
    return this.#batches === 1;
  }

  /** Does a task; it is in hand until it is done. */
  async during<T>(kind: EvidenceTask["kind"], work: () => Promise<T>): Promise<T> {
    // Other kinds are rare, and may be held up for one sync.
    const counts = kind === "write" || kind === "append" ? 1 : 0;
    this.#batches += counts;
    try {
      return await work();
    } finally {
      this.#batches -= counts;
    }
  }
}
