/**
 * The log record of a decision (spec 04 §6.1), with the time and id that order events (divergence W9).
 *
 * @module
 */

import { encodeJsonRecord } from "../base/json_text.ts";
import type { DecisionEvent } from "./decision_event.ts";

/** A member unless it is empty. */
function optional(name: string, value: string | number | readonly string[]) {
  const empty = value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
  return empty ? {} : { [name]: value };
}

/** One line without its line end; members as the reference orders them, ours behind. */
export function logLine(event: DecisionEvent): string {
  return encodeJsonRecord({
    created_at: event.created_at,
    producer_version: event.producer_version,
    run_id: event.run_id,
    ...optional("session_id", event.session_id),
    trace_id: event.trace_id,
    ...optional("trace_path", event.trace_path),
    tool_name: event.tool_name,
    verdict: event.verdict,
    ...optional("reason_codes", event.reason_codes),
    policy_digest: event.policy_digest,
    intent_digest: event.intent_digest,
    ...optional("delegation_ref", event.delegation_ref),
    ...optional("delegation_depth", event.delegation_depth),
    observed_at: event.observed_at,
    event_id: event.event_id,
  });
}

/** The line that takes a decision back: it names the event and carries no verdict to count. */
export function withdrawnLogLine(event: DecisionEvent): string {
  return encodeJsonRecord({
    created_at: event.created_at,
    producer_version: event.producer_version,
    run_id: event.run_id,
    trace_id: event.trace_id,
    observed_at: event.observed_at,
    event_id: event.event_id,
    withdrawn: true,
  });
}
