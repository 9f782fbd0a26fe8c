/**
 * The answer to an evaluate request (spec 04 §3.2): the reference's members in the reference's order, ours
 * behind them.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Profile } from "../enforce/request.ts";
import type { CallOutcome, CallWarning } from "../mcp/call_request.ts";
import { outcomeMembers } from "../mcp/outcome_members.ts";
import type { Verdict } from "../policy/policy.ts";

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

/** Members that stand in front of `warnings`, in the reference's order. */
const REFERENCE_MEMBERS: readonly string[] = [
  "ok",
  "executed",
  "adapter",
  "run_id",
  "session_id",
  "tool_name",
  "verdict",
  "reason_codes",
  "violations",
  "policy_digest",
  "intent_digest",
  "trace_id",
  "trace_path",
  "runpack_path",
  "log_export",
  "otel_export",
];

/** Whether a member is left out; `executed` is always said. */
function isEmpty(key: string, value: unknown): boolean {
  if (key === "executed") return false;
  return value === undefined || value === "" || value === 0 || value === false ||
    (Array.isArray(value) && value.length === 0);
}

/** Members of an object that say something. */
function filled(members: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(members).filter(([key, value]) => !isEmpty(key, value));
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
export function decisionBody(outcome: CallOutcome, context: BodyContext): Record<string, unknown> {
  const { verdict } = outcome.record.outcome;
  const warnings = [...context.standing, ...outcome.warnings, ...context.afterwards];
  const members: Record<string, unknown> = { ...outcomeMembers(outcome) };
  if (context.spelledTrace !== undefined) members.trace_path = context.spelledTrace;
  if (context.spelledRunpack !== undefined) members.runpack_path = context.spelledRunpack;
  const ours = filled(members);
  return Object.fromEntries([
    ...ours.filter(([key]) => REFERENCE_MEMBERS.includes(key)),
    ...filled({ warnings: warnings.map(({ message }) => message) }),
    ["exit_code", exitCode(verdict, context.profile)],
    ...ours.filter(([key]) => !REFERENCE_MEMBERS.includes(key)),
    ...filled({ warning_details: warnings }),
  ]);
}
