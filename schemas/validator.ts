/**
 * Checks a value against a compiled schema. The generated files under `schemas/generated` call it; it
 * knows exactly the keywords that {@linkcode SchemaNode} has.
 *
 * Work is bounded: depth by the schema (which has no cycles), findings by `LIMITS.findings`, patterns
 * by the generator, which accepts linear ones only.
 *
 * @module
 */

import { parseTimestamp } from "../core/base/instant.ts";
import { isJsonObject } from "../core/base/json_value.ts";
import { LIMITS } from "../core/base/limits.ts";
import { compareCodePoints } from "../core/base/text_rules.ts";
import { compareSegments, quoteName, renderPath, type Segments } from "./_path.ts";
import type { Finding, FindingCode, SchemaNode } from "./schema_node.ts";

/** A finding before its place is written out. */
interface Draft {
  readonly segments: Segments;
  readonly code: FindingCode;
  readonly message: string;
  readonly expected: string;
}

/** State of one validation: the place of the current value and what was found so far. */
interface Walk {
  readonly segments: (string | number)[];
  readonly drafts: Draft[];
}

/** Whether the list of findings is full. */
function isFull(walk: Walk): boolean {
  return walk.drafts.length >= LIMITS.findings;
}

/** Notes a finding at the current place. */
function report(walk: Walk, code: FindingCode, text: { message: string; expected: string }): void {
  if (isFull(walk)) return;
  walk.drafts.push({ segments: [...walk.segments], code, ...text });
}

/** Name of the JSON type of a value; a number without fraction is an `integer`. */
function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value !== "number") return typeof value;
  if (!Number.isFinite(value)) return "non-finite number";
  return Number.isInteger(value) ? "integer" : "number";
}

/** Whether a value of type `actual` may stand where the schema asks for its type. */
function hasType(node: SchemaNode, actual: string): boolean {
  if (typeof node.type === "string") {
    return node.type === actual || (node.type === "number" && actual === "integer");
  }
  return node.type.some((type) => type === actual || (type === "number" && actual === "integer"));
}

/** `1 item`, `2 items`. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Number of code points. */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Whether a text has fewer code points than `least`; counts only when its UTF-16 length leaves doubt. */
function isShorter(text: string, least: number): boolean {
  return text.length < least || (text.length < 2 * least && codePoints(text) < least);
}

/** Whether a text has more code points than `most`; counts only when its UTF-16 length leaves doubt. */
function isLonger(text: string, most: number): boolean {
  return text.length > most && (text.length > 2 * most || codePoints(text) > most);
}

/** Checks the keywords that speak about strings. */
function checkString(node: SchemaNode, text: string, walk: Walk): void {
  const { minLength, maxLength, pattern } = node;
  if (minLength !== undefined && isShorter(text, minLength)) {
    const expected = `at least ${counted(minLength, "character")}`;
    report(walk, "too_short", { message: `Text must have ${expected}`, expected });
  }
  if (maxLength !== undefined && isLonger(text, maxLength)) {
    const expected = `at most ${counted(maxLength, "character")}`;
    report(walk, "too_long", { message: `Text must have ${expected}`, expected });
  }
  if (pattern !== undefined && !pattern.test(text)) {
    const expected = `text that matches ${pattern.source}`;
    report(walk, "pattern_mismatch", { message: "Text does not have the required form", expected });
  }
  if (node.format === "date-time" && parseTimestamp(text) === undefined) {
    const expected = "an RFC 3339 timestamp such as 2026-02-06T00:00:00Z";
    report(walk, "format_mismatch", { message: "Text is not a timestamp", expected });
  }
}

/** Checks the keywords that speak about numbers. */
function checkNumber(node: SchemaNode, value: number, walk: Walk): void {
  if (node.minimum !== undefined && value < node.minimum) {
    const expected = `at least ${node.minimum}`;
    report(walk, "too_small", { message: `Number must be ${expected}`, expected });
  }
  if (node.maximum !== undefined && value > node.maximum) {
    const expected = `at most ${node.maximum}`;
    report(walk, "too_large", { message: `Number must be ${expected}`, expected });
  }
}

/** Checks the keywords that speak about arrays. */
function checkArray(node: SchemaNode, items: readonly unknown[], walk: Walk): void {
  if (node.minItems !== undefined && items.length < node.minItems) {
    const expected = `at least ${counted(node.minItems, "item")}`;
    report(walk, "too_few_items", { message: `List must have ${expected}`, expected });
  }
  if (node.items === undefined) return;
  for (let i = 0; i < items.length && !isFull(walk); i++) {
    walk.segments.push(i);
    check(node.items, items[i], walk);
    walk.segments.pop();
  }
}

/** What to write instead of an unknown name: the known one that differs in case, or all known ones. */
function knownNames(known: Readonly<Record<string, SchemaNode>>, name: string): string {
  const names = Object.keys(known);
  const folded = name.length > 256 ? undefined : name.toLowerCase();
  const twin = names.find((candidate) => candidate === folded);
  if (twin !== undefined) return `${twin} (names are case-sensitive)`;
  return names.length === 0 ? "no members" : `one of ${names.join(", ")}`;
}

/**
 * Checks the keywords that speak about objects. Only own members count, so that `__proto__` or
 * `constructor` is a name like any other. A member that is `undefined` is absent, as in JSON text.
 */
function checkObject(
  node: SchemaNode,
  value: Readonly<Record<string, unknown>>,
  walk: Walk,
): void {
  const known = node.properties ?? {};
  for (const name of node.required ?? []) {
    if (Object.hasOwn(value, name) && value[name] !== undefined) continue;
    walk.segments.push(name);
    const message = `Member ${quoteName(name)} is missing`;
    report(walk, "missing_member", { message, expected: "a value" });
    walk.segments.pop();
  }
  const closed = node.additionalProperties === false;
  if (!closed && node.properties === undefined) return;
  for (const name of Object.keys(value)) {
    if (isFull(walk)) return;
    const member = value[name];
    if (member === undefined) continue;
    const schema = Object.hasOwn(known, name) ? known[name] : undefined;
    if (schema === undefined && !closed) continue;
    walk.segments.push(name);
    if (schema !== undefined) check(schema, member, walk);
    else {
      const message = `Member ${quoteName(name)} is not known`;
      report(walk, "unknown_member", { message, expected: knownNames(known, name) });
    }
    walk.segments.pop();
  }
}

/** Checks one value at the current place. */
function check(node: SchemaNode, value: unknown, walk: Walk): void {
  const actual = typeName(value);
  if (!hasType(node, actual)) {
    const expected = typeof node.type === "string" ? node.type : node.type.join(" or ");
    const message = `Value must be of type ${expected}, not ${actual}`;
    return report(walk, "type_mismatch", { message, expected });
  }
  if (node.const !== undefined && value !== node.const) {
    const expected = String(node.const);
    report(walk, "const_mismatch", { message: `Value must be ${expected}`, expected });
  }
  if (node.enum !== undefined && !node.enum.some((choice) => choice === value)) {
    const expected = `one of ${node.enum.map((choice) => choice || '""').join(", ")}`;
    report(walk, "enum_mismatch", { message: `Value must be ${expected}`, expected });
  }
  if (typeof value === "string") checkString(node, value, walk);
  else if (typeof value === "number") checkNumber(node, value, walk);
  else if (Array.isArray(value)) checkArray(node, value, walk);
  else if (isJsonObject(value)) checkObject(node, value, walk);
}

/**
 * Checks a value against a compiled schema.
 *
 * @param schema A compiled schema of `schemas/generated`.
 * @param value A parsed JSON or YAML document.
 * @returns All findings, sorted by place and code; empty when the value conforms. After
 * `LIMITS.findings` findings in document order the search stops, so a list of that length may be cut.
 */
export function validate(schema: SchemaNode, value: unknown): Finding[] {
  const walk: Walk = { segments: [], drafts: [] };
  check(schema, value, walk);
  return walk.drafts
    .sort((a, b) => compareSegments(a.segments, b.segments) || compareCodePoints(a.code, b.code))
    .map(({ segments, ...rest }) => ({ path: renderPath(segments), ...rest }));
}
