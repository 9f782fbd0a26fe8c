/**
 * Sets up the exporter to a collector.
 *
 * @module
 */

import { readOtlpHeaders } from "../../export/otlp_headers.ts";
import type { ServiceConfig } from "../../ports/service.ts";
import type { ServicePorts } from "../../ports/service_ports.ts";
import type { ServiceLog } from "./access_log.ts";
import type { Metrics } from "./metrics.ts";
import { OtlpExporter } from "./otlp_exporter.ts";

/** The exporter, if a collector is named. @throws GaitError `usage`, `permission_missing` */
export function openOtlp(
  config: ServiceConfig,
  parts: { readonly metrics: Metrics; readonly log: ServiceLog },
  ports: ServicePorts,
): OtlpExporter | undefined {
  const { otlpEndpoint: endpoint, otlpQueue: queue } = config.exports;
  if (endpoint === "") return undefined;
  const { metrics } = parts;
  const { version, httpClient: client, clock, random } = ports;
  const headers = readOtlpHeaders(config.exports.otlpHeaders, ports.env);
  const compresses = config.exports.otlpCompression === "gzip";
  const sending = { endpoint, queue, headers, compresses };
  const exporter = new OtlpExporter({ ...parts, ...sending, version, client, clock, random });
  const help = "Decisions that wait for the collector";
  metrics.gauge({ name: "gait_telemetry_queue_depth", help, read: () => exporter.waiting });
  return exporter;
}
