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
/** Lines are decoded together up to this size, bytes. */
const BLOCK_BYTES = 256 * 1024;
/** Depth to which the fast reader looks for unsorted members. */
const FAST_DEPTH = 64;

/** Whether all members at all depths stand in canonical order. */
function isSorted(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth - 1));
  const record = value as Readonly<Record<string, unknown>>;
  let before: string | undefined;
  for (const key of Object.keys(record)) {
    if (before !== undefined && before > key) return false;
    const item = record[key];
    if (typeof item === "object" && !isSorted(item, depth - 1)) return false;
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

/** Some lines of a member as one text. */
interface Block {
  readonly text: string;
  /** Whether a line feed ends it. */
  readonly ended: boolean;
}

/**
 * Cuts a member into blocks of whole lines. Decoding many short lines one by one would cost more than
 * reading them.
 */
function* blocks(bytes: Uint8Array, source: string): Generator<Block> {
  for (let at = 0; at < bytes.length;) {
    let end = bytes.length;
    if (end - at > BLOCK_BYTES) {
      const within = bytes.lastIndexOf(0x0a, at + BLOCK_BYTES);
      const next = within >= at ? within : bytes.indexOf(0x0a, at + BLOCK_BYTES);
      if (next >= 0) end = next + 1;
    }
    const maxBytes = LIMITS.jsonlLineBytes;
    const text = decodeText(bytes.subarray(at, end), { source, maxBytes });
    yield { text, ended: bytes[end - 1] === 0x0a };
    at = end;
  }
}

/** Reads one line; `undefined` for a blank one. */
function readLine(raw: string, options: { source: string; line: number; ended: boolean }) {
  const { source, line, ended } = options;
  const text = stripped(raw);
  if (text === "") return undefined;
  try {
    const { value, canonical } = readStrict(text, { source, maxBytes: LIMITS.jsonlLineBytes });
    return { value, line, canonical: canonical && ended && text === raw };
  } catch (thrown) {
    throw atLine(thrown, source, line);
  }
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
  for (const { text, ended } of blocks(bytes, source)) {
    for (let at = 0; at < text.length;) {
      const next = text.indexOf("\n", at);
      const end = next < 0 ? text.length : next;
      line++;
      const record = readLine(text.slice(at, end), { source, line, ended: ended || next >= 0 });
      if (record !== undefined) yield record;
      at = end + 1;
    }
  }
}
