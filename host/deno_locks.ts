/**
 * Lock files over Deno (spec 02 §8, spec 03 §8, divergences S3 and S4): the file is created with its content
 * in one step, an OS lock is held on it while its owner lives, and waiters stand in line.
 *
 * @module
 */

import { deferred } from "../core/base/deferred.ts";
import { GaitError } from "../core/base/errors.ts";
import type { HeldLock, LockOptions, Locks, LockStyle } from "../core/ports/locks.ts";
import type { Holder } from "./_lock_terms.ts";
import {
  confirmLock,
  createLock,
  judgeLock,
  type OwnLock,
  releaseLock,
  sweepLeftovers,
} from "./_lock_file.ts";
import { hasQueue, joinQueue, leaveQueue, type Ticket, waitersBefore } from "./_lock_queue.ts";
import { denoClock } from "./deno_clock.ts";
import { fileError } from "./errors.ts";
import { directoryOf } from "./paths.ts";

/** How long a free lock may stay untaken before a waiter takes it out of turn, ms. */
const IDLE_MS = 25;
/** Pause of the first in line, ms. */
const FIRST_PAUSE_MS = 1;
/** What each waiter before adds: looking more often would cost the others more than it saves, ms. */
const TURN_MS = 2.5;
/** Longest pause in line, and pause of a waiter without a place in line, ms. */
const MAX_PAUSE_MS = 200;
const DEFAULT_RETRY_MS = 10;
/** How often a waiter looks whether the holder still lives, ms. */
const JUDGE_MS = 10;

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
  /** When the holder was last looked at, ms on the monotonic clock. */
  judgedAt: number;
  /** Since when the lock lies free while the same one is first in line. */
  freeSince: { readonly at: number; readonly first: string } | undefined;
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

/** Takes the lock if it is free or its owner is gone. */
function take(wait: Wait): OwnLock | undefined {
  wait.attempts++;
  const { path, style, options } = wait;
  if (isAbsent(path)) return createLock(path, style);
  const now = denoClock.monotonic();
  if (now - wait.judgedAt < JUDGE_MS) return undefined;
  wait.judgedAt = now;
  const verdict = judgeLock(path, { style, staleMs: options.staleMs });
  if (verdict.kind === "held") {
    wait.holder = verdict.holder;
    return undefined;
  }
  const own = createLock(path, style);
  // Somebody died here: what it left half done is in nobody's way, but it would pile up.
  if (own !== undefined && verdict.abandoned) sweepLeftovers(path);
  return own;
}

/** Whether the first in line seems asleep: the lock lies free and it does not take it. */
function firstSleeps(wait: Wait, first: string): boolean {
  if (!isAbsent(wait.path)) {
    wait.freeSince = undefined;
    return false;
  }
  const now = denoClock.monotonic();
  if (wait.freeSince?.first !== first) wait.freeSince = { at: now, first };
  return now - wait.freeSince.at >= IDLE_MS;
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
async function pause(wait: Wait, longest: number): Promise<void> {
  const left = wait.options.waitMs - (denoClock.monotonic() - wait.began);
  if (left <= 0) throw contention(wait);
  await denoClock.sleep(Math.min(longest * (0.5 + Math.random() / 2), left));
}

/** Waits without a place in line, where there can be no line. */
async function waitAlone(wait: Wait): Promise<OwnLock> {
  for (;;) {
    const own = take(wait);
    if (own !== undefined) return own;
    await pause(wait, wait.options.retryMs ?? DEFAULT_RETRY_MS);
  }
}

/** Waits in line for the lock. */
async function waitInLine(wait: Wait, ticket: Ticket): Promise<OwnLock> {
  try {
    for (;;) {
      const { count, first } = waitersBefore(ticket);
      const own = count === 0 || firstSleeps(wait, first) ? take(wait) : undefined;
      if (own !== undefined) return own;
      await pause(wait, Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS + TURN_MS * count));
    }
  } finally {
    leaveQueue(ticket);
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
    judgedAt: -JUDGE_MS,
    freeSince: undefined,
  };
  try {
    const own = hasQueue(path) ? undefined : take(wait);
    if (own !== undefined) return own;
    const ticket = joinQueue(path);
    return ticket === undefined ? await waitAlone(wait) : await waitInLine(wait, ticket);
  } catch (error) {
    throw fileError(error, "lock", path);
  }
}

/** Waits for the callers of this process that came before. */
async function lineUp(path: string, options: LockOptions): Promise<() => void> {
  const before = inside.get(path);
  const { promise: mine, resolve: release } = deferred<void>();
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
