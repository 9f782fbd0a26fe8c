/**
 * Puts the decider together from what was opened.
 *
 * @module
 */

import type { CallRecord } from "../../mcp/call_request.ts";
import { recordCallRunpack } from "../../mcp/call_runpack.ts";
import { evaluateCall } from "../../mcp/evaluate_call.ts";
import type { ServiceConfig } from "../../ports/service.ts";
import type { ServicePorts } from "../../ports/service_ports.ts";
import type { OpenedTraces } from "../evidence/open_traces.ts";
import { groupedSinks } from "../observe/grouped_sinks.ts";
import type { OtlpExporter } from "../observe/otlp_exporter.ts";
import type { OpenedDecider } from "../open_decider.ts";
import type { Decider } from "./decide_request.ts";
import type { Sessions } from "./sessions.ts";

/** How content is kept in runpacks: the service drops it unless told otherwise (divergence E7). */
function keepsContent(config: ServiceConfig): boolean {
  return config.captureMode === "reference" || config.captureMode === "raw";
}

/** Completes the decider. */
export function assembleDecider(
  config: ServiceConfig,
  parts: {
    readonly opened: OpenedDecider;
    readonly sessions: Sessions;
    readonly otlp: OtlpExporter | undefined;
    readonly traces: OpenedTraces;
  },
  ports: ServicePorts,
): Decider {
  const { opened, sessions, otlp, traces } = parts;
  const { key } = opened;
  const signer = config.signPacks ? key.signer : undefined;
  const sinks = groupedSinks(config.exports, ports);
  return {
    ...opened,
    sessions,
    sinks,
    checkEvidence: () => traces.check(),
    delivered: (event) => otlp?.tell(event),
    packSigner: signer,
    files: ports.files,
    evaluate: (request, files) =>
      evaluateCall(request, files === undefined ? ports : { ...ports, files }),
    ...(traces.hold && { hold: traces.hold }),
    recordRunpack: (record: CallRecord, path: string) =>
      recordCallRunpack(record, {
        path,
        keepsContent: keepsContent(config),
        captureMode: config.captureMode === "digest-only" ? "digest-only" : "reference",
        // Of two requests that name one path at the same time, one must fail.
        replaces: false,
        ...(signer === undefined ? {} : { signer }),
      }, ports),
  };
}
