/**
 * The answer to an evaluate request (spec 04 §3.2): the reference's members in the reference's order, ours
 * behind them.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import type { Profile } from "../../enforce/request.ts";
import type { CallOutcome, CallWarning } from "../../mcp/call_request.ts";
import { type OutcomeMembers, outcomeMembers } from "../../mcp/outcome_members.ts";
import type { Verdict } from "../../policy/policy.ts";

/** How verdicts become HTTP statuses. */
export type VerdictStatus = "compat" | "strict";

const STRICT: Readonly<Record<Verdict, number>> = {
  allow: 200,
  block: 403,
  require_approval: 409,
  dry_run: 409,
};
const EXITS: Readonly<Record<Verdict, number>> = {
  allow: 0,
  block: 3,
  require_approval: 4,
  dry_run: 0,
};

/**
 * Status of a decision: 2xx for what the table knows only, so that a verdict of the future can never be taken
 * for an allow (divergence W5).
 *
 * @throws GaitError `internal_failure`
 */
export function verdictStatus(verdict: string, mode: VerdictStatus): number {
  if (!Object.hasOwn(STRICT, verdict)) {
    throw new GaitError("internal_failure", `Cannot report verdict ${JSON.stringify(verdict)}`);
  }
  return mode === "strict" ? STRICT[verdict as Verdict] : 200;
}

/** Exit code that a CLI would have ended with; in `oss-prod` only an allow is 0 (divergence C2). */
function exitCode(verdict: Verdict, profile: Profile): number {
  return profile === "oss-prod" && verdict === "dry_run" ? EXITS.block : EXITS[verdict];
}

/** What the answer needs besides the outcome. */
export interface BodyContext {
  readonly profile: Profile;
  /** Path of the trace as the client spelled it, or `undefined` for the service's own name. */
  readonly spelledTrace: string | undefined;
  readonly spelledRunpack: string | undefined;
  /** Warnings about the setup, in front of those of the call. */
  readonly standing: readonly CallWarning[];
  /** Warnings about what the service did afterwards, behind them. */
  readonly afterwards: readonly CallWarning[];
}

/** Builds the object. */
export function decisionBody(outcome: CallOutcome, context: BodyContext): OutcomeMembers {
  const { spelledTrace, spelledRunpack, profile } = context;
  return outcomeMembers(outcome, {
    spelledTrace,
    spelledRunpack,
    warnings: [...context.standing, ...outcome.warnings, ...context.afterwards],
    exitCode: exitCode(outcome.record.outcome.verdict, profile),
  });
}
