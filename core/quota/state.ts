/**
 * The file that counts calls per window (spec 02 §8), as a value.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { isJsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { compareCodePoints, trim } from "../base/text_rules.ts";
import { parseJson } from "../text/json.ts";

/** Length of a counting window. */
export type QuotaWindow = "minute" | "hour";

/** Counts by full key, `<window>|<scope>|<bucket start>|<scope key>`. */
export interface RateLimitState {
  readonly counters: ReadonlyMap<string, number>;
}

/** The parts of a full key. */
export interface CounterKey {
  /** `minute` or `hour`; other text in a file of unknown origin. */
  readonly window: string;
  readonly scope: string;
  /** Start of the window as written; any text in a file of unknown origin. */
  readonly bucket: string;
  /** Tool, identity, or `tool|identity`. */
  readonly key: string;
}

/** A state without any counter. */
export const EMPTY_RATE_LIMIT_STATE: RateLimitState = { counters: new Map() };

/**
 * Splits a full key at its first three bars.
 *
 * @returns `undefined` when there are fewer than three bars.
 */
export function splitCounterKey(full: string): CounterKey | undefined {
  const first = full.indexOf("|");
  const second = full.indexOf("|", first + 1);
  const third = full.indexOf("|", second + 1);
  if (first < 0 || second < 0 || third < 0) return undefined;
  return {
    window: full.slice(0, first),
    scope: full.slice(first + 1, second),
    bucket: full.slice(second + 1, third),
    key: full.slice(third + 1),
  };
}

/** The failure of a state file that cannot be counted on. */
function corrupt(source: string, path: string, what: string): GaitError {
  return new GaitError("state_corrupt", `Cannot read rate limit state: ${what}`, {
    place: { source, path },
    hint: "inspect the file; gait rate-limit reset starts it anew",
  });
}

/** One entry of `counters` as key and count; `null` is the empty entry. */
function readCounter(entry: JsonValue, source: string, path: string): [string, number] {
  if (entry === null) return ["", 0];
  if (!isJsonObject(entry)) throw corrupt(source, path, "a counter is not an object");
  const key = Object.hasOwn(entry, "key") ? entry["key"] : null;
  const count = Object.hasOwn(entry, "count") ? entry["count"] : null;
  if (key !== null && typeof key !== "string") throw corrupt(source, path, "a key is not a string");
  if (count !== null && !(typeof count === "number" && Number.isSafeInteger(count))) {
    throw corrupt(source, path, "a count is not an integer");
  }
  return [trim(key ?? ""), count ?? 0];
}

/**
 * Reads a state file. Members other than `counters` are not looked at, as in the reference; counts of
 * zero or less are dropped; counters of the same key are added up, so that no edit can hide a count.
 *
 * @param text Content of the file.
 * @param options `source` names the file in messages.
 * @throws GaitError `state_corrupt` when the text is not a state; the caller must block.
 */
export function readRateLimitState(
  text: string | Uint8Array,
  options: { readonly source: string },
): RateLimitState {
  const { source } = options;
  let root: JsonValue;
  try {
    root = parseJson(text, { source, maxBytes: LIMITS.stateBytes });
  } catch (cause) {
    throw new GaitError("state_corrupt", "Cannot read rate limit state: the text is not JSON", {
      place: cause instanceof GaitError && cause.place !== undefined ? cause.place : { source },
      hint: "inspect the file; gait rate-limit reset starts it anew",
      cause,
    });
  }
  if (!isJsonObject(root)) throw corrupt(source, "", "the document is not an object");
  const list = Object.hasOwn(root, "counters") ? root["counters"] ?? [] : [];
  if (!Array.isArray(list)) throw corrupt(source, "counters", "counters is not a list");
  if (list.length > LIMITS.rateLimitCounters) {
    throw corrupt(source, "counters", `more than ${LIMITS.rateLimitCounters} counters`);
  }
  const counters = new Map<string, number>();
  list.forEach((entry, index) => {
    const [key, count] = readCounter(entry, source, `counters[${index}]`);
    if (count <= 0) return;
    const sum = (counters.get(key) ?? 0) + count;
    counters.set(key, Math.min(sum, Number.MAX_SAFE_INTEGER));
  });
  return { counters };
}

/**
 * Writes a state as the reference does: two-space indentation, counters sorted by key (spec 02 §8).
 *
 * @param state Any state.
 * @returns The text of the file, with final newline.
 */
export function encodeRateLimitState(state: RateLimitState): string {
  const counters = [...state.counters]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([key, count]) => ({ key, count }));
  const document = {
    schema_id: "gait.gate.rate_limit_state",
    schema_version: "1.0.0",
    counters,
  };
  return encodeJsonPretty(document);
}
