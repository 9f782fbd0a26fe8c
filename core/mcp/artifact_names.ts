/**
 * Default names of what a call leaves behind (spec 04 §1.2, §3.1; divergence C9).
 *
 * @module
 */

import type { RecordKind } from "../enforce/request.ts";
import type { TraceRecord } from "../trace/trace_record.ts";

/** `20261123T005623.947624870` of an RFC 3339 time in UTC. */
export function fileStamp(time: string): string {
  const [seconds = "", fraction = ""] = time.replace(/Z$/, "").split(".");
  return `${seconds.replace(/[-:]/g, "")}.${fraction.padEnd(9, "0").slice(0, 9)}`;
}

/** A path inside a directory; "" and "." mean the working directory, which paths do not name. */
export function inDirectory(directory: string, name: string): string {
  if (directory === "" || directory === ".") return name;
  return directory.endsWith("/") ? `${directory}${name}` : `${directory}/${name}`;
}

/**
 * Names records of one call: traces as the reference names them, with the event id behind the time, so
 * that two calls of one instant do not meet.
 */
export function recordNames(
  where: { readonly directory: string; readonly runId: string },
): (kind: RecordKind, trace: TraceRecord) => string {
  return (kind, trace) => {
    const event = trace.event_id ?? "";
    const name = kind === "trace" || kind === "simulated_trace"
      ? `${kind}_${where.runId}_${fileStamp(trace.observed_at)}_${event}.json`
      : `${kind}_${trace.trace_id}_${event}.json`;
    return inDirectory(where.directory, name);
  };
}
