/**
 * The answer about a call, as both drivers give it (spec 04 §1.4, §3.2).
 *
 * @module
 */

import { orAbsent } from "../base/or_absent.ts";
import { evidenceMembers } from "../enforce/evidence_members.ts";
import type { CallOutcome, CallWarning } from "./call_request.ts";

/** Members in the order of the wire; what says nothing is `undefined`. */
export interface OutcomeMembers {
  readonly ok: true;
  /** The caller enforces: nothing was executed. */
  readonly executed: false;
  readonly [member: string]: unknown;
}

/** What a driver adds to the outcome. */
export interface AnswerContext {
  /** Paths as the client spelled them, where it named them. */
  readonly spelledTrace?: string | undefined;
  readonly spelledRunpack?: string | undefined;
  readonly warnings?: readonly CallWarning[];
  /** Exit code that a command would have ended with. */
  readonly exitCode?: number;
}

/**
 * The members of an answer: the reference's in the reference's order, ours behind them. In one piece, and not put
 * together from parts: every call pays for it.
 */
export function outcomeMembers(outcome: CallOutcome, context: AnswerContext = {}): OutcomeMembers {
  const { record, exports } = outcome;
  const { outcome: decided, event } = record;
  const { warnings = [] } = context;
  return {
    ok: true,
    executed: false,
    adapter: orAbsent(outcome.adapterLabel),
    run_id: orAbsent(record.runId),
    session_id: orAbsent(record.sessionId),
    tool_name: orAbsent(record.intent.tool_name),
    verdict: decided.verdict,
    reason_codes: orAbsent(decided.reason_codes),
    violations: orAbsent(decided.violations),
    policy_digest: orAbsent(outcome.policyDigest),
    intent_digest: orAbsent(decided.intentDigest),
    trace_id: orAbsent(event.trace_id),
    trace_path: orAbsent(context.spelledTrace ?? decided.tracePath),
    runpack_path: orAbsent(context.spelledRunpack ?? outcome.runpackPath),
    log_export: orAbsent(exports.log_export),
    otel_export: orAbsent(exports.otel_export),
    warnings: orAbsent(warnings.map(({ message }) => message)),
    // 0 says something, too.
    exit_code: context.exitCode,
    event_id: orAbsent(event.event_id),
    observed_at: orAbsent(event.observed_at),
    raw_call_digest: orAbsent(outcome.rawCallDigest),
    matched_rule: orAbsent(decided.decision.rule?.name),
    ignored_members: orAbsent(record.call.ignoredMembers),
    ...evidenceMembers(decided),
    warning_details: orAbsent(warnings),
  };
}
