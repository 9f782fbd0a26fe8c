/**
 * What the evidence thread has in hand. Leaving a sync to another thread of the runtime wakes two threads for
 * every batch, which costs more than the sync; it pays only where something else can be done meanwhile.
 *
 * @module
 */

import type { EvidenceTask } from "./messages.ts";

/** Tasks under way. */
export class WorkInHand {
  #writes = 0;
  #appends = 0;

  /** Whether there is one batch of files and nothing else. */
  get isOneWrite(): boolean {
    return this.#writes === 1 && this.#appends === 0;
  }

  /** Whether there is one batch of events and nothing else. Its files are synced at the same time. */
  get isOneAppend(): boolean {
    return this.#appends === 1 && this.#writes === 0;
  }

  /** Does a task; it is in hand until it is done. */
  async during<T>(kind: EvidenceTask["kind"], work: () => Promise<T>): Promise<T> {
    this.#count(kind, 1);
    try {
      return await work();
    } finally {
      this.#count(kind, -1);
    }
  }

  /** Other kinds are rare, and may be held up for one sync. */
  #count(kind: EvidenceTask["kind"], by: number): void {
    if (kind === "write") this.#writes += by;
    if (kind === "append") this.#appends += by;
  }
}
