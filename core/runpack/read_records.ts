/**
 * Records of a runpack as found in its members (spec 01 §8). Absent and `null` members take their empty
 * value, as every reader of older packs does; a member of the wrong type is refused.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { printable } from "../base/printable.ts";
import type {
  CommonMembers,
  IntentRecord,
  Receipt,
  RefsRecord,
  ResultRecord,
  RunRecord,
  TimelineEvent,
} from "./model.ts";

/** Something that is not of its kind. */
function violation(message: string): GaitError {
  return new GaitError("record_invalid", `Cannot read a record: ${message}`);
}

function object(value: JsonValue | undefined, name: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw violation(`${name} is not an object`);
  return value;
}

function text(record: JsonObject, name: string): string {
  const value = Object.hasOwn(record, name) ? record[name] : "";
  if (value === null) return "";
  if (typeof value !== "string") throw violation(`${printable(name)} is not a text`);
  return value;
}

function list(record: JsonObject, name: string): readonly JsonValue[] | null {
  const value = Object.hasOwn(record, name) ? record[name] : null;
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) throw violation(`${printable(name)} is not a list`);
  return value;
}

/** A member that stands only when it is not empty. */
function optional<K extends string>(record: JsonObject, name: K): { [key in K]?: JsonObject } {
  const value = object(Object.hasOwn(record, name) ? record[name] : undefined, name);
  if (Object.keys(value).length === 0) return {};
  // A computed key has the type of an index; it is the one name.
  return { [name]: value } as { [key in K]?: JsonObject };
}

function common(record: JsonObject): CommonMembers {
  return {
    created_at: text(record, "created_at"),
    producer_version: text(record, "producer_version"),
    run_id: text(record, "run_id"),
    schema_id: text(record, "schema_id"),
    schema_version: text(record, "schema_version"),
  };
}

/** A record must be an object; `null` reads as an empty one. */
function record(value: JsonValue): JsonObject {
  return object(value, "it");
}

/**
 * Reads one line of `intents.jsonl`.
 *
 * @throws GaitError `record_invalid`
 */
export function readIntent(value: JsonValue): IntentRecord {
  const from = record(value);
  return {
    ...common(from),
    ...optional(from, "args"),
    args_digest: text(from, "args_digest"),
    intent_id: text(from, "intent_id"),
    tool_name: text(from, "tool_name"),
  };
}

/**
 * Reads one line of `results.jsonl`.
 *
 * @throws GaitError `record_invalid`
 */
export function readResult(value: JsonValue): ResultRecord {
  const from = record(value);
  return {
    ...common(from),
    ...optional(from, "result"),
    intent_id: text(from, "intent_id"),
    result_digest: text(from, "result_digest"),
    status: text(from, "status"),
  };
}

function readReceipt(value: JsonValue): Receipt {
  const from = record(value);
  const label = text(from, "sensitivity_label");
  return {
    content_digest: text(from, "content_digest"),
    query_digest: text(from, "query_digest"),
    redaction_mode: text(from, "redaction_mode"),
    ref_id: text(from, "ref_id"),
    ...optional(from, "retrieval_params"),
    retrieved_at: text(from, "retrieved_at"),
    ...(label === "" ? {} : { sensitivity_label: label }),
    source_locator: text(from, "source_locator"),
    source_type: text(from, "source_type"),
  };
}

/**
 * Reads `refs.json`.
 *
 * @throws GaitError `record_invalid`
 */
export function readRefs(value: JsonValue): RefsRecord {
  const from = record(value);
  return { ...common(from), receipts: (list(from, "receipts") ?? []).map(readReceipt) };
}

function readEvent(value: JsonValue): TimelineEvent {
  const from = record(value);
  const ref = text(from, "ref");
  return { event: text(from, "event"), ...(ref === "" ? {} : { ref }), ts: text(from, "ts") };
}

/**
 * Reads `run.json`.
 *
 * @throws GaitError `record_invalid`
 */
export function readRun(value: JsonValue): RunRecord {
  const from = record(value);
  const env = object(Object.hasOwn(from, "env") ? from.env : undefined, "env");
  return {
    ...common(from),
    env: { arch: text(env, "arch"), os: text(env, "os"), runtime: text(env, "runtime") },
    timeline: list(from, "timeline")?.map(readEvent) ?? null,
  };
}

/** Members that a record of each kind may have; others are unknown to this version. */
const COMMON = ["created_at", "producer_version", "run_id", "schema_id", "schema_version"];

/** Names of all members of each kind of record. */
export const RECORD_MEMBERS: Readonly<Record<"intent" | "result" | "refs" | "run", Set<string>>> = {
  intent: new Set([...COMMON, "args", "args_digest", "intent_id", "tool_name"]),
  result: new Set([...COMMON, "intent_id", "result", "result_digest", "status"]),
  refs: new Set([...COMMON, "receipts"]),
  run: new Set([...COMMON, "env", "timeline"]),
};
