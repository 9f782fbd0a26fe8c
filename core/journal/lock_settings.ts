/**
 * How long to wait for the lock of a session: profile and variables (spec 03 §8.3).
 *
 * @module
 */

import { parseDuration } from "../base/duration.ts";
import { lower, trim } from "../base/text_rules.ts";
import type { Env } from "../ports/env.ts";
import type { LockOptions } from "../ports/locks.ts";

/** Values of one profile, ms. */
interface ProfileValues {
  readonly waitMs: number;
  readonly retryMs: number;
  readonly staleMs: number;
}

const MINUTE_MS = 60_000;
const STANDARD: ProfileValues = { waitMs: 2_000, retryMs: 50, staleMs: 5 * MINUTE_MS };
const SWARM: ProfileValues = { waitMs: 10_000, retryMs: 20, staleMs: 10 * MINUTE_MS };

/** Variables that this module reads, for permissions. */
export const SESSION_LOCK_VARIABLES: readonly string[] = [
  "GAIT_SESSION_LOCK_PROFILE",
  "GAIT_SESSION_LOCK_TIMEOUT",
  "GAIT_SESSION_LOCK_RETRY",
  "GAIT_SESSION_LOCK_STALE_AFTER",
];

/** A duration from a variable, ms: the profile's when unset or unreadable, the standard one when not positive. */
function duration(
  text: string | undefined,
  values: { readonly profile: number; readonly standard: number },
): number {
  const parsed = text === undefined ? undefined : parseDuration(trim(text));
  if (parsed === undefined) return values.profile;
  const ms = Number(parsed) / 1e6;
  return ms <= 0 ? values.standard : ms;
}

/**
 * Options for the lock of a session.
 *
 * @param env Read at each acquisition.
 */
export function sessionLockOptions(env: Env): LockOptions {
  const swarm = lower(trim(env.get("GAIT_SESSION_LOCK_PROFILE") ?? "")) === "swarm";
  const profile = swarm ? SWARM : STANDARD;
  const read = (name: string, key: keyof ProfileValues) =>
    duration(env.get(name), { profile: profile[key], standard: STANDARD[key] });
  const waitMs = read("GAIT_SESSION_LOCK_TIMEOUT", "waitMs");
  return {
    style: "session",
    profile: swarm ? "swarm" : "standard",
    waitMs,
    retryMs: Math.min(read("GAIT_SESSION_LOCK_RETRY", "retryMs"), waitMs),
    staleMs: read("GAIT_SESSION_LOCK_STALE_AFTER", "staleMs"),
  };
}
