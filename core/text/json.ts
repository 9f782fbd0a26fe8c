/**
 * Strict JSON (RFC 8259) to plain values: the reader for everything that feeds a digest or a verdict.
 *
 * It accepts no text that `JSON.parse` refuses and gives the same value for what it accepts. It
 * refuses beyond that: duplicate member names, lone surrogates, numbers outside the range of a
 * double, and texts above the limits (divergences P1, P5, P6).
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json_value.ts";
import {
  countJson,
  enterJson,
  type JsonCursor,
  jsonError,
  openJson,
  readJsonString,
  skipJsonNumber,
  skipJsonSpace,
  toJsonNumber,
  unexpected,
} from "./_json_scan.ts";
import { decodeText } from "./decode.ts";
import { integerSurvives } from "./number.ts";
import { setOwn } from "./own.ts";

/** How {@linkcode parseJson} names and bounds its input. */
export interface ParseJsonOptions {
  /** Name of the input as the caller spelled it, for messages. */
  readonly source: string;
  /** Most bytes accepted; `LIMITS.textBytes` when absent. */
  readonly maxBytes?: number;
  /**
   * Refuse integers that a double cannot hold (divergence P6): set for intents, calls and requests.
   * Off for artifacts, whose digests cover the rounded value.
   */
  readonly refuseUnsafeIntegers?: boolean;
}

/** A cursor with the choices of one call. */
interface ValueCursor extends JsonCursor {
  readonly refuseUnsafeIntegers: boolean;
}

/**
 * Parses one JSON text.
 *
 * @param input UTF-8 bytes or text.
 * @returns The value; a member named `__proto__` is an own property.
 * @throws {GaitError} `json_syntax` where the text is not JSON.
 * @throws {GaitError} `json_duplicate_key` when an object names a member twice.
 * @throws {GaitError} `json_unsafe_number` for a number beyond the range of a double, or an unsafe
 * integer when those are refused.
 * @throws {GaitError} `text_encoding` for malformed UTF-8, a byte order mark or a lone surrogate.
 * @throws {GaitError} `text_too_deep` or `input_too_large` above a limit.
 *
 * @example
 * ```ts
 * import { GaitError, parseJson } from "@gait/gait";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(parseJson('{"path":"/srv"}', { source: "call.json" }), { path: "/srv" });
 * assertThrows(
 *   () => parseJson('{"path":"/srv","path":"/etc"}', { source: "call.json" }),
 *   GaitError,
 *   "duplicate key",
 * );
 * ```
 */
export function parseJson(input: string | Uint8Array, options: ParseJsonOptions): JsonValue {
  const cursor: ValueCursor = {
    ...openJson(decodeText(input, options), options.source),
    refuseUnsafeIntegers: options.refuseUnsafeIntegers ?? false,
  };
  const value = readValue(cursor);
  skipJsonSpace(cursor);
  if (cursor.pos < cursor.text.length) throw unexpected(cursor, "the end of the text");
  return value;
}

function readValue(cursor: ValueCursor): JsonValue {
  skipJsonSpace(cursor);
  countJson(cursor);
  switch (cursor.text.charCodeAt(cursor.pos)) {
    case 0x22:
      return readJsonString(cursor);
    case 0x7b:
      return readObject(cursor);
    case 0x5b:
      return readArray(cursor);
    case 0x74:
      return readWord(cursor, { word: "true", value: true });
    case 0x66:
      return readWord(cursor, { word: "false", value: false });
    case 0x6e:
      return readWord(cursor, { word: "null", value: null });
    default:
      return readNumber(cursor);
  }
}

function readWord<Value>(cursor: JsonCursor, expected: { word: string; value: Value }): Value {
  if (!cursor.text.startsWith(expected.word, cursor.pos)) throw unexpected(cursor, "a value");
  cursor.pos += expected.word.length;
  return expected.value;
}

function readNumber(cursor: ValueCursor): number {
  const { text } = cursor;
  const at = cursor.pos;
  let pos = at;
  let value = 0;
  let unit = text.charCodeAt(pos);
  // Up to 15 digits without sign, fraction and exponent, the running sum is exact.
  while (unit >= 0x30 && unit <= 0x39) {
    value = value * 10 + (unit - 0x30);
    unit = text.charCodeAt(++pos);
  }
  const length = pos - at;
  const plain = unit !== 0x2e && (unit | 0x20) !== 0x65;
  if (plain && length > 0 && length <= 15 && (length === 1 || text.charCodeAt(at) !== 0x30)) {
    cursor.pos = pos;
    return value;
  }
  if (length === 0 && unit !== 0x2d) throw unexpected(cursor, "a value");
  return readLongNumber(cursor);
}

function readLongNumber(cursor: ValueCursor): number {
  const at = cursor.pos;
  skipJsonNumber(cursor);
  const value = toJsonNumber(cursor, at);
  if (cursor.refuseUnsafeIntegers && !integerSurvives(cursor.text.slice(at, cursor.pos))) {
    throw jsonError(cursor, "json_unsafe_number", {
      message: "Cannot parse JSON: an integer does not survive conversion to a double",
      at,
    });
  }
  return value;
}

function readArray(cursor: ValueCursor): JsonValue[] {
  const out: JsonValue[] = [];
  enterJson(cursor);
  cursor.pos++;
  skipJsonSpace(cursor);
  if (cursor.text.charCodeAt(cursor.pos) === 0x5d) return close(cursor, out);
  for (;;) {
    out.push(readValue(cursor));
    skipJsonSpace(cursor);
    const unit = cursor.text.charCodeAt(cursor.pos);
    if (unit === 0x5d) return close(cursor, out);
    if (unit !== 0x2c) throw unexpected(cursor, "',' or ']'");
    cursor.pos++;
  }
}

function readObject(cursor: ValueCursor): JsonObject {
  const out: JsonObject = {};
  enterJson(cursor);
  cursor.pos++;
  skipJsonSpace(cursor);
  if (cursor.text.charCodeAt(cursor.pos) === 0x7d) return close(cursor, out);
  for (;;) {
    readMember(cursor, out);
    skipJsonSpace(cursor);
    const unit = cursor.text.charCodeAt(cursor.pos);
    if (unit === 0x7d) return close(cursor, out);
    if (unit !== 0x2c) throw unexpected(cursor, "',' or '}'");
    cursor.pos++;
    skipJsonSpace(cursor);
  }
}

function readMember(cursor: ValueCursor, out: JsonObject): void {
  const at = cursor.pos;
  if (cursor.text.charCodeAt(at) !== 0x22) throw unexpected(cursor, "a member name in quotes");
  const key = readJsonString(cursor);
  // Names known to `Object.prototype` are rare; only they pay for the exact test.
  const known = key in out;
  if (known && Object.hasOwn(out, key)) {
    const message = `Cannot parse JSON: duplicate key ${JSON.stringify(key.slice(0, 64))}`;
    throw jsonError(cursor, "json_duplicate_key", { message, at });
  }
  skipJsonSpace(cursor);
  if (cursor.text.charCodeAt(cursor.pos) !== 0x3a) throw unexpected(cursor, "':'");
  cursor.pos++;
  const value = readValue(cursor);
  if (known) setOwn(out, { key, value });
  else out[key] = value;
}

function close<Value>(cursor: JsonCursor, value: Value): Value {
  cursor.depth--;
  cursor.pos++;
  return value;
}
