/**
 * JSONL members, line by line, so that a large member never exists as one text (spec 01 §4).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import { decodeText } from "../text/decode.ts";
import { parseJson } from "../text/json.ts";

/** One record of a member. */
export interface JsonLine {
  readonly value: JsonValue;
  /** Line, counted from 1; blank lines count. */
  readonly line: number;
  /** Whether the text of the line is exactly the canonical form of its value. */
  readonly canonical: boolean;
}

/** Above this length a line takes the exact reader, which counts values. */
const FAST_LENGTH = 64 * 1024;
/** Depth to which the fast reader looks for unsorted members. */
const FAST_DEPTH = 64;

/** Whether all members at all depths stand in canonical order. */
function isSorted(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth - 1));
  let before: string | undefined;
  for (const [key, item] of Object.entries(value)) {
    if (before !== undefined && before > key) return false;
    if (!isSorted(item, depth - 1)) return false;
    before = key;
  }
  return true;
}

/**
 * Reads a canonical text with the platform's parser. If writing the value gives the same text back, the
 * text had no duplicate member, no other spelling of a number or string and no white space; only escaped
 * lone surrogates survive that and are left to the exact reader.
 *
 * @returns `undefined` when the text may not be canonical.
 */
function readCanonical(text: string): { readonly value: JsonValue } | undefined {
  if (text.length > FAST_LENGTH || text.includes("\\ud")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isSorted(value, FAST_DEPTH) || JSON.stringify(value) !== text) return undefined;
    // What JSON.parse returns is a JSON value.
    return { value: value as JsonValue };
  } catch {
    return undefined;
  }
}

/**
 * Reads one JSON text strictly and tells whether it is canonical.
 *
 * @param text Well-formed text.
 * @param options Name for messages; most bytes accepted.
 * @throws GaitError codes of the JSON reader
 */
export function readStrict(
  text: string,
  options: { readonly source: string; readonly maxBytes: number },
): { readonly value: JsonValue; readonly canonical: boolean } {
  const fast = readCanonical(text);
  if (fast !== undefined) return { ...fast, canonical: true };
  const value = parseJson(text, options);
  // Depth and nodes were bounded while reading, so that writing cannot fail.
  return { value, canonical: canonicalize(value) === text };
}

/** Puts the line of the member into the place of an error. */
function atLine(thrown: unknown, source: string, line: number): unknown {
  if (!(thrown instanceof GaitError)) return thrown;
  const { message, code, cause } = thrown;
  return new GaitError(code, message, { cause, place: { ...thrown.place, source, line } });
}

/** Strips JSON white space at both ends, in time linear in its length. */
function stripped(text: string): string {
  const blank = " \t\r";
  let start = 0;
  let end = text.length;
  while (start < end && blank.includes(text.charAt(start))) start++;
  while (end > start && blank.includes(text.charAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/**
 * Reads a JSONL member. White space around lines, blank lines and CR LF are tolerated.
 *
 * @param bytes Content of the member.
 * @param source Name of the member, for messages.
 * @throws GaitError `input_too_large` for a line above 10 MiB, and codes of the JSON reader
 */
export function* readJsonl(bytes: Uint8Array, source: string): Generator<JsonLine> {
  let line = 0;
  for (let at = 0; at < bytes.length;) {
    const next = bytes.indexOf(0x0a, at);
    const end = next < 0 ? bytes.length : next;
    line++;
    let record: JsonLine | undefined;
    try {
      const raw = decodeText(bytes.subarray(at, end), { source, maxBytes: LIMITS.jsonlLineBytes });
      const text = stripped(raw);
      if (text !== "") {
        const read = readStrict(text, { source, maxBytes: LIMITS.jsonlLineBytes });
        record = { ...read, line, canonical: read.canonical && text === raw && next >= 0 };
      }
    } catch (thrown) {
      throw atLine(thrown, source, line);
    }
    if (record !== undefined) yield record;
    at = end + 1;
  }
}
