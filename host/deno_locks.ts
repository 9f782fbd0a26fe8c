/**
 * Lock files over Deno (spec 02 §8, divergence S3): the file is created with its content in one step,
 * an OS lock is held on it while its owner lives, and a taker must win that lock on the very inode that
 * the path names.
 *
 * @module
 */

import { toHex, utf8 } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";
import { formatInstant } from "../core/base/instant.ts";
import type { LockOptions, Locks } from "../core/ports/locks.ts";
import { denoClock } from "./deno_clock.ts";
import { fileError } from "./errors.ts";
import { directoryOf } from "./paths.ts";

/** A lock that this process holds. */
interface Held {
  readonly file: Deno.FsFile;
  readonly ino: number | null;
}

/** Content of a lock file: one JSON line, as the reference writes it. */
function lockText(): string {
  const created = formatInstant(denoClock.now());
  return `{"schema_id":"gait.gate.rate_limit_lock","schema_version":"1.0.0","pid":${Deno.pid},"created_at":"${created}"}\n`;
}

/** Tries to create the lock file; `undefined` when somebody else has it. */
function tryCreate(path: string): Held | undefined {
  const temporary = `${path}.${toHex(crypto.getRandomValues(new Uint8Array(6)))}`;
  const file = Deno.openSync(temporary, { write: true, read: true, createNew: true, mode: 0o600 });
  try {
    file.writeSync(utf8(lockText()));
    // Taken before the name appears, so that nobody ever sees a living owner without its OS lock.
    file.tryLockSync(true);
    Deno.linkSync(temporary, path);
    return { file, ino: file.statSync().ino };
  } catch (error) {
    file.close();
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  } finally {
    Deno.removeSync(temporary);
  }
}

/** Removes a lock file whose owner is gone; `true` when the path is free to try again. */
function removeAbandoned(path: string, staleMs: number): boolean {
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    if (!file.tryLockSync(true)) return false;
    const handle = file.statSync();
    const named = Deno.lstatSync(path);
    if (named.ino !== handle.ino || named.dev !== handle.dev) return true;
    // Locks of programs that hold no OS lock are judged by age.
    const age = Date.now() - (handle.mtime?.getTime() ?? 0);
    if (age < staleMs) return false;
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

/** Releases a lock, unless somebody replaced its file. */
function release(path: string, held: Held): void {
  try {
    if (Deno.lstatSync(path).ino === held.ino) Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  } finally {
    held.file.close();
  }
}

/** Waits for a lock. */
async function acquire(path: string, options: LockOptions): Promise<Held> {
  const began = denoClock.monotonic();
  for (let attempts = 1;; attempts++) {
    const held = tryCreate(path) ??
      (removeAbandoned(path, options.staleMs) ? tryCreate(path) : undefined);
    if (held !== undefined) return held;
    const waited = denoClock.monotonic() - began;
    if (waited >= options.waitMs) {
      throw new GaitError("state_contention", `Cannot lock ${path}: another process holds it`, {
        details: { path, waited_ms: Math.round(waited), attempts },
      });
    }
    await denoClock.sleep(Math.min(5 + Math.random() * 10, options.waitMs - waited + 1));
  }
}

/** Locks of the host. */
export const denoLocks: Locks = {
  async withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
    let held: Held;
    try {
      await Deno.mkdir(directoryOf(path), { recursive: true, mode: 0o750 });
      held = await acquire(path, options);
    } catch (error) {
      throw fileError(error, "lock", path);
    }
    try {
      return await work();
    } finally {
      release(path, held);
    }
  },
};
