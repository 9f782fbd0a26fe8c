/** Locks in memory: first come, first served. A test may break a lock to see what its owner does. */

import { deferred } from "../../core/base/deferred.ts";
import { GaitError } from "../../core/base/errors.ts";
import type { HeldLock, LockOptions, Locks } from "../../core/ports/locks.ts";

/** Locks in memory with a way to break them. */
export interface MemoryLocks extends Locks {
  /** Paths whose owner has lost its lock without knowing. */
  readonly broken: Set<string>;
  /** Paths that somebody else holds for good. */
  readonly foreign: Set<string>;
  /** Options of every acquisition. */
  readonly taken: LockOptions[];
}

/** Makes locks. */
export function memoryLocks(_now?: () => bigint): MemoryLocks {
  const lines = new Map<string, Promise<void>>();
  const broken = new Set<string>();
  const foreign = new Set<string>();
  const taken: LockOptions[] = [];
  return {
    broken,
    foreign,
    taken,
    async withLock<T>(path: string, options: LockOptions, work: (lock: HeldLock) => Promise<T>) {
      taken.push(options);
      const before = lines.get(path);
      const { promise, resolve } = deferred<void>();
      lines.set(path, before === undefined ? promise : before.then(() => promise));
      await before;
      try {
        if (foreign.has(path)) {
          throw new GaitError("state_contention", `Cannot lock ${path}: another program holds it`, {
            details: { path, waited_ms: options.waitMs, attempts: 1 },
          });
        }
        return await work({
          confirm: () =>
            new Promise<void>((done, fail) => {
              if (!broken.has(path)) return done();
              fail(new GaitError("lock_lost", `Cannot go on with ${path}: it was taken over`));
            }),
        });
      } finally {
        resolve();
      }
    },
  };
}
