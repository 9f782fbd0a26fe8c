/**
 * Lock files over Deno (spec 02 §8, spec 03 §8, divergences S3 and S4): the file is created with its content
 * in one step, an OS lock is held on it while its owner lives, and waiters stand in line.
 *
 * @module
 */

import { GaitError } from "../core/base/errors.ts";
import type { HeldLock, LockOptions, Locks, LockStyle } from "../core/ports/locks.ts";
import {
  confirmLock,
  createLock,
  type Holder,
  judgeLock,
  type OwnLock,
  releaseLock,
} from "./_lock_file.ts";
import { hasQueue, joinQueue, leaveQueue, type Ticket, waitersBefore } from "./_lock_queue.ts";
import { denoClock } from "./deno_clock.ts";
import { fileError } from "./errors.ts";
import { directoryOf } from "./paths.ts";

/** How long a free lock may stay untaken before a waiter takes it out of turn, ms. */
const IDLE_MS = 25;
/** Longest and shortest pause between two looks, ms. */
const DEFAULT_RETRY_MS = 10;
const MIN_PAUSE_MS = 1;

/** Callers of this process by lock path: they line up in memory first. */
const inside = new Map<string, Promise<void>>();

/** One attempt to take a lock, while it goes on. */
interface Wait {
  readonly path: string;
  readonly options: LockOptions;
  readonly style: LockStyle;
  readonly began: number;
  attempts: number;
  holder: Holder | undefined;
  /** Since when the lock was seen free although somebody else is first in line. */
  freeSince: number | undefined;
}

/** Takes the lock if it is free or its owner is gone. */
function take(wait: Wait): OwnLock | undefined {
  wait.attempts++;
  const { path, style, options } = wait;
  const own = createLock(path, style);
  if (own !== undefined) return own;
  const verdict = judgeLock(path, { style, staleMs: options.staleMs });
  if (verdict.kind === "free") return createLock(path, style);
  wait.holder = verdict.holder;
  return undefined;
}

/** Whether a path names nothing. */
function isAbsent(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

/** Whether the first in line seems asleep: the lock lies free and nobody takes it. */
function firstSleeps(wait: Wait): boolean {
  if (!isAbsent(wait.path)) {
    wait.freeSince = undefined;
    return false;
  }
  const now = denoClock.monotonic();
  wait.freeSince ??= now;
  return now - wait.freeSince >= IDLE_MS;
}

/** The error of a wait that took too long (divergence S4). */
function contention(wait: Wait): GaitError {
  const { path, options, holder, attempts } = wait;
  const waited = Math.round(denoClock.monotonic() - wait.began);
  const who = holder?.pid === undefined ? "another program" : `process ${holder.pid}`;
  return new GaitError("state_contention", `Cannot lock ${path}: ${who} holds it`, {
    details: {
      path,
      waited_ms: waited,
      attempts,
      timeout_ms: options.waitMs,
      ...(options.profile !== undefined && { profile: options.profile }),
      ...(holder !== undefined && { holder }),
    },
  });
}

/** Waits before the next look: briefly when next in line, longer further back, never past the limit. */
async function pause(wait: Wait, ahead: number): Promise<void> {
  const left = wait.options.waitMs - (denoClock.monotonic() - wait.began);
  if (left <= 0) throw contention(wait);
  const longest = Math.max(MIN_PAUSE_MS, wait.options.retryMs ?? DEFAULT_RETRY_MS);
  const base = Math.min(longest, MIN_PAUSE_MS + ahead);
  await denoClock.sleep(Math.min(base * (0.5 + Math.random() / 2), left));
}

/** Waits in line for the lock. */
async function waitInLine(wait: Wait, ticket: Ticket | undefined): Promise<OwnLock> {
  try {
    for (;;) {
      const ahead = ticket === undefined ? 0 : waitersBefore(ticket);
      const own = ahead === 0 || firstSleeps(wait) ? take(wait) : undefined;
      if (own !== undefined) return own;
      await pause(wait, ahead);
    }
  } finally {
    if (ticket !== undefined) leaveQueue(ticket);
  }
}

/** Takes a lock between processes. */
async function acquire(path: string, options: LockOptions, began: number): Promise<OwnLock> {
  const style = options.style ?? "rate_limit";
  const wait: Wait = {
    path,
    options,
    style,
    began,
    attempts: 0,
    holder: undefined,
    freeSince: undefined,
  };
  try {
    const own = hasQueue(path) ? undefined : take(wait);
    return own ?? await waitInLine(wait, joinQueue(path));
  } catch (error) {
    throw fileError(error, "lock", path);
  }
}

/** Waits for the callers of this process that came before. */
async function lineUp(path: string, options: LockOptions): Promise<() => void> {
  const before = inside.get(path);
  const { promise: mine, resolve: release } = Promise.withResolvers<void>();
  const chained = before === undefined ? mine : before.then(() => mine);
  inside.set(path, chained);
  function leave(): void {
    release();
    if (inside.get(path) === chained) inside.delete(path);
  }
  if (before === undefined) return leave;
  const late = new AbortController();
  const timeout = denoClock.sleep(options.waitMs, late.signal).then(() => "late", () => "stopped");
  const winner = await Promise.race([before.then(() => "turn"), timeout]);
  late.abort();
  if (winner === "turn") return leave;
  leave();
  throw new GaitError("state_contention", `Cannot lock ${path}: this process holds it already`, {
    details: {
      path,
      waited_ms: options.waitMs,
      attempts: 1,
      timeout_ms: options.waitMs,
      holder: { pid: Deno.pid, alive: true },
    },
  });
}

/** Locks of the host. */
export const denoLocks: Locks = {
  async withLock<T>(
    path: string,
    options: LockOptions,
    work: (lock: HeldLock) => Promise<T>,
  ): Promise<T> {
    const began = denoClock.monotonic();
    const leave = await lineUp(path, options);
    try {
      try {
        Deno.mkdirSync(directoryOf(path), { recursive: true, mode: 0o750 });
      } catch (error) {
        throw fileError(error, "lock", path);
      }
      const own = await acquire(path, options, began);
      try {
        return await work({ confirm: () => new Promise((done) => done(confirmLock(own))) });
      } finally {
        releaseLock(own);
      }
    } finally {
      leave();
    }
  },
};
