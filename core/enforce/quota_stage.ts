/**
 * Rate limits of the matched rule (spec 02 §8, divergence G9): counted under a lock, before any approval.
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { LIMITS } from "../base/limits.ts";
import type { NormalizedIntent } from "../intent/intent.ts";
import type { Rule } from "../policy/policy.ts";
import type { Ports } from "../ports/ports.ts";
import { admit, type QuotaOutcome } from "../quota/admit.ts";
import {
  EMPTY_RATE_LIMIT_STATE,
  encodeRateLimitState,
  type RateLimitState,
  readRateLimitState,
} from "../quota/state.ts";
import { amend, type Draft } from "./draft.ts";

type QuotaPorts = Pick<Ports, "files" | "locks" | "clock">;

/** What is counted where. */
export interface QuotaRequest {
  readonly rule: Rule | undefined;
  readonly intent: NormalizedIntent;
  /** State file. */
  readonly statePath: string;
  /** A simulated call looks but does not count (divergence G7). */
  readonly simulate: boolean;
}

/** The draft after counting, and the count. */
export interface QuotaStage {
  readonly draft: Draft;
  readonly quota: QuotaOutcome | undefined;
}

/** Reads the state; a missing file is an empty state, a corrupt one an error. */
export async function readState(
  path: string,
  ports: Pick<Ports, "files">,
): Promise<RateLimitState> {
  if (await ports.files.stat(path) === undefined) return EMPTY_RATE_LIMIT_STATE;
  const data = await ports.files.read(path, { maxBytes: LIMITS.stateBytes });
  return readRateLimitState(new TextDecoder().decode(data), { source: path });
}

/** Counts one call. */
async function count(request: QuotaRequest, rule: Rule, ports: QuotaPorts): Promise<QuotaOutcome> {
  const state = await readState(request.statePath, ports);
  const { tool_name: tool, context } = request.intent;
  const outcome = admit(state, {
    rate_limit: rule.rate_limit,
    tool,
    identity: context.identity,
    now: ports.clock.now(),
  });
  if (outcome.kind === "admitted" && !request.simulate) {
    await ports.files.replace(request.statePath, utf8(encodeRateLimitState(outcome.state)));
  }
  return outcome;
}

/**
 * Applies the quota of the matched rule.
 *
 * @throws GaitError `state_contention`, or what reading a corrupt state throws
 */
export async function applyQuota(
  draft: Draft,
  request: QuotaRequest,
  ports: QuotaPorts,
): Promise<QuotaStage> {
  const { rule } = request;
  if (rule === undefined || rule.rate_limit.requests <= 0) return { draft, quota: undefined };
  const lock = { waitMs: LIMITS.lockWaitMs, staleMs: LIMITS.lockStaleMs };
  const quota = request.simulate ? await count(request, rule, ports) : await ports.locks.withLock(
    `${request.statePath}.lock`,
    lock,
    () => count(request, rule, ports),
  );
  if (quota.kind !== "limited") return { draft, quota };
  const code = "rate_limit_exceeded";
  return { draft: amend(draft, { verdict: "block", reasons: [code], violations: [code] }), quota };
}
