/**
 * Reading a trace.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { parseJson } from "../text/json.ts";
import { decodeObject, SIGNATURE_OBJECT, TRACE_MEMBERS } from "./_members.ts";
import type { TraceRecord } from "./trace_record.ts";

/** A trace as read, with everything that its verification needs. */
export interface TraceDocument {
  /** Known members in their normal form, without `signature`. */
  readonly record: TraceRecord;
  /** What the signature covers when it covers known members only. */
  readonly known: JsonObject;
  /** What the signature covers when it covers every member. */
  readonly full: JsonObject;
  /** Paths of members that a trace does not have. */
  readonly unknownMembers: readonly string[];
  /** The signature object as found; `undefined` when there is none. */
  readonly signature: JsonObject | undefined;
}

/** The signature of a record, its members checked for their type only. */
function readSignature(raw: JsonValue | undefined): JsonObject | undefined {
  if (raw === undefined || raw === null) return undefined;
  if (!isJsonObject(raw)) {
    throw new GaitError("schema_violation", "Cannot read signature: not an object", {
      place: { path: "signature" },
    });
  }
  decodeObject(raw, SIGNATURE_OBJECT, "signature.");
  return raw;
}

/**
 * Reads a trace from a parsed JSON value.
 *
 * @param value The parsed text; `null` reads as an empty record (spec 01 §3).
 * @throws GaitError `schema_violation` when it is no object or a known member has the wrong type
 */
export function readTrace(value: JsonValue): TraceDocument {
  const source = value ?? {};
  if (!isJsonObject(source)) {
    throw new GaitError("schema_violation", "Cannot read trace record: not a JSON object");
  }
  const { signature, ...rest } = source;
  const { known, full, unknown } = decodeObject(rest, TRACE_MEMBERS);
  return {
    // INVARIANT: decodeObject leaves exactly the members of UnsignedTrace, each of its type.
    record: known as unknown as TraceRecord,
    known,
    full,
    unknownMembers: unknown,
    signature: readSignature(signature),
  };
}

/**
 * Parses the text of a trace. Names match exactly and no member may stand twice.
 *
 * @param text Content of a trace file.
 * @param options `source`: name of the input for messages.
 * @throws GaitError `json_syntax`, `json_duplicate_key`, `schema_violation` and what `parseJson` throws
 */
export function parseTrace(
  text: string,
  options: { readonly source?: string } = {},
): TraceDocument {
  return readTrace(parseJson(text, { source: options.source ?? "trace" }));
}
