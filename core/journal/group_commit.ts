/**
 * Group commit: callers that come while a commit is going on share the next one, so that many appends pay for
 * one sync. No timer is involved: waiting for company would cost more than it saves.
 *
 * @module
 */

import { deferred } from "../base/deferred.ts";

/** How one item of a batch ended. */
export type Outcome<Result> =
  | { readonly ok: true; readonly value: Result }
  | { readonly ok: false; readonly error: unknown };

/** One waiting item. */
interface Waiting<Item, Result> {
  readonly item: Item;
  settle(outcome: Outcome<Result>): void;
}

/** Collects items into batches that run one after the other. */
export class GroupCommit<Item, Result> {
  readonly #commit: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>;
  readonly #maxBatch: number;
  #waiting: Waiting<Item, Result>[] = [];
  #running = false;

  /**
   * @param commit Commits a batch; one outcome for each item, in order.
   * @param options Most items of one batch.
   */
  constructor(
    commit: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>,
    options: { readonly maxBatch: number },
  ) {
    this.#commit = commit;
    this.#maxBatch = options.maxBatch;
  }

  /** Hands an item in and waits until its batch is committed. */
  submit(item: Item): Promise<Result> {
    const { promise, resolve, reject } = deferred<Result>();
    this.#waiting.push({
      item,
      settle: (outcome) => outcome.ok ? resolve(outcome.value) : reject(outcome.error),
    });
    if (!this.#running) {
      this.#running = true;
      // A turn later, so that callers of the same turn are in the first batch already.
      queueMicrotask(() => void this.#drain());
    }
    return promise;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#maxBatch);
      await this.#runBatch(batch);
    }
    this.#running = false;
  }

  async #runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.#commit(batch.map(({ item }) => item));
      batch.forEach(({ settle }, i) => {
        const missing = new TypeError("Cannot settle an item: the commit gave no outcome for it");
        settle(outcomes[i] ?? { ok: false, error: missing });
      });
    } catch (error) {
      for (const { settle } of batch) settle({ ok: false, error });
    }
  }
}
