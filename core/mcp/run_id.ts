/**
 * Run ids at the service boundary (spec 04 §2.4).
 *
 * @module
 */

import { trim } from "../base/text_rules.ts";
import { RUN_ID_MAX_LENGTH } from "../runpack/model.ts";
import { callError } from "./_members.ts";

/** Takes `_` away at both ends. */
function withoutEdges(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === "_") start++;
  while (end > start && text[end - 1] === "_") end--;
  return text.slice(start, end);
}

/**
 * Normalises a run id: runs of other characters become one `_`, the prefix `run_` is added.
 *
 * @returns "" when nothing is left.
 * @throws GaitError `call_invalid` for one that no file name could hold
 */
export function normalizeRunId(text: string): string {
  const plain = withoutEdges(trim(text).replace(/[^A-Za-z0-9_-]+/g, "_"));
  if (plain === "") return "";
  const id = plain.startsWith("run_") ? plain : `run_${plain}`;
  if (id.length > RUN_ID_MAX_LENGTH) {
    throw callError(`the run id is longer than ${RUN_ID_MAX_LENGTH} characters`, "run_id");
  }
  return id;
}

/** The run id of a call for which nobody named one. */
export function derivedRunId(intentDigest: string): string {
  return `run_mcp_${intentDigest.slice(0, 12)}`;
}
