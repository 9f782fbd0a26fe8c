/**
 * Reading members the way the reference's decoder does (spec 03 §3.1): names in any case, unknown ones
 * ignored, `null` like absent. Stricter where two readings are possible: a name given twice is refused.
 *
 * @module
 */

import { normalizeTimestamp, ZERO_TIME } from "../base/instant.ts";
import { lower } from "../base/text_rules.ts";
import type { MapNode, TextNode } from "../text/node.ts";

/** Members of one object, by lower-case name. */
export type Members = ReadonlyMap<string, TextNode>;

/** Why a record is not acceptable; turned into an error with its line by the caller. */
export class BadRecord extends Error {
  /** Class name for readers of a stack trace. */
  override readonly name = "BadRecord";
}

/** Indexes the members of an object. */
export function membersOf(node: MapNode): Members {
  const out = new Map<string, TextNode>();
  for (const { key, value } of node.entries) {
    const name = lower(key.text);
    if (out.has(name)) throw new BadRecord(`member ${JSON.stringify(name)} occurs twice`);
    out.set(name, value);
  }
  return out;
}

/** A member that is there and not `null`. */
function present(members: Members, name: string): TextNode | undefined {
  const node = members.get(name);
  return node?.kind === "scalar" && node.type === "null" ? undefined : node;
}

/** Whether a member is there and `null`. */
export function isNull(members: Members, name: string): boolean {
  return members.has(name) && present(members, name) === undefined;
}

/** An object; `undefined` when absent. */
export function objectMember(members: Members, name: string): Members | undefined {
  const node = present(members, name);
  if (node === undefined) return undefined;
  if (node.kind !== "map") throw new BadRecord(`${name} is not an object`);
  return membersOf(node);
}

/** A text; "" when absent. */
export function textMember(members: Members, name: string): string {
  const node = present(members, name);
  if (node === undefined) return "";
  if (node.kind !== "scalar" || typeof node.value !== "string") {
    throw new BadRecord(`${name} is not a string`);
  }
  return node.value;
}

/** An integer in integer spelling; 0 when absent. */
export function integerMember(members: Members, name: string): number {
  const node = present(members, name);
  if (node === undefined) return 0;
  const { value } = node as { value?: unknown };
  if (node.kind !== "scalar" || node.type !== "int" || typeof value !== "number") {
    throw new BadRecord(`${name} is not an integer`);
  }
  return value;
}

/** A time in its shortest form, offset kept; the zero time when absent. */
export function timeMember(members: Members, name: string): string {
  if (present(members, name) === undefined) return ZERO_TIME;
  const time = normalizeTimestamp(textMember(members, name));
  if (time === undefined) throw new BadRecord(`${name} is not an RFC 3339 time`);
  return time;
}

/** A list of objects; empty when absent. */
export function objectsMember(members: Members, name: string): Members[] {
  const node = present(members, name);
  if (node === undefined) return [];
  if (node.kind !== "seq") throw new BadRecord(`${name} is not an array`);
  return node.items.map(({ value }) => {
    if (value.kind !== "map") throw new BadRecord(`${name} holds something that is no object`);
    return membersOf(value);
  });
}

/** A list of texts; empty when absent. */
export function textsMember(members: Members, name: string): string[] {
  const node = present(members, name);
  if (node === undefined) return [];
  if (node.kind !== "seq") throw new BadRecord(`${name} is not an array`);
  return node.items.map(({ value }) => {
    if (value.kind !== "scalar" || typeof value.value !== "string") {
      throw new BadRecord(`${name} holds something that is no string`);
    }
    return value.value;
  });
}
