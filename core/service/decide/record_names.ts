/**
 * Names of what a decision leaves behind (spec 04 §3.1). A trace is named by run and time alone: journals
 * name traces by path, and the reference's readers know this form. It is unique nevertheless, because the
 * clock never gives one instant twice and files are created, never replaced, so that two processes that meet
 * try again.
 *
 * @module
 */

import type { RecordKind } from "../../enforce/request.ts";
import { fileStamp, inDirectory } from "../../mcp/artifact_names.ts";
import type { TraceRecord } from "../../trace/trace_record.ts";

/** Names the records of one call. */
export function serviceRecordNames(
  where: { readonly directory: string; readonly runId: string },
): (kind: RecordKind, trace: TraceRecord) => string {
  return (kind, trace) => {
    const stamp = fileStamp(trace.observed_at);
    const name = kind === "trace" || kind === "simulated_trace"
      ? `${kind}_${where.runId}_${stamp}.json`
      : `${kind}_${trace.trace_id}_${trace.event_id ?? ""}.json`;
    return inDirectory(where.directory, name);
  };
}

/** Name of the runpack of one call; `runId` is the request's, as for traces. */
export function serviceRunpackName(runId: string, trace: TraceRecord): string {
  return `runpack_${runId}_${fileStamp(trace.observed_at)}.zip`;
}
