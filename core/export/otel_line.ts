/**
 * The OTel-style record of a decision as the reference writes it (spec 04 §6.2): one flat object, keys
 * sorted, not OTLP. Its times are integers beyond 2^53, so the line is put together as text.
 *
 * @module
 */

import { encodeJsonRecord } from "../base/json_text.ts";
import { parseTimestamp } from "../base/instant.ts";
import type { DecisionEvent } from "./decision_event.ts";

/** Body of every decision. */
export const DECISION_BODY = "gait.mcp.proxy.decision";
/** Body of a decision that was not delivered. */
export const WITHDRAWN_BODY = "gait.mcp.proxy.decision_withdrawn";

/** Nanoseconds since the epoch, decimal digits; times come from our own records. */
export function unixNano(time: string): string {
  return String(parseTimestamp(time)?.instant ?? 0n);
}

/** Joins members whose values are JSON texts. */
function objectText(members: readonly (readonly [name: string, json: string])[]): string {
  return `{${members.map(([name, json]) => `"${name}":${json}`).join(",")}}`;
}

/** Attributes of a decision: all of them, empty when unset. */
function attributes(event: DecisionEvent): Record<string, unknown> {
  return {
    "gait.delegation_depth": event.delegation_depth,
    "gait.delegation_ref": event.delegation_ref,
    "gait.event_id": event.event_id,
    "gait.intent_digest": event.intent_digest,
    "gait.policy_digest": event.policy_digest,
    "gait.reason_codes": event.reason_codes,
    "gait.run_id": event.run_id,
    "gait.session_id": event.session_id,
    "gait.tool_name": event.tool_name,
    "gait.trace_path": event.trace_path,
    "gait.verdict": event.verdict,
  };
}

/** The record around attributes and body. */
function recordText(event: DecisionEvent, body: string, fields: Record<string, unknown>): string {
  return objectText([
    ["attributes", encodeJsonRecord(fields)],
    ["body", encodeJsonRecord(body)],
    ["event_id", encodeJsonRecord(event.event_id)],
    ["observed_at", encodeJsonRecord(event.observed_at)],
    ["observed_time_unix_nano", unixNano(event.observed_at)],
    ["severity_text", encodeJsonRecord("INFO")],
    ["time_unix_nano", unixNano(event.created_at)],
    ["trace_id", encodeJsonRecord(event.trace_id)],
  ]);
}

/** One line without its line end. */
export function otelLine(event: DecisionEvent): string {
  return recordText(event, DECISION_BODY, attributes(event));
}

/** The line that takes a decision back. */
export function withdrawnOtelLine(event: DecisionEvent): string {
  const fields = { "gait.event_id": event.event_id, "gait.run_id": event.run_id };
  return recordText(event, WITHDRAWN_BODY, fields);
}
