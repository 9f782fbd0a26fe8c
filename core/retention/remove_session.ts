/**
 * Removing a session as a whole, while nobody can append to it (divergence S10).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { sessionLockOptions } from "../journal/lock_settings.ts";
import type { Ports } from "../ports/ports.ts";
import { lockPath } from "../session/session_paths.ts";
import type { Unit } from "./unit.ts";

/**
 * Removes a session under its lock; one that has come to life meanwhile stays.
 *
 * @param unit Files of the session; its path is the journal's.
 * @param idleMs A session without appends for this long is not live, ms.
 * @returns Whether it is gone.
 */
export async function removeSession(
  unit: Unit,
  idleMs: number,
  ports: Pick<Ports, "files" | "locks" | "clock" | "env">,
): Promise<boolean> {
  const options = { ...sessionLockOptions(ports.env), waitMs: 0 };
  try {
    return await ports.locks.withLock(lockPath(unit.path), options, async (lock) => {
      const now = Number(ports.clock.now() / 1_000_000n);
      const modified = (await ports.files.stat(unit.path))?.modifiedMs;
      if (modified !== undefined && modified !== unit.modifiedMs && modified >= now - idleMs) {
        return false;
      }
      for (const file of unit.files.toReversed()) {
        await lock.confirm();
        await ports.files.remove(file.path);
      }
      return true;
    });
  } catch (error) {
    // Somebody works on it: it is live.
    if (error instanceof GaitError && error.code === "state_contention") return false;
    throw error;
  }
}
