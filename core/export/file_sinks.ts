/**
 * Exporters that append to files (spec 04 §6).
 *
 * @module
 */

import { appendLine, type AppendPorts } from "./append_line.ts";
import type { DecisionEvent, DecisionSink } from "./decision_event.ts";
import { logLine, withdrawnLogLine } from "./log_line.ts";
import { otelLine, withdrawnOtelLine } from "./otel_line.ts";

/** How a kind of record is spelled. */
interface LineFormat {
  readonly member: DecisionSink["member"];
  line(event: DecisionEvent): string;
  withdrawn(event: DecisionEvent): string;
}

const LOG: LineFormat = { member: "log_export", line: logLine, withdrawn: withdrawnLogLine };
const OTEL: LineFormat = { member: "otel_export", line: otelLine, withdrawn: withdrawnOtelLine };

/** A sink of one format. */
function fileSink(path: string, format: LineFormat, ports: AppendPorts): DecisionSink {
  return {
    member: format.member,
    destination: path,
    tell: (event) => appendLine(path, format.line(event), ports),
    withdraw: (event) => appendLine(path, format.withdrawn(event), ports),
  };
}

/** The exporters that two paths name; "" names none. */
export function fileSinks(
  paths: { readonly log: string; readonly otel: string },
  ports: AppendPorts,
): DecisionSink[] {
  return [
    ...(paths.log === "" ? [] : [fileSink(paths.log, LOG, ports)]),
    ...(paths.otel === "" ? [] : [fileSink(paths.otel, OTEL, ports)]),
  ];
}
