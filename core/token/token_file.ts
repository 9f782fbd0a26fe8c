/**
 * Reading and writing the files of approval and delegation tokens (spec 02 §9.1, §10.1).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { type Instant, normalizeTimestamp, parseTimestamp, ZERO_TIME } from "../base/instant.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { compareCodePoints, lower, trim } from "../base/text_rules.ts";
import { type Signature, SIGNATURE_MEMBERS } from "../sign/signature.ts";
import { parseJson } from "../text/json.ts";

/** A token file as found: members by their exact names, nothing normalised. */
export interface TokenFile {
  /** Name of the file, for messages. */
  readonly source: string;
  /** All members. */
  readonly members: JsonObject;
}

/** A timestamp of a token. */
export interface TokenTime {
  /** RFC 3339 with the shortest fraction, offset kept; the zero time when absent. */
  readonly text: string;
  /** The same time as a number, nanoseconds since 1970. */
  readonly instant: Instant;
}

/** The failure of a file that is no token. */
function malformed(file: TokenFile, name: string, what: string): GaitError {
  return new GaitError("schema_violation", `Cannot read token: ${name} is not ${what}`, {
    place: { source: file.source, path: name },
  });
}

/**
 * Parses a token file into its members.
 *
 * @param text Content of the file.
 * @param options `source` names the file in messages.
 * @throws GaitError `json_syntax` and other codes of the JSON reader; `schema_violation`
 */
export function parseTokenFile(
  text: string | Uint8Array,
  options: { readonly source: string },
): TokenFile {
  const { source } = options;
  const members = parseJson(text, { source, maxBytes: LIMITS.recordBytes });
  if (!isJsonObject(members)) {
    throw new GaitError("schema_violation", "Cannot read token: the document is not an object", {
      place: { source },
    });
  }
  return { source, members };
}

/** A member by its exact name; `null` when absent. */
function member(file: TokenFile, name: string): JsonValue {
  return Object.hasOwn(file.members, name) ? file.members[name] ?? null : null;
}

/** A text member as written; "" when absent. @throws GaitError `schema_violation` */
export function textMember(file: TokenFile, name: string): string {
  const value = member(file, name);
  if (value === null) return "";
  if (typeof value !== "string") throw malformed(file, name, "a string");
  return value;
}

/** A list of texts as written; empty when absent. @throws GaitError `schema_violation` */
export function listMember(file: TokenFile, name: string): string[] {
  const value = member(file, name) ?? [];
  if (!Array.isArray(value)) throw malformed(file, name, "a list of strings");
  return value.map((item) => {
    if (typeof item !== "string") throw malformed(file, name, "a list of strings");
    return item;
  });
}

/** A timestamp; the zero time when absent. @throws GaitError `schema_violation` */
export function timeMember(file: TokenFile, name: string): TokenTime {
  const value = member(file, name);
  const written = value === null ? ZERO_TIME : value;
  if (typeof written !== "string") throw malformed(file, name, "an RFC 3339 timestamp");
  const parsed = parseTimestamp(written);
  const text = normalizeTimestamp(written);
  if (parsed === undefined || text === undefined) {
    throw malformed(file, name, "an RFC 3339 timestamp");
  }
  return { text, instant: parsed.instant };
}

/** The signature object as found; `undefined` when absent. @throws GaitError `schema_violation` */
export function signatureMember(file: TokenFile): JsonObject | undefined {
  const value = member(file, "signature");
  if (value === null) return undefined;
  if (!isJsonObject(value)) throw malformed(file, "signature", "an object");
  for (const name of SIGNATURE_MEMBERS) {
    const part = Object.hasOwn(value, name) ? value[name] ?? null : null;
    if (part !== null && typeof part !== "string") {
      throw malformed(file, `signature.${name}`, "a string");
    }
  }
  return value;
}

/** Members that no field of the token explains, sorted (divergence E6). */
export function unknownMembers(file: TokenFile, known: readonly string[]): string[] {
  const names = Object.keys(file.members).filter((name) => !known.includes(name));
  const signature = member(file, "signature");
  if (isJsonObject(signature)) {
    const inner = Object.keys(signature).filter((name) => !SIGNATURE_MEMBERS.includes(name));
    names.push(...inner.map((name) => `signature.${name}`));
  }
  return names.sort(compareCodePoints);
}

/** A digest as tokens carry it: trimmed and lower-cased (spec 02 §1.5). */
export function digestText(text: string): string {
  return lower(trim(text));
}

/** Text of a token file: two-space indentation, final newline (spec 02 §1.5). */
export function encodeTokenFile(payload: JsonObject, signature: Signature): string {
  return encodeJsonPretty({ ...payload, signature });
}
