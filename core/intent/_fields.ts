/**
 * Typed reading of fields that came from outside. `null` means "not given" (spec 02 §1.5), names are exact
 * (divergence P1), unknown names are refused (divergence P2).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import {
  formatInstant,
  type Instant,
  parseTimestamp,
  ZERO_INSTANT,
  ZERO_TIME,
} from "../base/instant.ts";
import { nearest } from "../base/suggest.ts";
import { trim, uniqueSorted } from "../base/text_rules.ts";

/** Longest part of a foreign value that a message quotes, UTF-16 units. */
const QUOTED = 80;

/** Where a record sits in the document: `""`, `context`, `targets[3]`, … */
export type Path = string;

/** Path of a member. */
export function member(path: Path, key: string): Path {
  return path === "" ? key : `${path}.${key}`;
}

/** Builds the error for a bad intent. The message starts as the reference's does, so readers can find it. */
export function intentError(message: string, path: Path, hint?: string): GaitError {
  return new GaitError("intent_invalid", `Cannot normalize intent: ${message}`, {
    place: { path },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Characters that would change how a terminal or a page shows a message, beyond what JSON escapes. */
const UNPRINTABLE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Quotes a value for a message, cut to a readable length, unprintable characters escaped. */
export function quoted(text: string): string {
  const cut = text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
  return JSON.stringify(cut).replace(
    UNPRINTABLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Path of a member whose name came from outside. */
export function foreignMember(path: Path, key: string): Path {
  return member(path, /^[\w-]{1,80}$/.test(key) ? key : quoted(key));
}

/** JSON's name for the type of a value. */
function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** The error for a field of the wrong type. */
function wrongType(value: unknown, wanted: string, path: Path): GaitError {
  const name = path === "" ? "the document" : path;
  return intentError(`${name} must be ${wanted}, not ${typeName(value)}`, path);
}

/** A member of an object; inherited properties do not count, `null` reads as absent. */
export function field(object: JsonObject, key: string): JsonValue | undefined {
  if (!Object.hasOwn(object, key)) return undefined;
  return object[key] ?? undefined;
}

/** Reads a string as it is; absent gives `""`. @throws GaitError `intent_invalid` */
export function textField(object: JsonObject, key: string, path: Path): string {
  const value = field(object, key);
  if (value === undefined) return "";
  if (typeof value !== "string") throw wrongType(value, "a string", member(path, key));
  return value;
}

/** Reads a string and trims it; absent gives `""`. @throws GaitError `intent_invalid` */
export function trimmedField(object: JsonObject, key: string, path: Path): string {
  return trim(textField(object, key, path));
}

/** Reads a boolean; absent gives `false`. @throws GaitError `intent_invalid` */
export function flagField(object: JsonObject, key: string, path: Path): boolean {
  const value = field(object, key);
  if (value === undefined) return false;
  if (typeof value !== "boolean") throw wrongType(value, "a boolean", member(path, key));
  return value;
}

/** Narrows to an object; absent gives an empty one. @throws GaitError `intent_invalid` */
export function asObject(value: JsonValue | undefined, path: Path): JsonObject {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw wrongType(value, "an object", path);
  return value;
}

/** Reads an array; absent gives an empty one. @throws GaitError `intent_invalid` */
export function listField(object: JsonObject, key: string, path: Path): readonly JsonValue[] {
  const value = field(object, key);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw wrongType(value, "an array", member(path, key));
  return value;
}

/** Reads a list of strings as a sorted set without empty ones. @throws GaitError `intent_invalid` */
export function textSetField(object: JsonObject, key: string, path: Path): readonly string[] {
  const list = listField(object, key, path);
  if (list.length === 0) return [];
  return uniqueSorted(list.map((item, i) => {
    if (item === null) return "";
    if (typeof item !== "string") throw wrongType(item, "a string", `${member(path, key)}[${i}]`);
    return item;
  }));
}

/** A point in time that a field names, with its UTC text. */
export interface ReadTime {
  /** `undefined` when absent, or the zero time, which means the same (spec 01 §3). */
  readonly instant: Instant | undefined;
  /** UTC text; the zero time when absent. */
  readonly text: string;
}

const ABSENT_TIME: ReadTime = { instant: undefined, text: ZERO_TIME };

/** Reads an RFC 3339 timestamp and brings it into UTC. @throws GaitError `intent_invalid` */
export function timeField(object: JsonObject, key: string, path: Path): ReadTime {
  const value = field(object, key);
  if (value === undefined) return ABSENT_TIME;
  const where = member(path, key);
  if (typeof value !== "string") throw wrongType(value, "a timestamp string", where);
  const parsed = parseTimestamp(value);
  if (parsed === undefined) {
    throw intentError(
      `${where} is not a timestamp: ${quoted(value)}`,
      where,
      "write it as RFC 3339, for example 2026-02-01T10:00:00Z",
    );
  }
  if (parsed.instant === ZERO_INSTANT) return ABSENT_TIME;
  return { instant: parsed.instant, text: formatInstant(parsed.instant) };
}

/** The names that a record may have. */
export interface KnownKeys {
  readonly set: ReadonlySet<string>;
  readonly list: readonly string[];
}

/** Makes a table of known names. */
export function knownKeys(...list: string[]): KnownKeys {
  return { set: new Set(list), list };
}

/**
 * Refuses names that no rule knows: the reference ignores them, so a caller who misspells `destructive`
 * would be judged as if it were not there (divergence P2).
 *
 * @throws GaitError `intent_invalid`
 */
export function refuseUnknownKeys(object: JsonObject, known: KnownKeys, path: Path): void {
  for (const key of Object.keys(object)) {
    if (known.set.has(key)) continue;
    const meant = nearest(key, known.list);
    throw intentError(
      `unknown field ${quoted(key)}${path === "" ? "" : ` in ${path}`}`,
      foreignMember(path, key),
      meant === undefined
        ? `known fields: ${known.list.join(", ")}`
        : `did you mean ${meant}? Names match exactly`,
    );
  }
}
