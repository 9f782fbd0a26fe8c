/**
 * Differences between two runs (spec 01 §11.7, divergence: `run.json`, order and duplicates count too).
 * Ids of the run, producer, and times are ignored: they differ between any two recordings.
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json_value.ts";
import { sortedSet } from "../base/text_rules.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import { type LeafChange, leafChanges } from "./_leaf_changes.ts";
import type { ReadPack } from "./read_pack.ts";

/** `metadata` leaves `args` and `result` out of comparison and output. */
export type DiffPrivacy = "full" | "metadata";

/** The summary, members in the order of the file that `--output` writes. */
export interface DiffSummary {
  readonly run_id_left: string;
  readonly run_id_right: string;
  readonly manifest_changed: boolean;
  readonly files_changed?: readonly string[];
  readonly intents_changed: boolean;
  readonly results_changed: boolean;
  readonly refs_changed: boolean;
  readonly left_only_intents?: readonly string[];
  readonly right_only_intents?: readonly string[];
  readonly left_only_results?: readonly string[];
  readonly right_only_results?: readonly string[];
  /** Environment or timeline of `run.json` differ; absent when they do not. */
  readonly run_changed?: boolean;
  /** Intents or results stand in another order or number; absent when they do not. */
  readonly order_changed?: boolean;
}

/** Everything that differs about one intent, or about a part of the pack that belongs to none. */
export interface DiffGroup {
  /** `manifest`, `run`, `refs`, or `intent`. */
  readonly part: "manifest" | "run" | "refs" | "intent";
  readonly intent_id?: string;
  readonly changes: readonly LeafChange[];
}

/** A comparison. */
export interface RunDiff {
  readonly same: boolean;
  readonly summary: DiffSummary;
  readonly groups: readonly DiffGroup[];
}

/** The summary of packs that could not be compared. */
export const EMPTY_SUMMARY: DiffSummary = {
  run_id_left: "",
  run_id_right: "",
  manifest_changed: false,
  intents_changed: false,
  results_changed: false,
  refs_changed: false,
};

const VOLATILE = new Set(["run_id", "producer_version", "created_at"]);

/** A record without the members that differ between any two recordings. */
function stable(record: object, without: readonly string[] = []): JsonObject {
  const entries = Object.entries(record).filter(([name]) =>
    !VOLATILE.has(name) && !without.includes(name)
  );
  // Records are made of JSON values only.
  return Object.fromEntries(entries) as JsonObject;
}

/** Records by intent id; the last one counts. */
function byIntent(
  records: readonly { readonly intent_id: string }[],
  without: readonly string[],
): Map<string, JsonObject> {
  return new Map(records.map((record) => [record.intent_id, stable(record, without)]));
}

/** The parts of a pack that are compared. */
interface Comparable {
  readonly manifest: JsonObject;
  readonly run: JsonObject;
  readonly refs: JsonObject;
  readonly intents: ReadonlyMap<string, JsonObject>;
  readonly results: ReadonlyMap<string, JsonObject>;
  readonly order: JsonObject;
}

function comparable(pack: ReadPack, privacy: DiffPrivacy): Comparable {
  const hidden = privacy === "metadata" ? ["args", "result"] : [];
  const { schemaId, schemaVersion, captureMode, files } = pack.manifest;
  const refs = privacy === "metadata" ? { receipts: pack.refs.receipts.length } : stable(pack.refs);
  const timeline = (pack.run.timeline ?? []).map(({ event, ref = "" }) => ({ event, ref }));
  return {
    manifest: {
      schema_id: schemaId,
      schema_version: schemaVersion,
      capture_mode: captureMode,
      files: files.map(({ path }) => path),
    },
    run: { env: { ...pack.run.env }, timeline },
    refs,
    intents: byIntent(pack.intents, hidden),
    results: byIntent(pack.results, hidden),
    order: {
      intents: pack.intents.map(({ intent_id }) => intent_id),
      results: pack.results.map(({ intent_id }) => intent_id),
    },
  };
}

function differs(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === undefined || right === undefined) return left !== right;
  return canonicalize(left) !== canonicalize(right);
}

/** Keys of one map that the other lacks, sorted. */
function only(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return sortedSet([...a.keys()].filter((key) => !b.has(key)));
}

/** Ids whose records differ, those on one side only included. */
function changedIds(
  left: ReadonlyMap<string, JsonObject>,
  right: ReadonlyMap<string, JsonObject>,
): string[] {
  const ids = [...new Set([...left.keys(), ...right.keys()])];
  return ids.filter((id) => differs(left.get(id), right.get(id)));
}

/** Names of files on one side only. */
function changedFiles(left: ReadPack, right: ReadPack): string[] {
  const a = new Map(left.manifest.files.map(({ path }) => [path, true]));
  const b = new Map(right.manifest.files.map(({ path }) => [path, true]));
  return sortedSet([...only(a, b), ...only(b, a)]);
}

/** A list member that stands only when it is not empty. */
function listed<K extends string>(name: K, list: readonly string[]) {
  return list.length === 0 ? {} : { [name]: list };
}

function groupsOf(left: Comparable, right: Comparable): DiffGroup[] {
  const groups: DiffGroup[] = [];
  for (const part of ["manifest", "run", "refs"] as const) {
    if (differs(left[part], right[part])) {
      groups.push({ part, changes: leafChanges(left[part], right[part]) });
    }
  }
  const ids = sortedSet([
    ...changedIds(left.intents, right.intents),
    ...changedIds(left.results, right.results),
  ]);
  for (const id of ids) {
    const sides = [left, right].map(({ intents, results }) => {
      const [intent, result] = [intents.get(id), results.get(id)];
      return { ...(intent && { intent }), ...(result && { result }) };
    });
    const [before = {}, after = {}] = sides;
    groups.push({ part: "intent", intent_id: id, changes: leafChanges(before, after) });
  }
  return groups;
}

/** Whether ids are the same ones in another order or number. */
function reordered(left: Comparable, right: Comparable, kind: "intents" | "results"): boolean {
  return only(left[kind], right[kind]).length + only(right[kind], left[kind]).length === 0 &&
    differs(left.order[kind], right.order[kind]);
}

/**
 * Compares two runs.
 *
 * @param left The first pack.
 * @param right The second pack.
 * @param options What may be compared and shown.
 */
export function diffRuns(
  left: ReadPack,
  right: ReadPack,
  options: { readonly privacy: DiffPrivacy },
): RunDiff {
  const a = comparable(left, options.privacy);
  const b = comparable(right, options.privacy);
  const order = { intents: reordered(a, b, "intents"), results: reordered(a, b, "results") };
  const runChanged = differs(a.run, b.run);
  const summary: DiffSummary = {
    run_id_left: left.run.run_id,
    run_id_right: right.run.run_id,
    manifest_changed: differs(a.manifest, b.manifest),
    ...listed("files_changed", changedFiles(left, right)),
    intents_changed: order.intents || changedIds(a.intents, b.intents).length > 0,
    results_changed: order.results || changedIds(a.results, b.results).length > 0,
    refs_changed: differs(a.refs, b.refs),
    ...listed("left_only_intents", only(a.intents, b.intents)),
    ...listed("right_only_intents", only(b.intents, a.intents)),
    ...listed("left_only_results", only(a.results, b.results)),
    ...listed("right_only_results", only(b.results, a.results)),
    ...(runChanged ? { run_changed: true } : {}),
    ...(order.intents || order.results ? { order_changed: true } : {}),
  };
  const same = !(summary.manifest_changed || summary.intents_changed || summary.results_changed ||
    summary.refs_changed || runChanged);
  return { same, summary, groups: same ? [] : groupsOf(a, b) };
}
