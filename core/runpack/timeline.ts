/**
 * What happened in a run, intent by intent (spec 01 §11.5).
 *
 * @module
 */

import { toUtc } from "../base/instant.ts";
import type { JsonObject, JsonValue } from "../base/json_value.ts";
import { compareCodePoints, sortedSet, trim } from "../base/text_rules.ts";
import type { IntentRecord, ResultRecord } from "./model.ts";
import type { ReadPack } from "./read_pack.ts";

/** What a result says about a decision. */
export interface ResultFacts {
  readonly status: string;
  readonly result_digest: string;
  readonly verdict: string;
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
}

/** One intent with its first result. */
export interface TimelineEntry extends Partial<ResultFacts> {
  /** Counted from 1. */
  readonly index: number;
  readonly intent_id: string;
  readonly tool_name: string;
  /** In UTC. */
  readonly created_at: string;
  readonly args_digest: string;
}

/** A result that no intent asked for. */
export interface UnmatchedResult extends ResultFacts {
  readonly intent_id: string;
}

/** A run for display. */
export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  readonly unmatched: readonly UnmatchedResult[];
  readonly warnings: readonly string[];
}

/** Trimmed, distinct, sorted texts of a list or of a single text. */
function texts(value: JsonValue | undefined): string[] {
  const list = Array.isArray(value) ? value : [value];
  const found = list.filter((item) => typeof item === "string").map(trim);
  return sortedSet(found.filter((item) => item !== ""));
}

/** A member of a result body. */
function own(body: JsonObject | undefined, name: string): JsonValue | undefined {
  return body !== undefined && Object.hasOwn(body, name) ? body[name] : undefined;
}

function factsOf(record: ResultRecord): ResultFacts {
  const verdict = own(record.result, "verdict");
  return {
    status: record.status,
    result_digest: record.result_digest,
    verdict: typeof verdict === "string" ? trim(verdict) : "",
    reason_codes: texts(own(record.result, "reason_codes")),
    violations: texts(own(record.result, "violations")),
  };
}

/** First result of every intent id, and the ids that have several. */
function firstResults(results: readonly ResultRecord[]) {
  const first = new Map<string, ResultRecord>();
  const repeated = new Set<string>();
  for (const record of results) {
    if (first.has(record.intent_id)) repeated.add(record.intent_id);
    else first.set(record.intent_id, record);
  }
  return { first, repeated };
}

function entryOf(intent: IntentRecord, index: number, result: ResultRecord | undefined) {
  return {
    index: index + 1,
    intent_id: intent.intent_id,
    tool_name: intent.tool_name,
    created_at: toUtc(intent.created_at) ?? intent.created_at,
    args_digest: intent.args_digest,
    ...(result === undefined ? {} : factsOf(result)),
  };
}

/** Warnings about ids with several results. */
function warningsOf(repeated: ReadonlySet<string>): string[] {
  const shown = [...repeated].map((id) => id === "" ? "(empty)" : id).sort(compareCodePoints);
  return shown.map((id) => `multiple result records for intent_id=${id} (kept first)`);
}

/** Lays out a run in the order of its intents. */
export function timelineOf(pack: Pick<ReadPack, "intents" | "results">): Timeline {
  const { first, repeated } = firstResults(pack.results);
  const asked = new Set(pack.intents.map(({ intent_id }) => intent_id));
  const unmatched = pack.results.filter(({ intent_id }) => !asked.has(intent_id))
    .map((record) => ({ intent_id: record.intent_id, ...factsOf(record) }))
    .sort((a, b) =>
      compareCodePoints(a.intent_id, b.intent_id) ||
      compareCodePoints(a.result_digest, b.result_digest)
    );
  return {
    entries: pack.intents.map((intent, i) => entryOf(intent, i, first.get(intent.intent_id))),
    unmatched,
    warnings: warningsOf(repeated),
  };
}
