/**
 * The request object of the evaluate routes (spec 04 §3.1): exact names, no duplicates, no unknown members
 * (divergences P1, P2), nothing that a digest would cover differently from what the client wrote (P5, P6).
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/json_value.ts";
import { LIMITS } from "../../base/limits.ts";
import { type CallSupplement, SUPPLEMENT_MEMBERS } from "../../mcp/call_request.ts";
import { parseJson } from "../../text/json.ts";

/** A decoded request; texts as they were spelled, "" when absent. */
export interface EvaluateBody {
  readonly call: JsonObject;
  readonly adapter: string;
  readonly run_id: string;
  readonly session_id: string;
  readonly session_journal: string;
  readonly checkpoint_interval: number;
  readonly trace_path: string;
  readonly runpack_out: string;
  readonly emit_runpack: boolean;
  /** Tokens as JSON objects, inline (paths are forbidden). */
  readonly approval_tokens: readonly JsonObject[];
  readonly delegation_tokens: readonly JsonObject[];
  /** What a call of a foreign adapter cannot carry; absent members are absent. */
  readonly supplement: CallSupplement;
}

const TEXTS = [
  "adapter",
  "run_id",
  "session_id",
  "session_journal",
  "trace_path",
  "runpack_out",
] as const;
const KNOWN: ReadonlySet<string> = new Set([
  "call",
  "checkpoint_interval",
  "emit_runpack",
  "approval_tokens",
  "delegation_tokens",
  ...TEXTS,
  ...SUPPLEMENT_MEMBERS,
]);

/** A refusal that names the member. */
function refuse(key: string, state: string): GaitError {
  return new GaitError("schema_violation", `decode request: ${key} ${state}`, {
    place: { path: key },
  });
}

/** A text member; `null` counts as absent, as everywhere in the envelope. */
function textOf(object: JsonObject, key: string): string {
  const value = object[key] ?? "";
  if (typeof value !== "string") throw refuse(key, "is not a string");
  return value;
}

/** A list of inline tokens. */
function tokensOf(object: JsonObject, key: string): JsonObject[] {
  const value = object[key] ?? [];
  if (!Array.isArray(value)) throw refuse(key, "is not a list of objects");
  if (value.length > LIMITS.presentedTokens) {
    throw refuse(key, `has more than ${LIMITS.presentedTokens} entries`);
  }
  return value.map((token) => {
    if (!isJsonObject(token)) throw refuse(key, "is not a list of objects");
    return token;
  });
}

/** The interval of checkpoints, events; none below 1 (spec 04 §3.1). */
function intervalOf(object: JsonObject): number {
  const value = object.checkpoint_interval ?? 0;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw refuse("checkpoint_interval", "is not a whole number");
  }
  return value;
}

/** Whether a runpack is asked for. */
function flagOf(object: JsonObject): boolean {
  const value = object.emit_runpack ?? false;
  if (typeof value !== "boolean") throw refuse("emit_runpack", "is not true or false");
  return value;
}

/** The call, which must have members. */
function callOf(object: JsonObject): JsonObject {
  const call: JsonValue = object.call ?? {};
  if (!isJsonObject(call)) throw refuse("call", "is not an object");
  if (Object.keys(call).length === 0) {
    throw new GaitError("schema_violation", "request.call is required", {
      place: { path: "call" },
    });
  }
  return call;
}

/** Members beside the call that it may lack. */
function supplementOf(object: JsonObject): CallSupplement {
  const out: JsonObject = {};
  for (const key of SUPPLEMENT_MEMBERS) {
    const value = object[key];
    if (value !== undefined && value !== null) out[key] = value;
  }
  return out;
}

/** Parses the text; every failure names the request, no file. */
function parse(data: Uint8Array): JsonValue {
  try {
    return parseJson(data, { source: "request", refuseUnsafeIntegers: true });
  } catch (error) {
    if (!(error instanceof GaitError)) throw error;
    // Clients of the reference tell failures apart by these words (spec 04 §3.3).
    const message = error.message.includes("expected the end of the text")
      ? "request body must contain a single JSON object"
      : `decode request: ${error.message}`;
    throw new GaitError(error.code, message, {
      hint: error.hint,
      ...(error.place === undefined ? {} : { place: error.place }),
      cause: error,
    });
  }
}

/**
 * Decodes a request body.
 *
 * @throws GaitError `json_*`, `text_*`, `schema_violation`
 */
export function decodeEvaluateBody(data: Uint8Array): EvaluateBody {
  const value = parse(data);
  if (value !== null && !isJsonObject(value)) throw refuse("the body", "is not a JSON object");
  const object = value ?? {};
  for (const key of Object.keys(object)) {
    if (!KNOWN.has(key)) throw refuse(JSON.stringify(key.slice(0, 64)), "is an unknown field");
  }
  const [adapter, run_id, session_id, session_journal, trace_path, runpack_out] = TEXTS.map(
    (key) => textOf(object, key),
  ) as [string, string, string, string, string, string];
  return {
    call: callOf(object),
    adapter,
    run_id,
    session_id,
    session_journal,
    checkpoint_interval: intervalOf(object),
    trace_path,
    runpack_out,
    emit_runpack: flagOf(object),
    approval_tokens: tokensOf(object, "approval_tokens"),
    delegation_tokens: tokensOf(object, "delegation_tokens"),
    supplement: supplementOf(object),
  };
}
