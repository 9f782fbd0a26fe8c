/**
 * The members of a trace as a table, and decoding by it. A signature covers the decoded values, not the
 * text: empty optional members count as absent, times as their normal form (spec 01 §3 and §12).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { normalizeTimestamp, ZERO_TIME } from "../base/instant.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";

/** One member of a record. */
export interface Member {
  readonly name: string;
  readonly kind: "text" | "time" | "number" | "count" | "texts" | readonly Member[];
  /** Part of the signed form although empty. */
  readonly always?: true;
}

/** A member that is part of the signed form although empty. */
function always(name: string, kind: Member["kind"] = "text"): Member {
  return { name, kind, always: true };
}

/** A member that is left out when empty. */
function optional(name: string, kind: Member["kind"] = "text"): Member {
  return { name, kind };
}

const DELEGATION_REF: readonly Member[] = [
  optional("delegation_token_ref"),
  optional("requester_identity"),
  optional("delegation_depth", "count"),
  optional("scope_class"),
  optional("chain_digest"),
  optional("reason_codes", "texts"),
];

const SKILL_PROVENANCE: readonly Member[] = [
  always("skill_name"),
  optional("skill_version"),
  always("source"),
  always("publisher"),
  optional("digest"),
  optional("signature_key_id"),
];

/** Members of a trace but its signature, in file order. */
export const TRACE_MEMBERS: readonly Member[] = [
  always("schema_id"),
  always("schema_version"),
  always("created_at", "time"),
  always("observed_at", "time"),
  always("producer_version"),
  always("trace_id"),
  optional("event_id"),
  optional("correlation_id"),
  always("tool_name"),
  always("args_digest"),
  always("intent_digest"),
  always("policy_digest"),
  always("verdict"),
  optional("violations", "texts"),
  optional("latency_ms", "number"),
  optional("approval_token_ref"),
  optional("delegation_ref", DELEGATION_REF),
  optional("skill_provenance", SKILL_PROVENANCE),
];

/** Members of a signature object, for their types. */
export const SIGNATURE_OBJECT: readonly Member[] = [
  optional("alg"),
  optional("key_id"),
  optional("sig"),
  optional("signed_digest"),
];

/** A decoded object. */
export interface Decoded {
  /** Known members in their normal form. */
  readonly known: JsonObject;
  /** Known members in their normal form, and all others as found. */
  readonly full: JsonObject;
  /** Paths of the others. */
  readonly unknown: readonly string[];
}

/** The refusal of a member that has the wrong type. */
function wrongType(path: string, wanted: string): GaitError {
  return new GaitError("schema_violation", `Cannot read ${path}: not ${wanted}`, {
    place: { path },
  });
}

/** Decodes a list of texts; a null element is an empty text, as the reference reads it. */
function decodeTexts(raw: JsonValue, path: string): string[] {
  if (!Array.isArray(raw)) throw wrongType(path, "a list of strings");
  return raw.map((item, i) => {
    if (item !== null && typeof item !== "string") throw wrongType(`${path}[${i}]`, "a string");
    return item ?? "";
  });
}

/**
 * Decodes a time and normalises it; its offset stays. No producer writes a comma as fraction separator,
 * so a record that has one was edited (spec 01 §3, known weakness).
 */
function decodeTime(raw: JsonValue, path: string): string {
  const plain = typeof raw === "string" && !raw.includes(",");
  const time = plain ? normalizeTimestamp(raw) : undefined;
  if (time === undefined) throw wrongType(path, "an RFC 3339 timestamp");
  return time;
}

/** Decodes a number; counts are whole. */
function decodeNumber(raw: JsonValue, path: string, kind: "number" | "count"): number {
  if (typeof raw !== "number") throw wrongType(path, "a number");
  if (kind === "count" && !Number.isSafeInteger(raw)) throw wrongType(path, "a whole number");
  return raw;
}

/** Normal form of a leaf; `undefined` when it is empty. */
function decodeLeaf(
  raw: JsonValue,
  path: string,
  kind: "text" | "time" | "number" | "count" | "texts",
): JsonValue | undefined {
  switch (kind) {
    case "text":
      if (typeof raw !== "string") throw wrongType(path, "a string");
      return raw === "" ? undefined : raw;
    case "time":
      return decodeTime(raw, path);
    case "texts": {
      const list = decodeTexts(raw, path);
      return list.length === 0 ? undefined : list;
    }
    default: {
      const value = decodeNumber(raw, path, kind);
      return value === 0 ? undefined : value;
    }
  }
}

/** The two forms of one member; `undefined` when it is left out of both. */
function decodeMember(
  member: Member,
  raw: JsonValue | undefined,
  path: string,
): { known: JsonValue; full: JsonValue; unknown: readonly string[] } | undefined {
  const { kind } = member;
  if (typeof kind !== "string") {
    if (raw === undefined || raw === null) return undefined;
    if (!isJsonObject(raw)) throw wrongType(path, "an object");
    return decodeObject(raw, kind, `${path}.`);
  }
  const given = raw === undefined || raw === null ? undefined : decodeLeaf(raw, path, kind);
  const empty = kind === "time" ? ZERO_TIME : "";
  const value = given ?? (member.always ? empty : undefined);
  return value === undefined ? undefined : { known: value, full: value, unknown: [] };
}

/**
 * Decodes an object by a table.
 *
 * @param source The object as parsed.
 * @param members Its known members.
 * @param prefix Path of the object with a dot behind it, for messages; "" at the top.
 * @throws GaitError `schema_violation` when a member has the wrong type
 */
export function decodeObject(
  source: JsonObject,
  members: readonly Member[],
  prefix = "",
): Decoded {
  const known: JsonObject = {};
  const others = new Map(Object.entries(source));
  const full: [string, JsonValue][] = [];
  const unknown: string[] = [];
  for (const member of members) {
    const decoded = decodeMember(member, others.get(member.name), `${prefix}${member.name}`);
    others.delete(member.name);
    if (decoded === undefined) continue;
    known[member.name] = decoded.known;
    full.push([member.name, decoded.full]);
    unknown.push(...decoded.unknown);
  }
  for (const name of others.keys()) unknown.push(`${prefix}${name}`);
  // fromEntries defines members, so that one named __proto__ stays data.
  return { known, full: Object.fromEntries([...full, ...others]), unknown };
}
