/**
 * The parent's half of an isolated service: it starts the worker, passes signals on, and runs the commands
 * that the configuration fixed (design §5).
 *
 * @module
 */

import { deferred } from "../base/deferred.ts";
import { GaitError } from "../base/errors.ts";
import { fromPlainError, toPlainError } from "../base/plain_error.ts";
import type { RunningService, ServiceConfig } from "../ports/service.ts";
import { checkConfig } from "./check_config.ts";
import type { ServicePorts } from "../ports/service_ports.ts";
import { within } from "../journal/within.ts";
import {
  evidenceNeeds,
  type IsolatedNeeds,
  type WorkerNeeds,
  workerNeeds,
} from "./worker_needs.ts";
import {
  fixedCommand,
  type FromWorker,
  type StartedFacts,
  type ToWorker,
} from "./worker_protocol.ts";

/** Time that a worker has for ending after its drain time, ms: evidence and telemetry have limits of their own. */
const CLOSING_MS = 10_000;

/** A worker. */
export interface ServiceWorker {
  send(message: ToWorker): void;
  /** Hears what the worker says; `failed` when it broke down. */
  listen(hear: (message: FromWorker) => void, failed: (reason: string) => void): void;
  terminate(): void;
}

/** Makes the directories and adds where they really are: permissions are about real places. */
async function realNeeds(needs: WorkerNeeds, ports: ServicePorts): Promise<WorkerNeeds> {
  const real: string[] = [];
  for (const path of needs.write) {
    await ports.directories.ensure(path);
    real.push(await ports.files.realPath(path));
  }
  const both = (paths: readonly string[]) => [...new Set([...paths, ...real])];
  return { ...needs, read: both(needs.read), write: both(needs.write) };
}

/** Runs a command for the worker. */
async function runFor(
  message: Extract<FromWorker, { kind: "run" }>,
  config: ServiceConfig,
  ports: ServicePorts,
): Promise<ToWorker> {
  const { id, request } = message;
  try {
    const result = await ports.processes.run(fixedCommand(request, config));
    return { kind: "ran", id, result };
  } catch (error) {
    return { kind: "failed", id, error: toPlainError(error) };
  }
}

/** Connects signals with the worker; returns how to stop that. */
function passSignals(
  config: ServiceConfig,
  react: { stop(): void; reload(): void; watched(): void },
  ports: ServicePorts,
): () => void {
  const offs = [
    ports.signals.on("SIGTERM", react.stop),
    ports.signals.on("SIGINT", react.stop),
    ports.signals.on("SIGHUP", react.reload),
    ...(config.policy.watch ? [ports.watches.watch(config.policy.path, react.watched)] : []),
  ];
  return () => {
    for (const off of offs) off();
  };
}

/** Waits for the worker's answer to the start, and hears it from then on. */
function begin(
  worker: ServiceWorker,
  config: ServiceConfig,
  ports: ServicePorts,
): {
  readonly started: Promise<StartedFacts>;
  readonly ended: Promise<void>;
  /** Ends without an answer. */
  giveUp(): void;
} {
  const started = deferred<StartedFacts>();
  const ended = deferred<void>();
  worker.listen((message) => {
    switch (message.kind) {
      case "started":
        return started.resolve(message.facts);
      case "refused":
        return started.reject(fromPlainError(message.error));
      case "ended":
        return ended.resolve();
      case "run":
        return void runFor(message, config, ports).then((answer) => worker.send(answer));
    }
  }, (reason) => {
    // A worker that broke down answers nothing any more: the service is over, but not in order.
    const error = new GaitError("internal_failure", `Cannot serve: the worker failed: ${reason}`);
    started.reject(error);
    ended.reject(error);
  });
  // Before it has started, nobody waits for the end.
  ended.promise.catch(() => {});
  worker.send({ kind: "start", config, version: ports.version });
  return {
    started: started.promise,
    ended: ended.promise,
    giveUp: () => ended.reject(new GaitError("internal_failure", "Cannot end in order: no answer")),
  };
}

/**
 * Starts an isolated service.
 *
 * @param spawn Starts a worker, and its evidence thread, with these permissions.
 * @throws GaitError for every reason not to start
 */
export async function serveInWorker(
  config: ServiceConfig,
  spawn: (needs: IsolatedNeeds) => ServiceWorker,
  ports: ServicePorts,
): Promise<RunningService> {
  const { traceSync } = checkConfig(config);
  const worker = spawn({
    service: await realNeeds(workerNeeds(config), ports),
    evidence: traceSync === "file" ? undefined : await realNeeds(evidenceNeeds(config), ports),
  });
  const { started, ended, giveUp } = begin(worker, config, ports);
  let facts: StartedFacts;
  try {
    facts = await started;
  } catch (error) {
    worker.terminate();
    throw error;
  }
  const over = ended.finally(() => {
    off();
    worker.terminate();
  });
  const done = over.catch(() => {});
  const stop = async () => {
    worker.send({ kind: "signal", name: "SIGTERM" });
    // A worker that hangs would keep the program from ending.
    if (!await within(done, config.drainMs + CLOSING_MS, ports.clock)) giveUp();
    await done;
  };
  const off = passSignals(config, {
    stop: () => void stop(),
    reload: () => worker.send({ kind: "signal", name: "SIGHUP" }),
    watched: () => worker.send({ kind: "watched" }),
  }, ports);
  return { ...facts, ended: over, stop };
}
