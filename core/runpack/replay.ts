/**
 * Replaying a run from its records (spec 01 §11.6). Nothing is ever executed: a step is a recorded result,
 * a stub, or missing.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { printable } from "../base/printable.ts";
import { lower, sortedSet, trim } from "../base/text_rules.ts";
import { sha256HexOfText } from "../digest/running_sha256.ts";
import type { IntentRecord, ResultRecord } from "./model.ts";
import type { ReadPack } from "./read_pack.ts";

/** Kinds of stubs and the parts of tool names that choose them, first match wins. */
const STUBS: readonly (readonly [type: string, parts: readonly string[]])[] = [
  ["http", ["http", "fetch", "url"]],
  ["file", ["file", "path", "fs", "write"]],
  ["db", ["db", "sql", "query", "table"]],
  ["queue", ["queue", "topic", "publish", "kafka"]],
];

/** One step. */
export interface ReplayStep {
  readonly intent_id: string;
  readonly tool_name: string;
  /** As recorded, `stubbed`, or `missing_result`. */
  readonly status: string;
  readonly stub_type?: string;
  readonly result_digest?: string;
}

/** A replayed run. */
export interface Replay {
  readonly runId: string;
  readonly steps: readonly ReplayStep[];
  /** Ids of intents without a result and without a stub, sorted. */
  readonly missing: readonly string[];
}

/** The stub that a tool name asks for. */
export function stubTypeOf(toolName: string): string | undefined {
  const name = lower(trim(toolName));
  return STUBS.find(([, parts]) => parts.some((part) => name.includes(part)))?.[0];
}

/** Digest of a stub result (spec 01 §5). */
function stubDigest(runId: string, intent: IntentRecord, type: string): string {
  const tool = lower(trim(intent.tool_name));
  const args = lower(trim(intent.args_digest));
  return sha256HexOfText(`${runId}:${intent.intent_id}:${tool}:${args}:${type}`);
}

/** Refuses a second record under one id. */
function indexed<T extends { readonly intent_id: string }>(
  records: readonly T[],
  kind: string,
): Map<string, T> {
  const out = new Map<string, T>();
  for (const record of records) {
    if (out.has(record.intent_id)) {
      const id = printable(record.intent_id);
      throw new GaitError("records_ambiguous", `Cannot replay the run: two ${kind} for ${id}`);
    }
    out.set(record.intent_id, record);
  }
  return out;
}

function stepOf(intent: IntentRecord, result: ResultRecord | undefined, runId: string): ReplayStep {
  const { intent_id, tool_name } = intent;
  if (result !== undefined) {
    const { status, result_digest } = result;
    return { intent_id, tool_name, status, result_digest };
  }
  const type = stubTypeOf(tool_name);
  if (type === undefined) return { intent_id, tool_name, status: "missing_result" };
  const result_digest = stubDigest(runId, intent, type);
  return { intent_id, tool_name, status: "stubbed", stub_type: type, result_digest };
}

/**
 * Replays a run.
 *
 * @param pack A runpack that was read.
 * @throws GaitError `records_ambiguous` when two intents or two results share an id
 */
export function replayRun(pack: Pick<ReadPack, "run" | "intents" | "results">): Replay {
  const { intents, run } = pack;
  indexed(intents, "intents");
  const results = indexed(pack.results, "results");
  const steps = intents.map((intent) => stepOf(intent, results.get(intent.intent_id), run.run_id));
  const missing = steps.filter(({ status, result_digest }) =>
    status === "missing_result" && result_digest === undefined
  );
  return { runId: run.run_id, steps, missing: sortedSet(missing.map((step) => step.intent_id)) };
}
