/** Locks between processes as a port. */

/** How to take a lock. */
export interface LockOptions {
  /** Longest wait, ms. */
  readonly waitMs: number;
  /** Age at which a lock without a living owner is taken over, ms. */
  readonly staleMs: number;
}

/** Mutual exclusion over a lock file. */
export interface Locks {
  /**
   * Runs `work` while holding the lock file at `path`; parents are created.
   *
   * @throws GaitError `state_contention` with `path`, `waited_ms`, `attempts`, `holder` in `details`
   */
  withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T>;
}
