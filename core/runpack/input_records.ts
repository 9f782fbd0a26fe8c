/**
 * The records that a producer hands in, decoded (spec 01 §8.2 to §8.5).
 *
 * @module
 */

import { ZERO_TIME } from "../base/instant.ts";
import type { JsonObject, JsonValue } from "../base/json_value.ts";
import { isSha256HexAnyCase } from "../digest/hex.ts";
import { sha256HexOfText } from "../digest/running_sha256.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import {
  type CommonMembers,
  type IntentRecord,
  type Receipt,
  type ResultRecord,
  RUN_ID_MAX_LENGTH,
  RUN_ID_PATTERN,
  type RunEnvironment,
  RUNPACK_SCHEMA_VERSION,
  SCHEMA_ID,
  type TimelineEvent,
} from "./model.ts";
import {
  type InputObject,
  inputObject,
  listMember,
  objectMember,
  refuse,
  type ReportFinding,
  reportUnknown,
  requiredText,
  textMember,
  timeMember,
  timeOr,
} from "./run_input.ts";

/** What every record of a run takes from it. */
export interface RunHead {
  readonly created_at: string;
  readonly producer_version: string;
  readonly run_id: string;
  readonly env: RunEnvironment;
}

/** What a run takes from its recorder. */
export interface RunDefaults {
  /** Time of recording, RFC 3339. */
  readonly created_at: string;
  readonly producer_version: string;
  readonly env: RunEnvironment;
  /** Overrides every run id; "" for none. */
  readonly run_id: string;
}

/** How calls and results are decoded. */
export interface DecodeOptions {
  readonly head: RunHead;
  /** Every record belongs to the run, whatever run id it names. */
  readonly overrideRunId: boolean;
  /** Compute digests that are absent. */
  readonly fillDigests: boolean;
  /** Drop `args` and `result` after digesting (divergence E7). */
  readonly dropContent: boolean;
  readonly report: ReportFinding;
}

const COMMON = ["created_at", "producer_version", "run_id", "schema_id", "schema_version"];
/** `type` names the kind of a line and is no member of the record. */
const INTENT = new Set([...COMMON, "args", "args_digest", "intent_id", "tool_name", "type"]);
const RESULT = new Set([...COMMON, "intent_id", "result", "result_digest", "status", "type"]);
const RUN = new Set([...COMMON, "env", "timeline", "type", "capture_mode"]);
const ENV = new Set(["arch", "os", "runtime"]);
const EVENT = new Set(["event", "ref", "ts", "type"]);
const RECEIPT = new Set([
  "content_digest",
  "query_digest",
  "redaction_mode",
  "ref_id",
  "retrieval_params",
  "retrieved_at",
  "sensitivity_label",
  "source_locator",
  "source_type",
  "type",
]);

/**
 * Checks that a run id may become part of a file name (spec 01 §8.7, divergence E8).
 *
 * @throws GaitError `schema_violation`
 */
export function checkRunId(id: string, path = "run.run_id"): string {
  if (id.trim() === "") throw refuse(path, "it is missing");
  if (id.length > RUN_ID_MAX_LENGTH || !RUN_ID_PATTERN.test(id)) {
    throw refuse(path, "it must be run_ and letters, digits, _ or -, at most 160 characters");
  }
  return id;
}

/** A constant that may be given but not changed. */
function checkConstant(from: InputObject, name: string, value: string): void {
  const text = textMember(from, name);
  if (text !== "" && text !== value) throw refuse(`${from.path}.${name}`, `it must be ${value}`);
}

/** Members that every record has. */
function common(from: InputObject, schemaId: string, options: DecodeOptions): CommonMembers {
  const { head } = options;
  checkConstant(from, "schema_id", schemaId);
  checkConstant(from, "schema_version", RUNPACK_SCHEMA_VERSION);
  if (!options.overrideRunId) checkConstant(from, "run_id", head.run_id);
  return {
    created_at: timeOr(from, "created_at", head.created_at),
    producer_version: textMember(from, "producer_version") || head.producer_version,
    run_id: head.run_id,
    schema_id: schemaId,
    schema_version: RUNPACK_SCHEMA_VERSION,
  };
}

/** The digest of a content: as given, checked where the content is there. */
function digestMember(
  from: InputObject,
  name: string,
  options: { readonly content: JsonObject | undefined; readonly fill: boolean },
): string {
  const digest = textMember(from, name);
  const path = `${from.path}.${name}`;
  const { content } = options;
  if (digest === "" && options.fill) return sha256HexOfText(canonicalize(content ?? {}));
  if (!isSha256HexAnyCase(digest)) from.report({ code: "digest_not_hex", path });
  else if (content !== undefined) {
    const actual = sha256HexOfText(canonicalize(content));
    if (actual !== digest.toLowerCase()) from.report({ code: "digest_mismatch", path });
  }
  return digest;
}

/** A digest without content beside it. */
function plainDigest(from: InputObject, name: string): string {
  return digestMember(from, name, { content: undefined, fill: false });
}

/**
 * Decodes one call.
 *
 * @param value The record as handed in; `null` is an empty one.
 * @param path Its place, for messages.
 * @throws GaitError `schema_violation` for wrong types, times, and ids of another run or kind
 */
export function decodeIntent(value: JsonValue, path: string, options: DecodeOptions): IntentRecord {
  const from = inputObject(value, { path, report: options.report });
  reportUnknown(from, INTENT);
  const args = objectMember(from, "args");
  const args_digest = digestMember(from, "args_digest", {
    content: args,
    fill: options.fillDigests,
  });
  return {
    ...(args === undefined || options.dropContent ? {} : { args }),
    args_digest,
    intent_id: requiredText(from, "intent_id"),
    tool_name: requiredText(from, "tool_name"),
    ...common(from, SCHEMA_ID.intent, options),
  };
}

/**
 * Decodes one result.
 *
 * @param value The record as handed in; `null` is an empty one.
 * @param path Its place, for messages.
 * @throws GaitError `schema_violation` as {@linkcode decodeIntent} does
 */
export function decodeResult(value: JsonValue, path: string, options: DecodeOptions): ResultRecord {
  const from = inputObject(value, { path, report: options.report });
  reportUnknown(from, RESULT);
  const result = objectMember(from, "result");
  const status = textMember(from, "status");
  if (status !== "ok" && status !== "error") {
    from.report({ code: "status_not_listed", path: `${path}.status` });
  }
  const result_digest = digestMember(from, "result_digest", {
    content: result,
    fill: options.fillDigests,
  });
  return {
    intent_id: requiredText(from, "intent_id"),
    ...(result === undefined || options.dropContent ? {} : { result }),
    result_digest,
    status,
    ...common(from, SCHEMA_ID.result, options),
  };
}

/** Decodes one receipt. @throws GaitError `schema_violation` */
export function decodeReceipt(value: JsonValue, path: string, report: ReportFinding): Receipt {
  const from = inputObject(value, { path, report });
  reportUnknown(from, RECEIPT);
  const params = objectMember(from, "retrieval_params");
  const label = textMember(from, "sensitivity_label");
  return {
    content_digest: plainDigest(from, "content_digest"),
    query_digest: plainDigest(from, "query_digest"),
    redaction_mode: textMember(from, "redaction_mode"),
    ref_id: requiredText(from, "ref_id"),
    ...(params === undefined ? {} : { retrieval_params: params }),
    retrieved_at: timeMember(from, "retrieved_at") ?? ZERO_TIME,
    ...(label === "" ? {} : { sensitivity_label: label }),
    source_locator: textMember(from, "source_locator"),
    source_type: textMember(from, "source_type"),
  };
}

/** Decodes one event. @throws GaitError `schema_violation` */
export function decodeEvent(value: JsonValue, path: string, report: ReportFinding): TimelineEvent {
  const from = inputObject(value, { path, report });
  reportUnknown(from, EVENT);
  const ref = textMember(from, "ref");
  return {
    event: textMember(from, "event"),
    ...(ref === "" ? {} : { ref }),
    ts: timeMember(from, "ts") ?? ZERO_TIME,
  };
}

/** Common members of `refs.json`. @throws GaitError `schema_violation` */
export function decodeRefsHead(
  value: JsonValue,
  path: string,
  options: DecodeOptions,
): CommonMembers {
  const from = inputObject(value, { path, report: options.report });
  reportUnknown(from, new Set([...COMMON, "receipts"]));
  return common(from, SCHEMA_ID.refs, options);
}

/** The run itself and its events so far. */
export interface DecodedRun {
  readonly head: RunHead;
  /** `null` when the input has no timeline. */
  readonly events: readonly TimelineEvent[] | null;
  /** As given, trimmed; "" when absent. */
  readonly captureMode: string;
}

/** Where the run took place; absent members are those of the recorder. */
function decodeEnv(from: InputObject, defaults: RunEnvironment): RunEnvironment {
  const env: InputObject = {
    value: objectMember(from, "env") ?? {},
    path: `${from.path}.env`,
    report: from.report,
  };
  reportUnknown(env, ENV);
  return {
    arch: textMember(env, "arch") || defaults.arch,
    os: textMember(env, "os") || defaults.os,
    runtime: textMember(env, "runtime") || defaults.runtime,
  };
}

/**
 * Decodes the run.
 *
 * @param value The record as handed in; `null` is an empty one.
 * @param defaults What absent members are.
 * @throws GaitError `schema_violation` for wrong types and times, and for a run id that is no name
 */
export function decodeRun(
  value: JsonValue,
  defaults: RunDefaults,
  report: ReportFinding,
): DecodedRun {
  const from = inputObject(value, { path: "run", report });
  reportUnknown(from, RUN);
  checkConstant(from, "schema_id", SCHEMA_ID.run);
  checkConstant(from, "schema_version", RUNPACK_SCHEMA_VERSION);
  const events = listMember(from, "timeline");
  const given = textMember(from, "run_id");
  return {
    head: {
      created_at: timeOr(from, "created_at", defaults.created_at),
      producer_version: textMember(from, "producer_version") || defaults.producer_version,
      run_id: checkRunId(defaults.run_id || given),
      env: decodeEnv(from, defaults.env),
    },
    events: events?.map((event, i) => decodeEvent(event, `run.timeline[${i}]`, report)) ?? null,
    captureMode: textMember(from, "capture_mode").trim(),
  };
}
