/**
 * The file form of a trace.
 *
 * @module
 */

import { encodeJsonPretty } from "../base/json_text.ts";
import type { TraceRecord } from "./trace_record.ts";

/** Text of a trace file: two spaces of indentation, members in file order, one line end (spec 01 §12). */
export function encodeTrace(record: TraceRecord): string {
  return encodeJsonPretty(record);
}
