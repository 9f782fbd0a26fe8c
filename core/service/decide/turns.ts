/**
 * How many requests are worked on at once (divergence W7): a bounded number has its turn, a bounded number
 * waits, and the rest is told to come back later.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";

/** Bounds. */
export interface TurnLimits {
  /** Requests at the same time. */
  readonly concurrency: number;
  /** Requests that wait. */
  readonly queue: number;
}

/** Hands out turns, first come, first served. */
export class Turns {
  readonly #limits: TurnLimits;
  readonly #waiting: (() => void)[] = [];
  #active = 0;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Requests that have their turn. */
  get active(): number {
    return this.#active;
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether no new request is taken. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Takes no new requests; those that have or await their turn still get it. */
  close(): void {
    this.#closed = true;
  }

  /** Resolves when no request has or awaits its turn. */
  async idle(): Promise<void> {
    if (this.#active === 0) return;
    await new Promise<void>((resolve) => void this.#idle.push(resolve));
  }

  /**
   * Runs `work` when its turn has come.
   *
   * @throws GaitError `service_busy` when too many wait already, or after {@linkcode Turns.close}
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new GaitError("service_busy", "the service is shutting down");
    if (this.#active < this.#limits.concurrency) this.#active++;
    else await this.#queue();
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  async #queue(): Promise<void> {
    if (this.#waiting.length >= this.#limits.queue) {
      throw new GaitError("service_busy", "too many requests are waiting");
    }
    await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  #release(): void {
    // The turn passes on directly, so that nobody who comes between gets ahead of the queue.
    const next = this.#waiting.shift();
    if (next !== undefined) return next();
    this.#active--;
    if (this.#active > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }
}
