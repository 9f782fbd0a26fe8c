/**
 * Lock files over Node (spec 02 §8, spec 03 §8, divergences S3 and S4). Callers of one process stand in line;
 * processes try again after short, jittered pauses.
 *
 * @module
 */

import { dirname } from "node:path";
import { deferred } from "../../core/base/deferred.ts";
import { GaitError } from "../../core/base/errors.ts";
import type { HeldLock, LockOptions, Locks } from "../../core/ports/locks.ts";
import type { Holder } from "../_lock_terms.ts";
import { confirmLock, createLock, judgeLock, type OwnLock, releaseLock } from "./_lock_file.ts";
import { nodeClock } from "./clock.ts";
import { fileError } from "./errors.ts";
import { makeDirectory } from "./fs.ts";
import { process } from "./_process.ts";

/** Longest pause between two looks, ms. */
const DEFAULT_RETRY_MS = 10;

/** Callers of this process by lock path: they line up in memory first. */
const inside = new Map<string, Promise<void>>();

/** The error of a wait that took too long (divergence S4). */
function contention(
  path: string,
  facts: {
    readonly options: LockOptions;
    readonly waitedMs: number;
    readonly attempts: number;
    readonly holder: Holder | undefined;
  },
): GaitError {
  const { options, holder } = facts;
  const own = holder?.pid === process.pid;
  const who = holder?.pid === undefined ? "another program" : `process ${holder.pid}`;
  const state = own ? "this process holds it already" : `${who} holds it`;
  return new GaitError("state_contention", `Cannot lock ${path}: ${state}`, {
    details: {
      path,
      waited_ms: Math.round(facts.waitedMs),
      attempts: facts.attempts,
      timeout_ms: options.waitMs,
      ...(options.profile !== undefined && { profile: options.profile }),
      ...(holder !== undefined && { holder }),
    },
  });
}

/** Takes a lock between processes. */
async function acquire(path: string, options: LockOptions, began: number): Promise<OwnLock> {
  const style = options.style ?? "rate_limit";
  const longest = Math.max(1, options.retryMs ?? DEFAULT_RETRY_MS);
  let holder: Holder | undefined;
  for (let attempts = 1;; attempts++) {
    const own = createLock(path, style);
    if (own !== undefined) return own;
    const verdict = judgeLock(path, { style, staleMs: options.staleMs });
    if (verdict.kind === "held") holder = verdict.holder;
    const waitedMs = nodeClock.monotonic() - began;
    const left = options.waitMs - waitedMs;
    if (left <= 0) throw contention(path, { options, waitedMs, attempts, holder });
    // What was just found free is tried again at once.
    const pause = verdict.kind === "free" ? 0 : longest * (0.25 + 0.75 * Math.random());
    await nodeClock.sleep(Math.min(pause, left));
  }
}

/** A place in the line of this process. */
interface Place {
  readonly before: Promise<void> | undefined;
  leave(): void;
}

/** Joins the line of this process. */
function joinLine(path: string): Place {
  const before = inside.get(path);
  const { promise: mine, resolve: release } = deferred<void>();
  const chained = before === undefined ? mine : before.then(() => mine);
  inside.set(path, chained);
  return {
    before,
    leave() {
      release();
      if (inside.get(path) === chained) inside.delete(path);
    },
  };
}

/** Waits for the callers of this process that came before. */
async function waitForTurn(path: string, place: Place, options: LockOptions): Promise<void> {
  if (place.before === undefined) return;
  const late = new AbortController();
  const timeout = nodeClock.sleep(options.waitMs, late.signal).then(() => "late", () => "stopped");
  const winner = await Promise.race([place.before.then(() => "turn"), timeout]);
  late.abort();
  if (winner === "turn") return;
  const holder = { pid: process.pid, alive: true };
  throw contention(path, { options, waitedMs: options.waitMs, attempts: 1, holder });
}

/** Takes the lock, in our own words when that fails. */
async function take(path: string, options: LockOptions, began: number): Promise<OwnLock> {
  try {
    makeDirectory(dirname(path));
    return await acquire(path, options, began);
  } catch (error) {
    throw fileError(error, "lock", path);
  }
}

/** Locks of the host. */
export const nodeLocks: Locks = {
  async withLock<T>(
    path: string,
    options: LockOptions,
    work: (lock: HeldLock) => Promise<T>,
  ): Promise<T> {
    const began = nodeClock.monotonic();
    const place = joinLine(path);
    try {
      await waitForTurn(path, place, options);
      const own = await take(path, options, began);
      try {
        return await work({ confirm: () => new Promise((done) => done(confirmLock(own))) });
      } finally {
        releaseLock(own);
      }
    } finally {
      place.leave();
    }
  },
};
