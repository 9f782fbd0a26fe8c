/** Locks between processes as a port. */

/** How to take a lock. */
export interface LockOptions {
  /** Longest wait, ms; waiting behind callers of this process counts. */
  readonly waitMs: number;
  /** Age at which a lock of a program that holds no OS lock is taken over, ms. */
  readonly staleMs: number;
  /** Longest pause between two attempts, ms; each pause is jittered. */
  readonly retryMs?: number;
  /** Which content the lock file gets; `rate_limit` when absent (spec 02 §8, spec 03 §8.1). */
  readonly style?: LockStyle;
  /** Name of the wait profile, for diagnostics only. */
  readonly profile?: string;
}

/** Who else reads the lock file: each family has its own content. */
export type LockStyle = "rate_limit" | "session" | "append";

/** A lock while it is held. */
export interface HeldLock {
  /**
   * Makes sure that the lock file is still ours, and renews its `created_at` when it grows old, because
   * programs without OS locks judge by it. Called right before each write (divergence S3).
   *
   * @throws GaitError `lock_lost`
   */
  confirm(): Promise<void>;
}

/** Mutual exclusion over a lock file. */
export interface Locks {
  /**
   * Runs `work` while holding the lock file at `path`; parents are created.
   *
   * @throws GaitError `state_contention` with `path`, `waited_ms`, `attempts`, `holder` in `details`
   */
  withLock<T>(
    path: string,
    options: LockOptions,
    work: (lock: HeldLock) => Promise<T>,
  ): Promise<T>;
}
