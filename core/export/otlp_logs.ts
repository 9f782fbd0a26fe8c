/**
 * Decisions as OTLP log records in the JSON encoding of the protocol (opentelemetry-proto
 * `ExportLogsServiceRequest`): 64-bit integers are decimal texts, ids of OTel traces are left out because a
 * gait trace id has 12 bytes, not 16. The time of a record is when it was decided (divergence W9).
 *
 * Clients choose some of the texts: they are cut, so that a record has a size, and made well-formed, because
 * one lone surrogate would make a receiver refuse the whole request.
 *
 * @module
 */

import { type Bytes, concatBytes, utf8 } from "../base/bytes.ts";
import { type Instant, parseTimestamp } from "../base/instant.ts";
import { LIMITS } from "../base/limits.ts";
import type { DecisionEvent } from "./decision_event.ts";
import { DECISION_BODY } from "./otel_line.ts";

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
  /** Nanoseconds since the epoch, decimal digits; absent when unknown. */
  readonly timeUnixNano?: string;
  readonly observedTimeUnixNano?: string;
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

/** Who sends. */
export interface OtlpProducer {
  /** Version of this build. */
  readonly version: string;
}

/** `SEVERITY_NUMBER_INFO` and `SEVERITY_NUMBER_WARN` of the protocol. */
const INFO = 9;
const WARN = 13;

/** Largest `fixed64`. */
const MAX_NANOS = 2n ** 64n - 1n;

/** A time of the protocol; `undefined` for what it cannot say: 0 means "unknown", and there is nothing below. */
function nanos(instant: Instant | undefined): string | undefined {
  if (instant === undefined || instant <= 0n || instant > MAX_NANOS) return undefined;
  return String(instant);
}

/** A text of bounded length that every UTF-8 encoder takes. */
function bounded(text: string, units: number): string {
  return text.slice(0, units).toWellFormed();
}

/** An attribute unless it is empty. */
function attribute(key: string, value: string | number | readonly string[]): OtlpAttribute[] {
  if (typeof value === "number") return [{ key, value: { intValue: String(value) } }];
  if (typeof value === "string") {
    const stringValue = bounded(value, LIMITS.otlpTextUnits);
    return value === "" ? [] : [{ key, value: { stringValue } }];
  }
  if (value.length === 0) return [];
  const values = value.slice(0, LIMITS.otlpListTexts)
    .map((text) => ({ stringValue: bounded(text, LIMITS.otlpListTextUnits) }));
  return [{ key, value: { arrayValue: { values } } }];
}

/** Members of a decision that become attributes, in their order. */
const MEMBERS = [
  "created_at",
  "delegation_depth",
  "delegation_ref",
  "event_id",
  "intent_digest",
  "policy_digest",
  "reason_codes",
  "run_id",
  "session_id",
  "tool_name",
  "trace_id",
  "trace_path",
  "verdict",
] as const satisfies readonly (keyof DecisionEvent)[];

/** Whether an attribute does not hold all of a value. */
function isCut(value: string | number | readonly string[]): boolean {
  if (typeof value === "number") return false;
  if (typeof value === "string") return value.length > LIMITS.otlpTextUnits;
  return value.length > LIMITS.otlpListTexts ||
    value.some((text) => text.length > LIMITS.otlpListTextUnits);
}

/** Attributes of a decision; `gait.cut` names those that are not complete. */
function attributes(event: DecisionEvent): OtlpAttribute[] {
  const names = MEMBERS.map((name) => [name, `gait.${name}`] as const);
  const cut = names.filter(([name]) => isCut(event[name])).map(([, key]) => key);
  return [
    ...names.flatMap(([name, key]) => attribute(key, event[name])),
    ...attribute("gait.cut", cut),
  ];
}

/**
 * One decision as a log record.
 *
 * @param options `seenAt` stands in for a time of the decision that the protocol cannot say.
 */
export function otlpLogRecord(
  event: DecisionEvent,
  options: { readonly seenAt?: Instant } = {},
): OtlpLogRecord {
  const stopped = event.verdict === "block" || event.verdict === "require_approval";
  const time = nanos(parseTimestamp(event.observed_at)?.instant);
  const observed = time ?? nanos(options.seenAt);
  return {
    ...(time !== undefined && { timeUnixNano: time }),
    ...(observed !== undefined && { observedTimeUnixNano: observed }),
    severityNumber: stopped ? WARN : INFO,
    severityText: stopped ? "WARN" : "INFO",
    eventName: DECISION_BODY,
    body: { stringValue: DECISION_BODY },
    attributes: attributes(event),
  };
}

/** A batch of records of one producer. */
export function otlpLogsRequest(
  logRecords: readonly OtlpLogRecord[],
  { version }: OtlpProducer,
): OtlpLogsRequest {
  return {
    resourceLogs: [{
      resource: {
        attributes: [
          ...attribute("service.name", "gait"),
          ...attribute("service.version", version),
        ],
      },
      scopeLogs: [{ scope: { name: "gait.mcp", version }, logRecords }],
    }],
  };
}

/** A record as its text in a request. */
export function otlpRecordBytes(record: OtlpLogRecord): Bytes {
  return utf8(JSON.stringify(record));
}

/** Puts requests together from records that are text already. */
export interface OtlpEnvelope {
  /** Bytes around the records, each of which costs one more for the comma. */
  readonly size: number;
  /** The text of {@linkcode otlpLogsRequest}. */
  fill(records: readonly Bytes[]): Bytes;
}

/** The envelope of a producer. */
export function otlpEnvelope(producer: OtlpProducer): OtlpEnvelope {
  const empty = JSON.stringify(otlpLogsRequest([], producer));
  const end = empty.lastIndexOf("]}]}]}");
  const head = utf8(empty.slice(0, end));
  const tail = utf8(empty.slice(end));
  const comma = utf8(",");
  return {
    size: head.length + tail.length,
    fill(records) {
      const parts = records.flatMap((record, at) => at === 0 ? [record] : [comma, record]);
      return concatBytes([head, ...parts, tail]);
    },
  };
}
