/**
 * Records that were read, as they are written again: times in their normal form (spec 01 §3).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { normalizeTimestamp, ZERO_TIME } from "../base/instant.ts";
import type { CommonMembers, RunContent } from "./model.ts";

/** Normal form of a time; "" is the zero time. @throws GaitError `schema_violation` */
function time(text: string, path: string): string {
  const normal = text === "" ? ZERO_TIME : normalizeTimestamp(text);
  if (normal !== undefined) return normal;
  throw new GaitError("schema_violation", `Cannot write ${path}: it is no RFC 3339 timestamp`, {
    place: { path },
  });
}

/** A record with its time in normal form. */
function withTime<T extends CommonMembers>(record: T, path: string): T {
  return { ...record, created_at: time(record.created_at, `${path}.created_at`) };
}

/**
 * Brings every time of a pack into its normal form; everything else stays.
 *
 * @throws GaitError `schema_violation` for a time that is none
 */
export function renormalize(pack: RunContent): RunContent {
  const { run, intents, results, refs } = pack;
  const timeline = run.timeline?.map((event, i) => ({
    ...event,
    ts: time(event.ts, `timeline[${i}].ts`),
  })) ?? null;
  const receipts = refs.receipts.map((receipt, i) => ({
    ...receipt,
    retrieved_at: time(receipt.retrieved_at, `receipts[${i}].retrieved_at`),
  }));
  return {
    run: { ...withTime(run, "run"), timeline },
    intents: intents.map((record, i) => withTime(record, `intents[${i}]`)),
    results: results.map((record, i) => withTime(record, `results[${i}]`)),
    refs: { ...withTime(refs, "refs"), receipts },
  };
}
