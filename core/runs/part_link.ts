/**
 * How the packs of one long run hold together. Each pack is a whole runpack of its own, which any reader
 * of the format can verify; the link is an ordinary receipt in its `refs.json`, so hashes and signature
 * cover it.
 *
 * @module
 */

import type { RunHead } from "../runpack/input_records.ts";
import { type Receipt, runpackFileName, type TimelineEvent } from "../runpack/model.ts";

/** `source_type` of the receipt that names the pack before. */
export const PART_SOURCE_TYPE = "gait.runpack.part";
/** Event of a pack that has a successor; its `ref` is the successor's run id. */
export const CONTINUES_EVENT = "runpack_continues";

/** What a link says about another pack. */
export interface LinkedPack {
  readonly runId: string;
  /** 64 lower-case hex digits. */
  readonly manifestDigest: string;
}

/** Run id of a part, counted from 1: the first part keeps the run's own. */
export function partRunId(runId: string, part: number): string {
  return part === 1 ? runId : `${runId}_part_${part}`;
}

/** The event that tells of a successor, so that a missing one is noticed. */
export function nextPartEvent(head: RunHead, part: number): TimelineEvent {
  return { event: CONTINUES_EVENT, ref: partRunId(head.run_id, part), ts: head.created_at };
}

/**
 * The receipt that names the pack before.
 *
 * @param head The run.
 * @param link Number of this part, the first pack, the pack before.
 */
export function partLink(
  head: RunHead,
  link: { readonly part: number; readonly first: LinkedPack; readonly previous: LinkedPack },
): Receipt {
  const { part, first, previous } = link;
  return {
    content_digest: previous.manifestDigest,
    query_digest: first.manifestDigest,
    redaction_mode: "reference",
    ref_id: `runpack_part_${part - 1}`,
    retrieval_params: { first_run_id: first.runId, part, previous_run_id: previous.runId },
    retrieved_at: head.created_at,
    source_locator: runpackFileName(previous.runId),
    source_type: PART_SOURCE_TYPE,
  };
}
