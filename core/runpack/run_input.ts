/**
 * From what a producer hands in to the records of a runpack: members are checked for their type, absent
 * ones filled from the run, unknown ones dropped (spec 01 §3 and §8). What would break a reader is refused;
 * what the published schemas forbid and the reference lets pass is reported (divergence E8).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { normalizeTimestamp, parseTimestamp, ZERO_INSTANT } from "../base/instant.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";

/** Why an input is not quite what its schema asks for. */
export type InputFindingCode =
  | "unknown_member_dropped"
  | "digest_not_hex"
  | "digest_mismatch"
  | "status_not_listed"
  | "member_empty";

/** One finding. */
export interface InputFinding {
  readonly code: InputFindingCode;
  /** Where in the input, e.g. `intents[3].args_digest`. */
  readonly path: string;
}

/** Takes findings; a strict one throws. */
export type ReportFinding = (finding: InputFinding) => void;

/** An input object with its place. */
export interface InputObject {
  readonly value: JsonObject;
  /** Path of the object, e.g. `intents[3]`. */
  readonly path: string;
  readonly report: ReportFinding;
}

/** A refusal of one member. */
export function refuse(path: string, state: string): GaitError {
  return new GaitError("schema_violation", `Cannot record ${path}: ${state}`, { place: { path } });
}

/** Opens an input; `null` reads as an empty object, as the reference reads it (spec 01 §3). */
export function inputObject(
  value: JsonValue,
  options: { readonly path: string; readonly report: ReportFinding },
): InputObject {
  if (value === null) return { value: {}, ...options };
  if (!isJsonObject(value)) throw refuse(options.path, "it is no object");
  return { value, ...options };
}

/** A member that is there; `undefined` for absent ones and `null`. */
function given(from: InputObject, name: string): JsonValue | undefined {
  const value = Object.hasOwn(from.value, name) ? from.value[name] : undefined;
  return value === null ? undefined : value;
}

/** Reports members that no record has. */
export function reportUnknown(from: InputObject, known: ReadonlySet<string>): void {
  for (const name of Object.keys(from.value)) {
    if (!known.has(name)) {
      from.report({ code: "unknown_member_dropped", path: `${from.path}.${name}` });
    }
  }
}

/** A text; "" when absent. @throws GaitError `schema_violation` */
export function textMember(from: InputObject, name: string): string {
  const value = given(from, name);
  if (value === undefined) return "";
  if (typeof value !== "string") throw refuse(`${from.path}.${name}`, "it is no string");
  return value;
}

/** A text that a schema requires; an empty one is reported. */
export function requiredText(from: InputObject, name: string): string {
  const value = textMember(from, name);
  if (value === "") from.report({ code: "member_empty", path: `${from.path}.${name}` });
  return value;
}

/** A time in its normal form, `undefined` when absent. @throws GaitError `schema_violation` */
export function timeMember(from: InputObject, name: string): string | undefined {
  const value = given(from, name);
  if (value === undefined) return undefined;
  const time = typeof value === "string" ? normalizeTimestamp(value) : undefined;
  if (time === undefined) {
    throw refuse(`${from.path}.${name}`, "it is no RFC 3339 timestamp with zone");
  }
  return time;
}

/** A time that a record must have: the zero time, in whatever zone, counts as absent (spec 01 §3). */
export function timeOr(from: InputObject, name: string, otherwise: string): string {
  const time = timeMember(from, name);
  const absent = time === undefined ||
    (time.startsWith("000") && parseTimestamp(time)?.instant === ZERO_INSTANT);
  return absent ? otherwise : time;
}

/** An object; `undefined` when absent or empty. @throws GaitError `schema_violation` */
export function objectMember(from: InputObject, name: string): JsonObject | undefined {
  const value = given(from, name);
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw refuse(`${from.path}.${name}`, "it is no object");
  for (const key in value) if (Object.hasOwn(value, key)) return value;
  return undefined;
}

/** A list; `undefined` when absent. @throws GaitError `schema_violation` */
export function listMember(from: InputObject, name: string): JsonValue[] | undefined {
  const value = given(from, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw refuse(`${from.path}.${name}`, "it is no list");
  return value;
}
