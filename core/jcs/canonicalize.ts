/**
 * Canonical JSON (RFC 8785 JCS; spec 01 §4). Stricter than the RFC asks for: what has no single JSON
 * spelling is refused instead of repaired, because the text is what digests and signatures cover.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { isPlainRecord } from "./plain.ts";

/** Work left for one call; shared sub-values count each time they are written. */
interface Budget {
  nodes: number;
}

/**
 * Writes a string as canonical JSON: two-character escapes where JSON has them, `\u00xx` in lower case
 * for other control characters, everything else raw (RFC 8785 §3.2.2.2).
 *
 * @param text Any text.
 * @throws GaitError `text_encoding` when the text holds a lone surrogate.
 */
export function canonicalString(text: string): string {
  if (!text.isWellFormed()) {
    throw new GaitError("text_encoding", "Cannot canonicalise a string: it has a lone surrogate");
  }
  // For well-formed text JSON.stringify is exactly the RFC's rule (ECMA-262 QuoteJSONString).
  return JSON.stringify(text);
}

/** Writes a number (RFC 8785 §3.2.2.3: ECMAScript's Number::toString; `-0` gives `0`). */
function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new GaitError("json_unsupported", `Cannot canonicalise the number ${value}: not finite`);
  }
  return String(value);
}

/** Whether keys ascend by UTF-16 code unit already. */
function isSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) {
    if ((keys[i - 1] as string) > (keys[i] as string)) return false;
  }
  return true;
}

/** Writes an array; a hole reads as `undefined` and is refused. */
function canonicalArray(list: readonly unknown[], depth: number, budget: Budget): string {
  let out = "[";
  for (let i = 0; i < list.length; i++) {
    if (i > 0) out += ",";
    out += write(list[i], depth + 1, budget);
  }
  return `${out}]`;
}

/** Writes an object with its members sorted by UTF-16 code unit (RFC 8785 §3.2.3). */
function canonicalObject(value: object, depth: number, budget: Budget): string {
  if (!isPlainRecord(value)) {
    throw new GaitError("json_unsupported", "Cannot canonicalise an object: not a plain record");
  }
  const record = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(record);
  // The default sort compares UTF-16 code units, which is the order the RFC asks for.
  if (!isSorted(keys)) keys.sort();
  let out = "{";
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    if (i > 0) out += ",";
    out += `${canonicalString(key)}:${write(record[key], depth + 1, budget)}`;
  }
  return `${out}}`;
}

/** Writes any value, within depth and node limits. */
function write(value: unknown, depth: number, budget: Budget): string {
  if (depth > LIMITS.jcsDepth || --budget.nodes < 0) {
    throw new GaitError(
      "text_too_deep",
      "Cannot canonicalise a value: too deep or too many nodes",
      {
        details: { max_depth: LIMITS.jcsDepth, max_nodes: LIMITS.textNodes },
      },
    );
  }
  switch (typeof value) {
    case "string":
      return canonicalString(value);
    case "number":
      return canonicalNumber(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value)
        ? canonicalArray(value, depth, budget)
        : canonicalObject(value, depth, budget);
    default:
      throw new GaitError(
        "json_unsupported",
        `Cannot canonicalise a value of type ${typeof value}: JSON has no such type`,
      );
  }
}

/**
 * Writes a value as canonical JSON: no white space, members sorted by UTF-16 code unit, one spelling for
 * each string and number (RFC 8785; spec 01 §4). `toJSON` is not called.
 *
 * @param value A JSON value. Each property is read once.
 * @returns The canonical text; its digest is taken over the UTF-8 bytes.
 * @throws GaitError `text_encoding` for a lone surrogate in a string or key.
 * @throws GaitError `json_unsupported` for numbers that are not finite, `undefined`, functions, array
 *   holes, and objects that are not plain records (`Date`, `Map`, class instances).
 * @throws GaitError `text_too_deep` beyond `LIMITS.jcsDepth` levels or `LIMITS.textNodes` values; a cycle
 *   ends here too.
 *
 * @example
 * ```ts
 * import { canonicalize } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(canonicalize({ b: 1.0, a: ["é", null] }), '{"a":["é",null],"b":1}');
 * ```
 */
export function canonicalize(value: JsonValue): string {
  return write(value, 0, { nodes: LIMITS.textNodes });
}
