/**
 * Single use of approval tokens (divergence G13): the store of spent tokens, as a value. The caller reads
 * the file under a lock, calls {@linkcode consume}, and writes the new content durably before anything
 * acts on the allow.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { formatInstant, type Instant, parseTimestamp } from "../base/instant.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { compareCodePoints } from "../base/text_rules.ts";
import { isSha256Hex } from "../digest/hex.ts";
import { parseJson } from "../text/json.ts";
import type { ApprovalTokenCode } from "./codes.ts";
import type { ApprovalCheck } from "./verify.ts";

/** File beside a store that says there was one: without its store, that one was lost. */
export function storeMarker(store: string): string {
  return `${store}.exists`;
}

/** One spent token. */
export interface SpentToken {
  readonly signed_digest: string;
  readonly token_id: string;
  readonly expires_at: Instant;
  readonly consumed_at: Instant;
}

/** The store of spent tokens. */
export interface ConsumptionStore {
  readonly created_at: Instant;
  /** Tokens created before this are refused; `undefined` when no earlier store can have been lost. */
  readonly accepts_from: Instant | undefined;
  /** Tokens that expire up to here may have been forgotten, so they count as expired for good. */
  readonly pruned_until: Instant | undefined;
  /** By signed digest. */
  readonly spent: ReadonlyMap<string, SpentToken>;
}

/** Why a token cannot be spent. */
export interface SpendRefusal {
  readonly token_id: string;
  readonly code: ApprovalTokenCode;
}

/** How spending ended: all tokens or none. */
export type Consumption =
  | { readonly kind: "consumed"; readonly store: ConsumptionStore }
  | { readonly kind: "refused"; readonly refusals: readonly SpendRefusal[] }
  | { readonly kind: "full" };

const SCHEMA = "gait.gate.approval_store";
const MEMBERS = [
  "schema_id",
  "schema_version",
  "created_at",
  "accepts_from",
  "pruned_until",
  "spent",
];
const SPENT_MEMBERS = ["signed_digest", "token_id", "expires_at", "consumed_at"];

/**
 * A new, empty store.
 *
 * @param now Present time.
 * @param options `afterLoss` when there was, or may have been, a store before: what it knew is gone, so
 *   tokens minted before now are refused. Otherwise this is the first use and older tokens are fine.
 */
export function newConsumptionStore(
  now: Instant,
  options: { readonly afterLoss: boolean },
): ConsumptionStore {
  return {
    created_at: now,
    accepts_from: options.afterLoss ? now : undefined,
    pruned_until: undefined,
    spent: new Map(),
  };
}

/** The failure of a store that cannot be relied on. */
function corrupt(source: string, path: string, what: string): GaitError {
  return new GaitError("state_corrupt", `Cannot read approval store: ${what}`, {
    place: { source, path },
    hint: "restore the file; without it, tokens minted so far must be minted again",
  });
}

/** Refuses members that no rule knows. */
function onlyMembers(object: JsonObject, known: readonly string[], at: [string, string]): void {
  const extra = Object.keys(object).find((name) => !known.includes(name));
  if (extra !== undefined) throw corrupt(...at, `unknown member ${extra}`);
}

/** A timestamp member, which must be there. */
function timeOf(object: JsonObject, name: string, at: [string, string]): Instant {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  const parsed = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (parsed === undefined) throw corrupt(at[0], `${at[1]}${name}`, `${name} is not a timestamp`);
  return parsed.instant;
}

/** A timestamp member that may be absent. */
function optionalTime(object: JsonObject, name: string, source: string): Instant | undefined {
  return Object.hasOwn(object, name) ? timeOf(object, name, [source, ""]) : undefined;
}

/** One entry of `spent`. */
function readSpent(entry: JsonValue, source: string, path: string): SpentToken {
  if (!isJsonObject(entry)) throw corrupt(source, path, "an entry is not an object");
  onlyMembers(entry, SPENT_MEMBERS, [source, path]);
  const { signed_digest, token_id } = entry;
  if (typeof signed_digest !== "string" || !isSha256Hex(signed_digest)) {
    throw corrupt(source, `${path}.signed_digest`, "signed_digest is not sha256 hex");
  }
  if (typeof token_id !== "string" || token_id === "") {
    throw corrupt(source, `${path}.token_id`, "token_id is missing");
  }
  return {
    signed_digest,
    token_id,
    expires_at: timeOf(entry, "expires_at", [source, `${path}.`]),
    consumed_at: timeOf(entry, "consumed_at", [source, `${path}.`]),
  };
}

/** The document as an object; the JSON reader's failure becomes one of the store. */
function parseStore(text: string | Uint8Array, source: string): JsonObject {
  let root: JsonValue;
  try {
    root = parseJson(text, { source, maxBytes: LIMITS.stateBytes });
  } catch (cause) {
    const place = cause instanceof GaitError ? cause.place : undefined;
    throw new GaitError("state_corrupt", "Cannot read approval store: the text is not JSON", {
      place: place ?? { source },
      hint: "restore the file; without it, tokens minted so far must be minted again",
      cause,
    });
  }
  if (!isJsonObject(root)) throw corrupt(source, "", "the document is not an object");
  onlyMembers(root, MEMBERS, [source, ""]);
  if (root["schema_id"] !== SCHEMA || root["schema_version"] !== "1.0.0") {
    throw corrupt(source, "schema_id", `the document is not a ${SCHEMA} 1.0.0`);
  }
  return root;
}

/**
 * Reads a store, strictly: whatever is not exactly a store is refused, because a misread one would let
 * a spent token pass.
 *
 * @param text Content of the file; an empty file is not a store.
 * @param options `source` names the file in messages.
 * @throws GaitError `state_corrupt`; the caller must block
 */
export function readConsumptionStore(
  text: string | Uint8Array,
  options: { readonly source: string },
): ConsumptionStore {
  const { source } = options;
  const root = parseStore(text, source);
  const list = root["spent"];
  if (!Array.isArray(list)) throw corrupt(source, "spent", "spent is not a list");
  if (list.length > LIMITS.approvalStoreEntries) throw corrupt(source, "spent", "too many entries");
  const spent = new Map<string, SpentToken>();
  list.forEach((entry, index) => {
    const path = `spent[${index}]`;
    const token = readSpent(entry, source, path);
    if (spent.has(token.signed_digest)) throw corrupt(source, path, "an entry appears twice");
    spent.set(token.signed_digest, token);
  });
  return {
    created_at: timeOf(root, "created_at", [source, ""]),
    accepts_from: optionalTime(root, "accepts_from", source),
    pruned_until: optionalTime(root, "pruned_until", source),
    spent,
  };
}

/** Text of a store's file: two-space indentation, entries sorted by digest, final newline. */
export function encodeConsumptionStore(store: ConsumptionStore): string {
  const spent = [...store.spent.values()]
    .sort((a, b) => compareCodePoints(a.signed_digest, b.signed_digest))
    .map((token) => ({
      signed_digest: token.signed_digest,
      token_id: token.token_id,
      expires_at: formatInstant(token.expires_at),
      consumed_at: formatInstant(token.consumed_at),
    }));
  const { accepts_from, pruned_until } = store;
  const document = {
    schema_id: SCHEMA,
    schema_version: "1.0.0",
    created_at: formatInstant(store.created_at),
    ...(accepts_from === undefined ? {} : { accepts_from: formatInstant(accepts_from) }),
    ...(pruned_until === undefined ? {} : { pruned_until: formatInstant(pruned_until) }),
    spent,
  };
  return encodeJsonPretty(document);
}

/** Drops tokens that have expired, and remembers how far that went. */
function prune(store: ConsumptionStore, now: Instant): ConsumptionStore {
  let until = store.pruned_until;
  const spent = new Map<string, SpentToken>();
  for (const [digest, token] of store.spent) {
    if (token.expires_at > now) spent.set(digest, token);
    else if (until === undefined || token.expires_at > until) until = token.expires_at;
  }
  return { ...store, pruned_until: until, spent };
}

/** Why one verified token cannot be spent. */
function refusalOf(store: ConsumptionStore, check: ApprovalCheck): ApprovalTokenCode | undefined {
  const { claims } = check.token;
  const { accepts_from: from, pruned_until: until } = store;
  if (store.spent.has(check.signed_digest)) return "approval_token_consumed";
  if (from !== undefined && claims.created_at.instant < from) {
    return "approval_token_predates_store";
  }
  // A clock that went back must not revive a token whose entry was dropped after it expired.
  if (until !== undefined && claims.expires_at.instant <= until) return "approval_token_expired";
  return undefined;
}

/**
 * Spends all tokens of one allow together, or none of them.
 *
 * @param store What the file holds.
 * @param tokens The valid tokens of the allow, from {@linkcode countApprovals}.
 * @param options `now` is the time of the decision.
 * @returns The content to write, the refusals, or `full`; on anything but `consumed` the call must not
 *   be allowed.
 * @throws TypeError for a token that was not verified
 */
export function consume(
  store: ConsumptionStore,
  tokens: readonly ApprovalCheck[],
  options: { readonly now: Instant },
): Consumption {
  const { now } = options;
  if (tokens.length === 0 || !tokens.every((check) => check.valid && check.signed_digest !== "")) {
    throw new TypeError("Cannot consume tokens: only verified tokens can be spent");
  }
  const refusals = tokens.flatMap((check) => {
    const code = refusalOf(store, check);
    return code === undefined ? [] : [{ token_id: check.token.claims.token_id, code }];
  });
  if (refusals.length > 0) return { kind: "refused", refusals };
  const pruned = prune(store, now);
  if (pruned.spent.size + tokens.length > LIMITS.approvalStoreEntries) return { kind: "full" };
  const spent = new Map(pruned.spent);
  for (const check of tokens) {
    spent.set(check.signed_digest, {
      signed_digest: check.signed_digest,
      token_id: check.token.claims.token_id,
      expires_at: check.token.claims.expires_at.instant,
      consumed_at: now,
    });
  }
  return { kind: "consumed", store: { ...pruned, spent } };
}
