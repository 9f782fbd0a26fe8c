/**
 * Reading one mapping of the syntax tree: only known keys, each with the type that the policy asks for.
 * Every problem becomes a finding; reading goes on with the default.
 *
 * @module
 */

import { LIMITS } from "../base/limits.ts";
import { lower, lowerList, trim, uniqueSorted } from "../base/text_rules.ts";
import type { MapNode, Position, ScalarNode, SeqNode, TextNode } from "../text/node.ts";
import { quoted, type Reading, report, shown } from "./finding.ts";
import { scalarInteger, scalarText } from "./_scalar.ts";

/** A mapping that is being read. */
export interface Fields {
  readonly reading: Reading;
  /** Path of the mapping; "" for the document. */
  readonly path: string;
  /** The mapping; `undefined` when it is absent, so that every field has its default. */
  readonly node: MapNode | undefined;
  /** Where findings about absent fields point. */
  readonly place: Position;
}

/** The words of the reference for kinds of node (spec 02 §4.1). */
export function kindOf(node: TextNode): string {
  if (node.kind === "map") return "mapping";
  if (node.kind === "seq") return "sequence";
  return node.type;
}

/** Path of a member. */
export function pathTo(fields: Fields, key: string): string {
  return fields.path === "" ? key : `${fields.path}.${key}`;
}

/** Node under a key, or `undefined`. */
export function nodeAt(fields: Fields, key: string): TextNode | undefined {
  return fields.node?.entries.find((entry) => entry.key.text === key)?.value;
}

/** Where a finding about a field points: its value, or the mapping that lacks it. */
export function placeOf(fields: Fields, key: string): Position {
  return nodeAt(fields, key)?.start ?? fields.place;
}

/** Reports that a field has a value outside its closed set or is missing. */
export function reportField(fields: Fields, key: string, message: string): void {
  report(fields.reading, placeOf(fields, key), { path: pathTo(fields, key), message, key });
}

/** Reports every key that is not among the known ones. */
export function rejectUnknownKeys(fields: Fields, known: readonly string[]): void {
  for (const entry of fields.node?.entries ?? []) {
    const key = entry.key.text;
    if (known.includes(key)) continue;
    report(fields.reading, entry.key.start, {
      path: pathTo(fields, key),
      message: `unknown field ${quoted(key)}`,
      key,
      suggest: { word: key, among: known },
    });
  }
}

/** What {@linkcode fieldsOf} has to know about a mapping. */
export interface FieldsOptions {
  readonly reading: Reading;
  readonly path: string;
  readonly known: readonly string[];
  /** Where findings point when the mapping is absent. */
  readonly place: Position;
}

/** Starts reading a node that must be a mapping; null counts as absent. */
export function fieldsOf(node: TextNode | undefined, options: FieldsOptions): Fields {
  const { reading, path, known } = options;
  const place = node?.start ?? options.place;
  const isNull = node?.kind === "scalar" && node.type === "null";
  if (node !== undefined && node.kind !== "map" && !isNull) {
    const message = `${kindOf(node)} was used where mapping is expected`;
    report(reading, place, { path, message: path === "" ? message : `${path}: ${message}` });
  }
  const map = node?.kind === "map" ? node : undefined;
  const fields: Fields = { reading, path, node: map, place };
  rejectUnknownKeys(fields, known);
  return fields;
}

/** Starts reading the mapping under a key. */
export function mapAt(fields: Fields, key: string, known: readonly string[]): Fields {
  const { reading, place } = fields;
  return fieldsOf(nodeAt(fields, key), { reading, path: pathTo(fields, key), known, place });
}

/** Scalar under a key; anything else becomes a finding. */
function scalarAt(fields: Fields, key: string, wanted: string): ScalarNode | undefined {
  const node = nodeAt(fields, key);
  if (node === undefined || node.kind === "scalar") return node;
  reportField(fields, key, `${key}: ${kindOf(node)} was used where ${wanted} is expected`);
  return undefined;
}

/** Text under a key, neither trimmed nor folded; "" when absent. */
export function textAt(fields: Fields, key: string): string {
  const node = scalarAt(fields, key, "string");
  if (node === undefined) return "";
  const text = scalarText(node);
  if (text === undefined) {
    reportField(fields, key, `${key}: quote ${shown(node.text)}, it is no text as it stands`);
  }
  return text ?? "";
}

/** Trimmed text under a key; "" when absent. */
export function trimmedAt(fields: Fields, key: string): string {
  return trim(textAt(fields, key));
}

/** Trimmed lower-case text under a key; "" when absent. */
export function wordAt(fields: Fields, key: string): string {
  return lower(trimmedAt(fields, key));
}

/** Truth value under a key; false when absent. */
export function boolAt(fields: Fields, key: string): boolean {
  const node = scalarAt(fields, key, "bool");
  if (node === undefined) return false;
  if (node.type === "bool") return node.value === true;
  if (node.type === "null") {
    warnNull(fields, key, "false");
    return false;
  }
  const hint = `${key} must be a bool (true or false without quotes), not ${shown(node.text)}`;
  reportField(fields, key, hint);
  return false;
}

/** Integer under a key; 0 when absent. */
export function intAt(fields: Fields, key: string): number {
  const node = scalarAt(fields, key, "int");
  if (node === undefined) return 0;
  const value = scalarInteger(node);
  if (value === undefined) {
    reportField(fields, key, `${key} must be a whole number, not ${shown(node.text)}`);
    return 0;
  }
  if (node.type === "null") warnNull(fields, key, "0");
  return value;
}

/** Whether a key is present with something other than null. */
export function isSet(fields: Fields, key: string): boolean {
  const node = nodeAt(fields, key);
  return node !== undefined && !(node.kind === "scalar" && node.type === "null");
}

function warnNull(fields: Fields, key: string, meaning: string): void {
  if (fields.reading.warnings.length >= LIMITS.findings) return;
  fields.reading.warnings.push({
    code: "null_value",
    message: `${key} is null, which means ${meaning}`,
    path: pathTo(fields, key),
    ...placeOf(fields, key),
  });
}

/** Sequence under a key; null counts as absent, anything else becomes a finding. */
export function seqAt(fields: Fields, key: string): SeqNode | undefined {
  const node = nodeAt(fields, key);
  if (node === undefined || !isSet(fields, key)) return undefined;
  if (node.kind === "seq") return node;
  reportField(fields, key, `${key}: ${kindOf(node)} was used where sequence is expected`);
  return undefined;
}

/** Texts of a sequence, null items dropped later by normalisation. */
function textsAt(fields: Fields, key: string): string[] {
  const texts: string[] = [];
  const items = seqAt(fields, key)?.items ?? [];
  for (const [index, { value }] of items.entries()) {
    const text = value.kind === "scalar" ? scalarText(value) : undefined;
    if (text !== undefined) {
      texts.push(text);
      continue;
    }
    const path = `${pathTo(fields, key)}[${index}]`;
    const message = value.kind === "scalar"
      ? `${key}: quote ${shown(value.text)}, it is no text as it stands`
      : `${key}: ${kindOf(value)} was used where string is expected`;
    report(fields.reading, value.start, { path, message, key });
  }
  return texts;
}

/** List under a key: trimmed, sorted, free of duplicates and empty texts; case is kept. */
export function listAt(fields: Fields, key: string): readonly string[] {
  return uniqueSorted(textsAt(fields, key));
}

/** List under a key, lower-cased besides. */
export function wordsAt(fields: Fields, key: string): readonly string[] {
  return lowerList(textsAt(fields, key));
}
