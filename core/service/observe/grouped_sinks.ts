/**
 * Export logs of the service: decisions that come together share one lock, one write and one sync.
 *
 * @module
 */

import { toGaitError } from "../../base/errors.ts";
import { appendLine, type AppendPorts } from "../../export/append_line.ts";
import type { DecisionEvent, DecisionSink } from "../../export/decision_event.ts";
import { logLine, withdrawnLogLine } from "../../export/log_line.ts";
import { otelLine, withdrawnOtelLine } from "../../export/otel_line.ts";
import { eachRound, GroupCommit, type Outcome } from "../../journal/group_commit.ts";

/** Most lines of one write. */
const MAX_BATCH = 128;
/** Most UTF-16 units of one write; in UTF-8 that is below the limit of a record. */
const MAX_UNITS = 256 * 1024;

/** Spelling of one kind of record. */
interface LineFormat {
  readonly member: DecisionSink["member"];
  line(event: DecisionEvent): string;
  withdrawn(event: DecisionEvent): string;
}

/** Lines joined to texts of bounded length. */
function pieces(lines: readonly string[]): string[] {
  const out: string[] = [];
  for (const line of lines) {
    const last = out.at(-1);
    if (last === undefined || last.length + line.length >= MAX_UNITS) out.push(line);
    else out[out.length - 1] = `${last}\n${line}`;
  }
  return out;
}

/** Writes lines in groups; each caller waits until its own is durable. */
function lineWriter(path: string, ports: AppendPorts): (line: string) => Promise<void> {
  async function commit(lines: readonly string[]): Promise<Outcome<void>[]> {
    try {
      for (const text of pieces(lines)) await appendLine(path, text, ports);
      return lines.map(() => ({ ok: true, value: undefined }));
    } catch (thrown) {
      const error = toGaitError(thrown);
      return lines.map(() => ({ ok: false, error }));
    }
  }
  const group = new GroupCommit<string, void>(eachRound(commit), { maxBatch: MAX_BATCH });
  return (line) => group.submit(line);
}

/** One sink. */
function groupedSink(path: string, format: LineFormat, ports: AppendPorts): DecisionSink {
  const write = lineWriter(path, ports);
  return {
    member: format.member,
    destination: path,
    tell: (event) => write(format.line(event)),
    withdraw: (event) => write(format.withdrawn(event)),
  };
}

/** The exporters that two paths name; "" names none. */
export function groupedSinks(
  paths: { readonly log: string; readonly otel: string },
  ports: AppendPorts,
): DecisionSink[] {
  const log: LineFormat = { member: "log_export", line: logLine, withdrawn: withdrawnLogLine };
  const otel: LineFormat = { member: "otel_export", line: otelLine, withdrawn: withdrawnOtelLine };
  return [
    ...(paths.log === "" ? [] : [groupedSink(paths.log, log, ports)]),
    ...(paths.otel === "" ? [] : [groupedSink(paths.otel, otel, ports)]),
  ];
}
