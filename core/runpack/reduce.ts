/**
 * Reducing a pack to one failing call (spec 01 §11.8): the smallest pack that still shows the failure.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { toUtc } from "../base/instant.ts";
import { isJsonObject, type JsonValue } from "../base/json_value.ts";
import { compareCodePoints, lower, trim } from "../base/text_rules.ts";
import type { IntentRecord, ResultRecord, RunContent } from "./model.ts";

/** What counts as failing. */
export type ReducePredicate = "missing_result" | "non_ok_status";

/** All predicates. */
export const REDUCE_PREDICATES: readonly ReducePredicate[] = ["missing_result", "non_ok_status"];

/** What was reduced, members in file order. */
export interface ReduceReport {
  readonly schema_id: "gait.runpack.reduce_report";
  readonly schema_version: "1.0.0";
  /** Time of the run, UTC. */
  readonly created_at: string;
  readonly producer_version: string;
  readonly run_id: string;
  readonly reduced_run_id: string;
  readonly predicate: ReducePredicate;
  readonly selected_intent_id: string;
  readonly original_intent_count: number;
  readonly reduced_intent_count: number;
  readonly original_result_count: number;
  readonly reduced_result_count: number;
  readonly original_ref_count: number;
  readonly reduced_ref_count: number;
  readonly still_failing: true;
}

/** A reduced pack and its report. */
export interface ReducedRun {
  /** The kept records. */
  readonly pack: RunContent;
  readonly report: ReduceReport;
}

/** Whether a result failed. */
function failed(result: ResultRecord): boolean {
  const status = lower(trim(result.status));
  return status !== "ok" && status !== "success";
}

/** Results by intent id, each list in file order. */
function resultsById(pack: RunContent): Map<string, ResultRecord[]> {
  const out = new Map<string, ResultRecord[]>();
  for (const result of pack.results) {
    const list = out.get(result.intent_id);
    if (list === undefined) out.set(result.intent_id, [result]);
    else list.push(result);
  }
  return out;
}

/** The first failing call by id, and the result that shows it. */
function select(
  pack: RunContent,
  predicate: ReducePredicate,
): { readonly intent: IntentRecord; readonly results: ResultRecord[] } | undefined {
  const byId = resultsById(pack);
  const first = new Map<string, IntentRecord>();
  for (const intent of pack.intents) {
    const id = intent.intent_id;
    if (id !== "" && !first.has(id)) first.set(id, intent);
  }
  for (const [id, intent] of [...first].sort(([a], [b]) => compareCodePoints(a, b))) {
    const results = byId.get(id) ?? [];
    if (predicate === "missing_result") {
      if (results.length === 0) return { intent, results };
      continue;
    }
    const bad = results.find(failed);
    if (bad !== undefined) return { intent, results: [bad] };
  }
  return undefined;
}

/** Collects texts that name receipts: under a key with `ref` in it, or starting with `ref_`. */
function collectRefs(value: JsonValue, key: string, out: Set<string>): void {
  if (typeof value === "string") {
    const text = trim(value);
    if (text !== "" && (lower(key).includes("ref") || text.startsWith("ref_"))) out.add(text);
  } else if (Array.isArray(value)) {
    for (const item of value) collectRefs(item, key, out);
  } else if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) collectRefs(item, name, out);
  }
}

/** Run id of the reduced pack. */
export function reducedRunId(runId: string, predicate: ReducePredicate): string {
  const plain = trim(runId);
  const prefix = plain.startsWith("run_") ? "" : "run_";
  return `${prefix}${plain}_reduced_${predicate.replaceAll("_", "")}`;
}

/** The records that stay, all under the reduced run id. */
function keptPack(
  pack: RunContent,
  selected: { readonly intent: IntentRecord; readonly results: readonly ResultRecord[] },
  run_id: string,
): RunContent {
  const { intent, results } = selected;
  const names = new Set<string>();
  collectRefs(intent.args ?? {}, "", names);
  for (const { result = {} } of results) collectRefs(result, "", names);
  const receipts = pack.refs.receipts.filter(({ ref_id }) => names.has(ref_id))
    .sort((a, b) => compareCodePoints(a.ref_id, b.ref_id));
  const timeline = (pack.run.timeline ?? []).filter(({ ref = "" }) =>
    ref === "" || ref === intent.intent_id
  );
  return {
    run: { ...pack.run, run_id, timeline },
    intents: [{ ...intent, run_id }],
    results: results.map((result) => ({ ...result, run_id })),
    refs: { ...pack.refs, run_id, receipts },
  };
}

/**
 * Reduces a pack.
 *
 * @param pack A verified pack.
 * @param predicate What to look for.
 * @throws GaitError `invalid_input` when no call fails that way
 */
export function reduceRun(pack: RunContent, predicate: ReducePredicate): ReducedRun {
  const selected = select(pack, predicate);
  if (selected === undefined) {
    throw new GaitError("invalid_input", `Cannot reduce the run: no intent has ${predicate}`, {
      hint: "choose the other --predicate; gait run inspect shows every call",
    });
  }
  const { run, refs } = pack;
  const reduced_run_id = reducedRunId(run.run_id, predicate);
  const reduced = keptPack(pack, selected, reduced_run_id);
  return {
    pack: reduced,
    report: {
      schema_id: "gait.runpack.reduce_report",
      schema_version: "1.0.0",
      created_at: toUtc(run.created_at) ?? run.created_at,
      producer_version: run.producer_version,
      run_id: run.run_id,
      reduced_run_id,
      predicate,
      selected_intent_id: selected.intent.intent_id,
      original_intent_count: pack.intents.length,
      reduced_intent_count: reduced.intents.length,
      original_result_count: pack.results.length,
      reduced_result_count: reduced.results.length,
      original_ref_count: refs.receipts.length,
      reduced_ref_count: reduced.refs.receipts.length,
      still_failing: true,
    },
  };
}
