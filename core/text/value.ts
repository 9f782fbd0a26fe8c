/**
 * From the syntax tree to plain values.
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json_value.ts";
import type { TextNode } from "./node.ts";
import { setOwn } from "./own.ts";

/**
 * The plain value of a tree. Nothing is shared between the parts of the result, and a key named
 * `__proto__` is an own property. The readers bound depth and size, so the recursion is bounded too.
 *
 * @param node A node from one of our readers.
 */
export function toJsonValue(node: TextNode): JsonValue {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "seq") return node.items.map((item) => toJsonValue(item.value));
  const out: JsonObject = {};
  for (const entry of node.entries) {
    setOwn(out, { key: entry.key.text, value: toJsonValue(entry.value) });
  }
  return out;
}
