/**
 * Group commit: callers that come while a commit is going on share the next one, so that many appends pay for
 * one sync. No timer is involved: waiting for company would cost more than it saves.
 *
 * @module
 */

import { type Deferred, deferred } from "../base/deferred.ts";

/** How one item of a batch ended. */
export type Outcome<Result> =
  | { readonly ok: true; readonly value: Result }
  | { readonly ok: false; readonly error: unknown };

/** One waiting item. */
interface Waiting<Item, Result> {
  readonly item: Item;
  settle(outcome: Outcome<Result>): void;
}

/** Most items of one round, unless the caller says otherwise. */
const MAX_BATCH = 1024;

/** Items that are committed together. */
export interface Round<Item, Result> {
  readonly items: readonly Item[];
  /** Tells every caller how its item ended; one outcome for each item, in order. */
  settle(outcomes: readonly Outcome<Result>[]): void;
}

/** Items that come while a commit is going on. */
export interface Following<Item, Result> {
  /** Takes those that wait now; `undefined` when none does. */
  take(): Round<Item, Result> | undefined;
  /** Resolves when some wait. */
  arrival(): Promise<void>;
}

/**
 * Commits a round. It may take up what follows while it is at it; a round that it took and did not settle has
 * failed.
 */
export type Commit<Item, Result> = (
  first: Round<Item, Result>,
  following: Following<Item, Result>,
) => Promise<void>;

/** A commit that takes every round by itself. */
export function eachRound<Item, Result>(
  commit: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>,
): Commit<Item, Result> {
  return async (round) => round.settle(await commit(round.items));
}

/** Collects items into rounds that are committed one after the other. */
export class GroupCommit<Item, Result> {
  readonly #commit: Commit<Item, Result>;
  readonly #maxBatch: number;
  #waiting: Waiting<Item, Result>[] = [];
  #running = false;
  #arrival: Deferred<void> | undefined;
  #drained: Promise<void> = Promise.resolve();

  /** @param options Most items of one round, 1024 when absent. */
  constructor(commit: Commit<Item, Result>, options: { readonly maxBatch?: number } = {}) {
    this.#commit = commit;
    this.#maxBatch = options.maxBatch ?? MAX_BATCH;
  }

  /** Hands an item in and waits until its round is committed. */
  submit(item: Item): Promise<Result> {
    const { promise, resolve, reject } = deferred<Result>();
    this.#waiting.push({
      item,
      settle: (outcome) => outcome.ok ? resolve(outcome.value) : reject(outcome.error),
    });
    this.#arrival?.resolve();
    if (!this.#running) {
      this.#running = true;
      // A turn later, so that callers of the same turn are in the first round already.
      this.#drained = Promise.resolve().then(() => this.#drain());
    }
    return promise;
  }

  /** Resolves when nothing is committed any more, and what commits held is free. */
  idle(): Promise<void> {
    return this.#drained;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#run();
    this.#running = false;
  }

  /** Takes what waits; its callers are kept in `open` until they are told. */
  #take(open: Set<Waiting<Item, Result>>): Round<Item, Result> | undefined {
    const taken = this.#waiting.splice(0, this.#maxBatch);
    if (taken.length === 0) return undefined;
    for (const waiting of taken) open.add(waiting);
    return {
      items: taken.map(({ item }) => item),
      settle(outcomes) {
        taken.forEach((waiting, i) => {
          const outcome = outcomes[i];
          if (outcome !== undefined && open.delete(waiting)) waiting.settle(outcome);
        });
      },
    };
  }

  async #arrived(): Promise<void> {
    if (this.#waiting.length > 0) return;
    this.#arrival = deferred();
    await this.#arrival.promise;
  }

  async #run(): Promise<void> {
    const open = new Set<Waiting<Item, Result>>();
    const first = this.#take(open);
    if (first === undefined) return;
    let error: unknown;
    try {
      const following = { take: () => this.#take(open), arrival: () => this.#arrived() };
      await this.#commit(first, following);
      error = new TypeError("Cannot settle an item: the commit gave no outcome for it");
    } catch (thrown) {
      error = thrown;
    }
    for (const { settle } of open) settle({ ok: false, error });
  }
}
