/**
 * The isolated half of `gait mcp serve --isolation worker`: the whole service, under permissions for its own
 * directories and address only. Commands run in the parent, which knows them from the configuration.
 *
 * @module
 */

import { type Deferred, deferred } from "./core/base/deferred.ts";
import { toGaitError } from "./core/base/errors.ts";
import { fromPlainError, toPlainError } from "./core/base/plain_error.ts";
import type { CommandRequest, CommandResult, Processes } from "./core/ports/process.ts";
import type { RunningService } from "./core/ports/service.ts";
import type { SignalName, Signals } from "./core/ports/signals.ts";
import type { Watches } from "./core/ports/watch.ts";
import { startService } from "./core/service/start_service.ts";
import type { FromWorker, ToWorker } from "./core/service/worker_protocol.ts";
// Loaded now, because the worker may not read modules later.
import "./core/text/json_document.ts";
import "./core/text/yaml/parse_yaml.ts";
import type { EvidenceNews } from "./host/deno_worker.ts";
import { evidenceOverPort } from "./host/evidence_thread.ts";
import { servicePorts } from "./host/service_ports.ts";

/** The scope of a dedicated worker, as far as it is used here. */
interface WorkerScope {
  postMessage(message: FromWorker): void;
  addEventListener(
    type: "message",
    listen: (event: MessageEvent<ToWorker | EvidenceNews>) => void,
  ): void;
}

const scope = globalThis as unknown as WorkerScope;
const reactions = new Map<SignalName, Set<() => void>>();
const watchers = new Set<() => void>();
const runs = new Map<number, Deferred<CommandResult>>();
let lastRun = 0;
let evidence: ReturnType<typeof evidenceOverPort> | undefined;

/** Signals that the parent passes on. */
const signals: Signals = {
  on(signal, react) {
    const set = reactions.get(signal) ?? new Set();
    reactions.set(signal, set.add(react));
    return () => void set.delete(react);
  },
};

/** Changes of the policy file, which the parent watches. */
const watches: Watches = {
  watch(_path, react) {
    watchers.add(react);
    return () => void watchers.delete(react);
  },
};

/** Commands that the parent runs. */
const processes: Processes = {
  run(request: CommandRequest) {
    const id = ++lastRun;
    const pending = deferred<CommandResult>();
    runs.set(id, pending);
    scope.postMessage({ kind: "run", id, request });
    return pending.promise;
  },
  inherit: () => Promise.reject(new TypeError("A service starts no interactive program")),
};

/** Starts the service and tells how it went. */
async function start(message: Extract<ToWorker, { kind: "start" }>): Promise<void> {
  let running: RunningService;
  try {
    const ports = await servicePorts(message.version);
    const writer = evidence;
    const own = {
      ...ports,
      processes,
      signals,
      watches,
      ...(writer && { evidenceThread: () => writer }),
    };
    running = await startService(message.config, own, { isolation: "worker" });
  } catch (error) {
    return scope.postMessage({ kind: "refused", error: toPlainError(toGaitError(error)) });
  }
  const { listen, adapter, profile, policyDigest, warnings } = running;
  scope.postMessage({
    kind: "started",
    facts: { listen, adapter, profile, policyDigest, warnings },
  });
  await running.ended;
  scope.postMessage({ kind: "ended" });
}

scope.addEventListener("message", ({ data }) => {
  switch (data.kind) {
    case "evidence":
      evidence = evidenceOverPort(data.port);
      return;
    case "evidence_failed":
      return evidence?.fail(data.reason);
    case "start":
      return void start(data);
    case "signal":
      for (const react of reactions.get(data.name) ?? []) react();
      return;
    case "watched":
      for (const react of watchers) react();
      return;
    case "ran":
      runs.get(data.id)?.resolve(data.result);
      return void runs.delete(data.id);
    case "failed":
      runs.get(data.id)?.reject(fromPlainError(data.error));
      return void runs.delete(data.id);
  }
});
