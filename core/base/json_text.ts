/**
 * JSON as gait writes it: for standard output one line with sorted keys, for artifact files two spaces
 * of indentation and the member order of the record (spec 01 §1.4, spec 02 §1.2 and §1.5). Neither form
 * is hashed; canonical JSON lives in `core/jcs`.
 *
 * @module
 */

import { compareCodePoints } from "./text_rules.ts";

/** Nesting that our own output never reaches; guards the stack against a cyclic value. */
const MAX_DEPTH = 512;

/** What is not safe inside a script element or in JavaScript source. */
const UNSAFE = /[<>&\u2028\u2029]/g;

/** Escapes `<`, `>`, `&`, U+2028 and U+2029, which in JSON text occur inside strings only. */
function escapeHtml(json: string): string {
  return json.replace(
    UNSAFE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Text of a scalar; `undefined` for what JSON objects leave out. */
function scalarText(value: unknown): string | undefined {
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) {
    throw new TypeError(`Cannot encode ${String(value)}: not a JSON number`);
  }
  return JSON.stringify(value);
}

/** Appends the members of an object, sorted by the bytes of their names. */
function objectText(value: object, depth: number): string {
  const members = Object.entries(value)
    .map(([key, member]) => [key, lineText(member, depth + 1)] as const)
    .filter(([, text]) => text !== undefined)
    .sort(([a], [b]) => compareCodePoints(a, b));
  return `{${members.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(",")}}`;
}

/** One value on one line. */
function lineText(value: unknown, depth: number): string | undefined {
  if (typeof value !== "object" || value === null) return scalarText(value);
  if (depth > MAX_DEPTH) throw new TypeError("Cannot encode a value: nested too deep or cyclic");
  if (Array.isArray(value)) {
    return `[${value.map((item) => lineText(item, depth + 1) ?? "null").join(",")}]`;
  }
  return objectText(value, depth);
}

/**
 * Encodes a value as one line: no spaces, keys sorted by code point at every level, `<`, `>`, `&`,
 * U+2028 and U+2029 escaped (spec 01 §1.4).
 *
 * @param value Plain data; members with value `undefined` are left out, `toJSON` is never called.
 * @returns The line with its line end.
 * @throws TypeError for a number that is not finite, a bigint, or a cyclic value
 */
export function encodeJsonLine(value: unknown): string {
  return `${escapeHtml(lineText(value, 0) ?? "null")}\n`;
}

/**
 * Encodes a value on one line in member order, escaped as in {@linkcode encodeJsonLine}: records of
 * journals and logs (spec 03 §3.1).
 *
 * @param value Plain data; members with value `undefined` are left out.
 * @returns The text without a line end.
 */
export function encodeJsonRecord(value: unknown): string {
  return escapeHtml(JSON.stringify(value) ?? "null");
}

/** Looks for numbers that JSON would write as `null`. */
function checkNumbers(value: unknown): void {
  if (typeof value === "number") scalarText(value);
  else if (typeof value === "object" && value !== null) Object.values(value).forEach(checkNumbers);
}

/**
 * Encodes a value with two spaces of indentation in member order, escaped as in
 * {@linkcode encodeJsonLine} (spec 02 §1.5 "file writes").
 *
 * @param value Plain data, without `toJSON`; members with value `undefined` are left out.
 * @returns The text as it goes into a file, with its last line end.
 * @throws TypeError for a number that is not finite, a bigint, or a cyclic value
 */
export function encodeJsonPretty(value: unknown): string {
  // First, because it refuses what is cyclic.
  const text = JSON.stringify(value, undefined, 2);
  checkNumbers(value);
  return `${escapeHtml(text ?? "null")}\n`;
}
