/**
 * Decisions as OTLP log records in the JSON encoding of the protocol (opentelemetry-proto
 * `ExportLogsServiceRequest`): 64-bit integers are decimal texts, ids of OTel traces are left out because a
 * gait trace id has 12 bytes, not 16. The time of a record is when it was decided (divergence W9).
 *
 * @module
 */

import type { DecisionEvent } from "./decision_event.ts";
import { DECISION_BODY, unixNano } from "./otel_line.ts";

/** A value in OTLP. */
export type OtlpValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly arrayValue: { readonly values: readonly OtlpValue[] } };

/** A named value. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** One log record. */
export interface OtlpLogRecord {
  /** Nanoseconds since the epoch, decimal digits. */
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: OtlpValue;
  readonly attributes: readonly OtlpAttribute[];
}

/** What is sent to `/v1/logs`. */
export interface OtlpLogsRequest {
  readonly resourceLogs: readonly [{
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeLogs: readonly [{
      readonly scope: { readonly name: string; readonly version: string };
      readonly logRecords: readonly OtlpLogRecord[];
    }];
  }];
}

/** `SEVERITY_NUMBER_INFO` and `SEVERITY_NUMBER_WARN` of the protocol. */
const INFO = 9;
const WARN = 13;

/** An attribute unless it is empty. */
function attribute(key: string, value: string | number | readonly string[]): OtlpAttribute[] {
  if (typeof value === "number") return [{ key, value: { intValue: String(value) } }];
  if (typeof value === "string") {
    return value === "" ? [] : [{ key, value: { stringValue: value } }];
  }
  if (value.length === 0) return [];
  return [{
    key,
    value: { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } },
  }];
}

/** One decision as a log record. */
export function otlpLogRecord(event: DecisionEvent): OtlpLogRecord {
  const stopped = event.verdict === "block" || event.verdict === "require_approval";
  const time = unixNano(event.observed_at);
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: stopped ? WARN : INFO,
    severityText: stopped ? "WARN" : "INFO",
    eventName: DECISION_BODY,
    body: { stringValue: DECISION_BODY },
    attributes: [
      ...attribute("gait.created_at", event.created_at),
      ...attribute("gait.delegation_depth", event.delegation_depth),
      ...attribute("gait.delegation_ref", event.delegation_ref),
      ...attribute("gait.event_id", event.event_id),
      ...attribute("gait.intent_digest", event.intent_digest),
      ...attribute("gait.policy_digest", event.policy_digest),
      ...attribute("gait.reason_codes", event.reason_codes),
      ...attribute("gait.run_id", event.run_id),
      ...attribute("gait.session_id", event.session_id),
      ...attribute("gait.tool_name", event.tool_name),
      ...attribute("gait.trace_id", event.trace_id),
      ...attribute("gait.trace_path", event.trace_path),
      ...attribute("gait.verdict", event.verdict),
    ],
  };
}

/** A batch of decisions of one producer. */
export function otlpLogsRequest(
  events: readonly DecisionEvent[],
  producer: { readonly version: string },
): OtlpLogsRequest {
  return {
    resourceLogs: [{
      resource: {
        attributes: [
          ...attribute("service.name", "gait"),
          ...attribute("service.version", producer.version),
        ],
      },
      scopeLogs: [{
        scope: { name: "gait.mcp", version: producer.version },
        logRecords: events.map(otlpLogRecord),
      }],
    }],
  };
}
