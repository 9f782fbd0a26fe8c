/**
 * Opens a service without a socket: a handler, and how to end it.
 *
 * @module
 */

import { toBase64, utf8 } from "../base/bytes.ts";
import { formatInstant } from "../base/instant.ts";
import { inDirectory } from "../mcp/artifact_names.ts";
import type { CallWarning } from "../mcp/call_request.ts";
import type { HttpHandler } from "../ports/http.ts";
import type { ServiceConfig } from "../ports/service.ts";
import { checkConfig, type CheckedConfig } from "./check_config.ts";
import { closeParts } from "./close_parts.ts";
import { assembleDecider } from "./decide/assemble_decider.ts";
import { addGauges } from "./observe/gauges.ts";
import { openOtlp } from "./observe/open_otlp.ts";
import { effectiveConfig } from "./effective_config.ts";
import { type ConnectionCap, connectionCap } from "./access/connection_cap.ts";
import { createHandler } from "./handler.ts";
import { Metrics } from "./observe/metrics.ts";
import { openAuth } from "./access/open_auth.ts";
import { openDecider, type OpenedDecider } from "./open_decider.ts";
import { type OpenedLog, openLog } from "./observe/open_log.ts";
import { type OpenedTraces, openTraces } from "./evidence/open_traces.ts";
import type { PolicyTrigger } from "./policy/policy_change.ts";
import { reloadPolicy } from "./reload_policy.ts";
import { countedBounds, RetentionRunner } from "./evidence/retention_runner.ts";
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

/** Writes the public half of a key that dies with the process (divergence E14). */
async function writeDevKey(opened: OpenedDecider, ports: ServicePorts): Promise<void> {
  if (!opened.key.ephemeral) return;
  const { publicKey, keyId } = opened.key.signer;
  const name = `gait_dev_${keyId.slice(0, 16)}.public.key`;
  const path = inDirectory(opened.directories.trace.path, name);
  await ports.files.replace(path, utf8(`${toBase64(publicKey)}\n`));
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
    config: { ...parts.config, retention: countedBounds(parts.config) },
    traceDir: trace.path,
    sessionDir: session.path,
    runpackDir: runpack?.path ?? "",
    log: parts.logs.log,
    metrics: parts.metrics,
    sessionGone: (journal) => parts.sessions.forget(journal),
  }, ports);
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
    afterDecision: () =>
      retention.afterDecision({ isAlone: turns.active === 1 && turns.waiting === 0 }),
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
