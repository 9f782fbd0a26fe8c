/**
 * Tokens of JSON (RFC 8259): white space, strings and numbers. Shared by the value reader and the
 * tree reader.
 *
 * @module
 */

import type { ErrorCode } from "../base/error_codes.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { pathInJson } from "./_json_path.ts";
import { trackPositions } from "./place.ts";

/** A reader's place in a text. */
export interface JsonCursor {
  /** Well-formed text without byte order mark. */
  readonly text: string;
  /** Name of the input, for messages. */
  readonly source: string;
  /** UTF-16 offset of the next unread unit. */
  pos: number;
  /** Open arrays and objects. */
  depth: number;
  /** Values read so far. */
  nodes: number;
}

/** Starts reading a decoded text; refuses a byte order mark (RFC 8259 §8.1). */
export function openJson(text: string, source: string): JsonCursor {
  const cursor: JsonCursor = { text, source, pos: 0, depth: 0, nodes: 0 };
  if (text.charCodeAt(0) === 0xfeff) {
    throw jsonError(cursor, "text_encoding", "Cannot parse JSON: it begins with a byte order mark");
  }
  return cursor;
}

/** Makes an error at an offset; works out line, column and path only now. */
export function jsonError(
  cursor: JsonCursor,
  code: ErrorCode,
  options: string | { message: string; at?: number; hint?: string },
): GaitError {
  const { message, at = cursor.pos, hint } = typeof options === "string"
    ? { message: options }
    : options;
  const { line, column } = trackPositions(cursor.text).at(at);
  const path = pathInJson(cursor.text, at);
  return new GaitError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    place: { source: cursor.source, line, column, ...(path === "" ? {} : { path }) },
  });
}

/** A `json_syntax` error at the cursor: what was expected, and what stands there instead. */
export function unexpected(cursor: JsonCursor, expected: string): GaitError {
  const code = cursor.text.codePointAt(cursor.pos);
  const found = code === undefined
    ? "the end of the text"
    : code > 0x20 && code < 0x7f
    ? `'${String.fromCodePoint(code)}'`
    : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return jsonError(
    cursor,
    "json_syntax",
    `Cannot parse JSON: expected ${expected}, found ${found}`,
  );
}

/** Moves over white space (RFC 8259 §2). */
export function skipJsonSpace(cursor: JsonCursor): void {
  const { text } = cursor;
  let pos = cursor.pos;
  for (;;) {
    const unit = text.charCodeAt(pos);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) break;
    pos++;
  }
  cursor.pos = pos;
}

/** Counts one level of nesting. */
export function enterJson(cursor: JsonCursor): void {
  if (++cursor.depth <= LIMITS.textDepth) return;
  const message = `Cannot parse JSON: it nests deeper than ${LIMITS.textDepth} levels`;
  throw jsonError(cursor, "text_too_deep", message);
}

/** Counts one value. */
export function countJson(cursor: JsonCursor): void {
  if (++cursor.nodes <= LIMITS.textNodes) return;
  const message = `Cannot parse JSON: it holds more than ${LIMITS.textNodes} values`;
  throw jsonError(cursor, "text_too_deep", message);
}

/** Reads a string; the cursor stands on its opening quote. */
export function readJsonString(cursor: JsonCursor): string {
  const { text } = cursor;
  const start = cursor.pos + 1;
  let pos = start;
  let unit = text.charCodeAt(pos);
  while (unit !== 0x22 && unit !== 0x5c && unit >= 0x20) unit = text.charCodeAt(++pos);
  if (unit === 0x22 && pos - start <= LIMITS.scalarLength) {
    cursor.pos = pos + 1;
    return text.slice(start, pos);
  }
  return readEscaped(cursor, { start, pos });
}

/** Reads on from the first escape of a string, or fails where it is malformed. */
function readEscaped(cursor: JsonCursor, from: { start: number; pos: number }): string {
  const { text } = cursor;
  const open = from.start - 1;
  let out = "";
  let start = from.start;
  let pos = from.pos;
  let surrogates = false;
  for (;;) {
    const unit = text.charCodeAt(pos);
    if (unit === 0x22) break;
    if (unit !== 0x5c) {
      cursor.pos = pos;
      if (!(unit >= 0x20)) throw unexpected(cursor, "a closing quote or an escape");
      pos++;
      continue;
    }
    out += text.slice(start, pos);
    cursor.pos = pos;
    const char = readEscape(cursor);
    surrogates ||= (char.charCodeAt(0) & 0xf800) === 0xd800;
    out += char;
    start = pos = cursor.pos;
  }
  out += text.slice(start, pos);
  cursor.pos = open;
  if (surrogates && !out.isWellFormed()) {
    const message = "Cannot parse JSON: a string escapes a lone surrogate";
    throw jsonError(cursor, "text_encoding", { message, hint: "write both halves of the pair" });
  }
  if (out.length > LIMITS.scalarLength) {
    const message = `Cannot parse JSON: a string exceeds ${LIMITS.scalarLength} UTF-16 units`;
    throw jsonError(cursor, "input_too_large", message);
  }
  cursor.pos = pos + 1;
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Reads one escape; the cursor stands on its backslash. */
function readEscape(cursor: JsonCursor): string {
  const letter = cursor.text.charAt(cursor.pos + 1);
  if (letter === "u") {
    const hex = cursor.text.slice(cursor.pos + 2, cursor.pos + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
      throw jsonError(
        cursor,
        "json_syntax",
        "Cannot parse JSON: \\u needs four hexadecimal digits",
      );
    }
    cursor.pos += 6;
    return String.fromCharCode(parseInt(hex, 16));
  }
  const char = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (char === undefined) {
    throw jsonError(cursor, "json_syntax", "Cannot parse JSON: unknown escape in a string");
  }
  cursor.pos += 2;
  return char;
}

/**
 * Moves over a number (RFC 8259 §6); the cursor stands on `-` or a digit.
 *
 * @returns Whether it has a fraction or an exponent.
 */
export function skipJsonNumber(cursor: JsonCursor): boolean {
  const { text } = cursor;
  if (text.charCodeAt(cursor.pos) === 0x2d) cursor.pos++;
  if (text.charCodeAt(cursor.pos) === 0x30) cursor.pos++;
  else skipDigits(cursor);
  let fractional = false;
  if (text.charCodeAt(cursor.pos) === 0x2e) {
    fractional = true;
    cursor.pos++;
    skipDigits(cursor);
  }
  if ((text.charCodeAt(cursor.pos) | 0x20) === 0x65) {
    fractional = true;
    const sign = text.charCodeAt(++cursor.pos);
    if (sign === 0x2b || sign === 0x2d) cursor.pos++;
    skipDigits(cursor);
  }
  return fractional;
}

function skipDigits(cursor: JsonCursor): void {
  const start = cursor.pos;
  while (isDigit(cursor.text.charCodeAt(cursor.pos))) cursor.pos++;
  if (cursor.pos === start) throw unexpected(cursor, "a digit");
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** Converts a scanned literal that begins at `at`; refuses what overflows. */
export function toJsonNumber(cursor: JsonCursor, at: number): number {
  const value = Number(cursor.text.slice(at, cursor.pos));
  if (Number.isFinite(value)) return value;
  const message = "Cannot parse JSON: a number is beyond the range of a double";
  throw jsonError(cursor, "json_unsafe_number", { message, at });
}
