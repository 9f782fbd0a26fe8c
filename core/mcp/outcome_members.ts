/**
 * The answer about a call, as both drivers give it (spec 04 §1.4, §3.2).
 *
 * @module
 */

import { evidenceMembers } from "../enforce/evidence_members.ts";
import type { CallOutcome } from "./call_request.ts";

/** Members of an answer in the order of the wire; values may be empty, drivers leave those out. */
export interface OutcomeMembers {
  readonly ok: true;
  /** The caller enforces: nothing was executed. */
  readonly executed: false;
  readonly [member: string]: unknown;
}

/** The members that the reference's answers have, too. */
export function referenceMembers(outcome: CallOutcome): OutcomeMembers {
  const { record } = outcome;
  const { outcome: decided, event } = record;
  return {
    ok: true,
    executed: false,
    adapter: outcome.adapterLabel,
    run_id: record.runId,
    session_id: record.sessionId,
    tool_name: record.intent.tool_name,
    verdict: decided.verdict,
    reason_codes: decided.reason_codes,
    violations: decided.violations,
    policy_digest: outcome.policyDigest,
    intent_digest: decided.intentDigest,
    trace_id: event.trace_id,
    trace_path: decided.tracePath,
    runpack_path: outcome.runpackPath,
    log_export: outcome.exports.log_export,
    otel_export: outcome.exports.otel_export,
  };
}

/** Our own members, which stand behind those of the reference. */
export function addedMembers(outcome: CallOutcome): Readonly<Record<string, unknown>> {
  const { record } = outcome;
  const { outcome: decided, event } = record;
  return {
    event_id: event.event_id,
    observed_at: event.observed_at,
    raw_call_digest: outcome.rawCallDigest,
    matched_rule: decided.decision.rule?.name,
    ignored_members: record.call.ignoredMembers,
    ...evidenceMembers(decided),
  };
}

/** All members of an answer. */
export function outcomeMembers(outcome: CallOutcome): OutcomeMembers {
  return { ...referenceMembers(outcome), ...addedMembers(outcome) };
}
