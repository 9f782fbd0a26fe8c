/**
 * Opens a service without a socket: a handler, and how to end it.
 *
 * @module
 */

import { toBase64, utf8 } from "../base/bytes.ts";
import { formatInstant } from "../base/instant.ts";
import { inDirectory } from "../mcp/artifact_names.ts";
import type { CallRecord, CallWarning } from "../mcp/call_request.ts";
import { recordCallRunpack } from "../mcp/call_runpack.ts";
import { evaluateCall } from "../mcp/evaluate_call.ts";
import type { HttpHandler } from "../ports/http.ts";
import type { ServiceConfig } from "../ports/service.ts";
import type { ServiceLog } from "./observe/access_log.ts";
import { checkConfig, type CheckedConfig } from "./check_config.ts";
import { closeParts } from "./close_parts.ts";
import type { Decider } from "./decide/decide_request.ts";
import { effectiveConfig } from "./effective_config.ts";
import { groupedSinks } from "./observe/grouped_sinks.ts";
import { type ConnectionCap, connectionCap } from "./access/connection_cap.ts";
import { createHandler } from "./handler.ts";
import { Metrics } from "./observe/metrics.ts";
import { openAuth } from "./access/open_auth.ts";
import { openDecider, type OpenedDecider } from "./open_decider.ts";
import { type OpenedLog, openLog } from "./observe/open_log.ts";
import { OtlpExporter } from "./observe/otlp_exporter.ts";
import { readOtlpHeaders } from "./observe/otlp_headers.ts";
import { type OpenedTraces, openTraces } from "./evidence/open_traces.ts";
import type { PolicyTrigger } from "./policy/policy_change.ts";
import { serviceRunpackName } from "./decide/record_names.ts";
import { reloadPolicy } from "./reload_policy.ts";
import { RetentionRunner } from "./evidence/retention_runner.ts";
import type { ServicePorts } from "../ports/service_ports.ts";
import { Sessions } from "./decide/sessions.ts";
import { Turns } from "./decide/turns.ts";

/** A service without its socket: what tests talk to. */
export interface OpenedService {
  readonly handler: HttpHandler;
  readonly checked: CheckedConfig;
  readonly warnings: readonly CallWarning[];
  /** Connections at the same time. */
  readonly connections: number;
  readonly opened: OpenedDecider;
  readonly logs: OpenedLog;
  readonly metrics: Metrics;
  readonly turns: Turns;
  /** Reads the policy again. */
  reload(trigger: PolicyTrigger): Promise<void>;
  /** The address is known. */
  bound(listen: string): void;
  /**
   * Finishes what is in hand and closes everything.
   *
   * @param until When requests must be done, ms on the monotonic clock; the drain time from now when absent.
   */
  close(until?: number): Promise<void>;
}

/** How content is kept in runpacks: the service drops it unless told otherwise (divergence E7). */
function keepsContent(config: ServiceConfig): boolean {
  return config.captureMode === "reference" || config.captureMode === "raw";
}

/** Completes the decider. */
function assembleDecider(
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
  const { directories, key } = opened;
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
    recordRunpack: (record: CallRecord, path: string) => {
      const name = serviceRunpackName(record.runId, record.outcome.trace);
      return recordCallRunpack(record, {
        path: path || inDirectory(directories.runpack?.path ?? "", name),
        keepsContent: keepsContent(config),
        captureMode: config.captureMode === "digest-only" ? "digest-only" : "reference",
        // Of two requests that name one path at the same time, one must fail.
        replaces: false,
        ...(signer === undefined ? {} : { signer }),
      }, ports);
    },
  };
}

/** Writes the public half of a key that dies with the process (divergence E14). */
async function writeDevKey(opened: OpenedDecider, ports: ServicePorts): Promise<void> {
  if (!opened.key.ephemeral) return;
  const { publicKey, keyId } = opened.key.signer;
  const path = `${opened.directories.trace.path}/gait_dev_${keyId.slice(0, 16)}.public.key`;
  await ports.files.replace(path, utf8(`${toBase64(publicKey)}\n`));
}

/** Sets up the exporter to a collector, if one is named. @throws GaitError `usage`, `permission_missing` */
function openOtlp(
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

/** Sets up retention. */
function openRetention(
  parts: {
    readonly config: ServiceConfig;
    readonly opened: OpenedDecider;
    readonly sessions: Sessions;
    readonly logs: OpenedLog;
    readonly metrics: Metrics;
  },
  ports: ServicePorts,
): RetentionRunner {
  const { trace, session, runpack } = parts.opened.directories;
  return new RetentionRunner({
    config: parts.config,
    traceDir: trace.path,
    sessionDir: session.path,
    runpackDir: runpack?.path ?? "",
    log: parts.logs.log,
    metrics: parts.metrics,
    sessionGone: (journal) => parts.sessions.forget(journal),
  }, ports);
}

/** Values that are read when metrics are asked for. */
function addGauges(
  metrics: Metrics,
  parts: {
    readonly turns: Turns;
    readonly retention: RetentionRunner;
    readonly opened: OpenedDecider;
    readonly traces: OpenedTraces;
  },
): void {
  const { turns, retention, opened, traces } = parts;
  const add = (name: string, help: string, read: () => number) =>
    metrics.gauge({ name, help, read });
  add("gait_requests_active", "Requests that are worked on", () => turns.active);
  add("gait_queue_depth", "Requests that wait for their turn", () => turns.waiting);
  add("gait_policy_healthy", "1 when the policy on disk is in force", () => {
    return opened.policy.healthy ? 1 : 0;
  });
  add("gait_trace_segments", "Write-ahead segments on disk", () => traces.segments());
  add("gait_evidence_pending", "Evidence that is being written", () => traces.pending());
  add("gait_evidence_healthy", "1 when evidence can be written", () => {
    return traces.fault() === undefined ? 1 : 0;
  });
  metrics.gauge({
    name: "gait_retained_units",
    help: "Units that the last run of retention kept, by class",
    read: () => retention.kept,
  });
}

/** Warnings of every answer: about the key, and what is critical about the setup (divergence W8). */
function standingWarnings(opened: OpenedDecider, checked: CheckedConfig): CallWarning[] {
  return [
    ...opened.warnings,
    ...checked.warnings.filter(({ severity }) => severity === "critical"),
  ];
}

/** Why the service cannot decide now. */
function notReady(turns: Turns, opened: OpenedDecider, traces: OpenedTraces): string[] {
  const fault = traces.fault();
  return [
    ...(turns.closed ? ["shutting_down"] : []),
    ...(opened.policy.healthy ? [] : ["policy_unavailable"]),
    ...(fault === undefined ? [] : [fault]),
  ];
}

/** Makes the description of the settings in force. */
function describer(
  parts: {
    readonly config: ServiceConfig;
    readonly checked: CheckedConfig;
    readonly opened: OpenedDecider;
    readonly address: { readonly listen: string };
    readonly cap: ConnectionCap;
  },
  ports: ServicePorts,
  options: { readonly isolation?: string },
): () => Record<string, unknown> {
  const { config, checked, opened, address, cap } = parts;
  const startedAt = formatInstant(ports.clock.now());
  return () =>
    effectiveConfig(config, checked, {
      listen: address.listen,
      maxConnections: cap.connections,
      warnings: [...checked.warnings, ...cap.warnings],
      version: ports.version,
      policyDigest: opened.policy.digest,
      policyHealthy: opened.policy.healthy,
      keyId: opened.key.signer.keyId,
      keySource: opened.key.source,
      startedAt,
      isolation: options.isolation ?? "none",
    });
}

/**
 * Opens a service without binding.
 *
 * @throws GaitError for every reason not to start
 */
export async function openService(
  config: ServiceConfig,
  world: ServicePorts,
  options: { readonly isolation?: string } = {},
): Promise<OpenedService> {
  const checked = checkConfig(config);
  const auth = await openAuth(checked.authMode, config.auth, world);
  const opened = await openDecider(config, checked, world);
  await writeDevKey(opened, world);
  const { path: traceDir } = opened.directories.trace;
  const { freeHandles } = world;
  const cap = connectionCap(freeHandles && ((wanted) => freeHandles(traceDir, wanted)));
  const logs = await openLog(config.accessLog, world);
  const metrics = new Metrics();
  const turns = new Turns(config);
  const otlp = openOtlp(config, { metrics, log: logs.log }, world);
  // The last step that can fail, because it leaves something that goes on by itself.
  const traces = await openTraces(traceDir, checked.traceSync, { log: logs.log, ports: world });
  // From here on evidence is written and removed through the grouped view.
  const ports = { ...world, files: traces.files };
  const sessions = new Sessions(ports, traces.appender);
  const retention = openRetention({ config, opened, sessions, logs, metrics }, ports);
  addGauges(metrics, { turns, retention, opened, traces });
  retention.start();
  const address = { listen: config.listen };
  const policyPath = config.policy.path;
  const describe = describer({ config, checked, opened, address, cap }, ports, options);
  const handler = createHandler({
    ...checked,
    auth,
    maxRequestBytes: config.maxRequestBytes,
    decider: assembleDecider(config, { opened, sessions, otlp, traces }, ports),
    turns,
    metrics,
    log: logs.log,
    clock: ports.clock,
    digester: ports.digester,
    warnings: standingWarnings(opened, checked),
    afterDecision: () => retention.afterDecision(),
    notReady: () => notReady(turns, opened, traces),
    effectiveConfig: describe,
  });
  return {
    handler,
    checked,
    warnings: [...opened.warnings, ...checked.warnings, ...cap.warnings],
    connections: cap.connections,
    opened,
    logs,
    metrics,
    turns,
    // Not through the grouped view: the record is durable by itself before the policy is in force.
    reload: (trigger) =>
      reloadPolicy(trigger, { opened, policyPath, log: logs.log, metrics }, world),
    bound: (listen) => void (address.listen = listen),
    close: (until = ports.clock.monotonic() + config.drainMs) =>
      closeParts({ config, turns, retention, otlp, traces, logs }, { until, clock: ports.clock }),
  };
}
