/**
 * Free-form values: `args` and `context.auth_context` (spec 02 §2.1).
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { trim } from "../base/text_rules.ts";
import { isPlainRecord } from "../jcs/plain.ts";
import { setOwn } from "../text/own.ts";
import { foreignMember, intentError, type Path, quoted } from "./_fields.ts";

/** What one walk carries along. */
interface Walk {
  /** Name of the field, for messages. */
  readonly name: string;
  /** Values that may still be visited. */
  nodes: number;
}

/** Adds a member; plain assignment is faster, but to `__proto__` it would change the prototype. */
function addMember(object: JsonObject, key: string, value: JsonValue): void {
  if (key === "__proto__") setOwn(object, { key, value });
  else object[key] = value;
}

/** The error for what only a library caller can pass: `undefined`, functions, dates, class instances. */
function inexpressible(walk: Walk): Error {
  return intentError(`${walk.name} contains a value that JSON cannot express`, walk.name);
}

/** Copies an object with trimmed keys; keys that become empty or equal are refused (divergence P3). */
function copyObject(source: JsonObject, walk: Walk, depth: number): JsonObject {
  if (!isPlainRecord(source)) throw inexpressible(walk);
  const out: JsonObject = {};
  const keys = Object.keys(source);
  let changed = false;
  for (const key of keys) {
    const name = trim(key);
    if (name === "") throw intentError(`${walk.name} contains empty key`, walk.name);
    if (name !== key) changed = true;
    addMember(out, name, copyValue(source[key] as JsonValue, walk, depth + 1));
  }
  if (changed && Object.keys(out).length !== keys.length) throw collision(keys, walk.name);
  return out;
}

/** The error for keys that are equal after trimming. */
function collision(keys: readonly string[], path: Path): Error {
  const seen = new Set<string>();
  const name = keys.map(trim).find((key) => seen.size === seen.add(key).size) ?? "";
  return intentError(
    `${path} has two keys that are both ${quoted(name)} without surrounding white space`,
    foreignMember(path, name),
    "remove one of them",
  );
}

/** Whether a value is a scalar that JSON has. A library caller may pass anything. */
function isScalar(value: unknown): boolean {
  return value === null || typeof value === "boolean" || Number.isFinite(value);
}

/** Copies a value: strings trimmed, everything else as it is. */
function copyValue(value: JsonValue, walk: Walk, depth: number): JsonValue {
  if (typeof value === "string") return trim(value);
  if (isScalar(value)) return value;
  if (typeof value !== "object" || value === null) throw inexpressible(walk);
  walk.nodes -= 1;
  if (depth > LIMITS.textDepth || walk.nodes < 0) {
    throw intentError(`${walk.name} nests too deep or holds too many values`, walk.name);
  }
  if (!Array.isArray(value)) return copyObject(value, walk, depth);
  walk.nodes -= value.length;
  const out: JsonValue[] = [];
  for (const item of value) out.push(copyValue(item, walk, depth + 1));
  return out;
}

/**
 * Normalises a free-form object: keys and strings trimmed at every level, array order kept, numbers,
 * booleans and null unchanged (spec 02 §2.1). The result shares nothing with the input, so that a caller
 * who changes its object later does not change what was judged.
 *
 * @param source The object as given.
 * @param name Path of the field, for messages.
 * @throws GaitError `intent_invalid` for an empty key, colliding keys, or excess depth or size.
 */
export function normalizeFreeObject(source: JsonObject, name: Path): JsonObject {
  return copyObject(source, { name, nodes: LIMITS.textNodes }, 0);
}
