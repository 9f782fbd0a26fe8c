/**
 * The leaves in which two JSON values differ.
 *
 * @module
 */

import { isJsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { sortedSet } from "../base/text_rules.ts";

/** One difference; a side that lacks the leaf has no member. */
export interface LeafChange {
  /** Path, for example `intent.args.url`. */
  readonly path: string;
  readonly left?: JsonValue;
  readonly right?: JsonValue;
}

/** Members of a container by key; `undefined` for a leaf. */
function members(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item, i) => [`[${i}]`, item]));
  return isJsonObject(value) ? new Map(Object.entries(value)) : undefined;
}

function joined(path: string, key: string): string {
  return path === "" || key.startsWith("[") ? path + key : `${path}.${key}`;
}

/**
 * Lists differing leaves, sorted by path, at most `LIMITS.findings`.
 *
 * @param left A value.
 * @param right Another value.
 */
export function leafChanges(
  left: JsonValue | undefined,
  right: JsonValue | undefined,
): LeafChange[] {
  const out: LeafChange[] = [];
  function walk(a: JsonValue | undefined, b: JsonValue | undefined, path: string): void {
    if (out.length >= LIMITS.findings || a === b) return;
    const [inA, inB] = [members(a), members(b)];
    // An empty container is a leaf: there is nothing inside that could differ.
    const descend = (inA?.size ?? 0) + (inB?.size ?? 0) > 0 &&
      (inA !== undefined || a === undefined) && (inB !== undefined || b === undefined);
    if (!descend) {
      if (inA !== undefined && inB !== undefined) return;
      out.push({
        path,
        ...(a === undefined ? {} : { left: a }),
        ...(b === undefined ? {} : { right: b }),
      });
      return;
    }
    for (const key of sortedSet([...inA?.keys() ?? [], ...inB?.keys() ?? []])) {
      walk(inA?.get(key), inB?.get(key), joined(path, key));
    }
  }
  walk(left, right, "");
  return out;
}
