/**
 * The service program, and the composition root of `gait mcp serve`: real ports, native crypto, and the
 * service itself, in this process or in a worker with narrowed permissions. `cli.ts` loads it when the
 * command asks for a service.
 *
 * @module
 */

import { runCli } from "./core/commands/frame/run_cli.ts";
import type { RunningService, ServiceConfig } from "./core/ports/service.ts";
import { lower, trim } from "./core/base/text_rules.ts";
import { serveInWorker } from "./core/service/serve_in_worker.ts";
import type { IsolatedNeeds } from "./core/service/worker_needs.ts";
import type { FromWorker, ToWorker } from "./core/service/worker_protocol.ts";
import { startService } from "./core/service/start_service.ts";
import { denoPorts } from "./host/deno_ports.ts";
import { denoSegments } from "./host/deno_segments.ts";
import { startEvidenceThread } from "./host/evidence_thread.ts";
import { spawnServiceWorker } from "./host/deno_worker.ts";
import { servicePorts } from "./host/service_ports.ts";
import { VERSION } from "./version.ts";

/**
 * Starts a service over the real world.
 *
 * @throws GaitError for every reason not to start
 */
export async function serve(config: ServiceConfig): Promise<RunningService> {
  const ports = await servicePorts(VERSION);
  const writer = new URL("./evidence_worker.ts", import.meta.url);
  if (lower(trim(config.isolation)) !== "worker") {
    const evidenceThread = () => startEvidenceThread(writer);
    return await startService(config, { ...ports, evidenceThread });
  }
  const module = new URL("./server_worker.ts", import.meta.url);
  const spawn = ({ service, evidence }: IsolatedNeeds) =>
    spawnServiceWorker<ToWorker, FromWorker>(
      { module, needs: service },
      evidence && { module: writer, needs: evidence },
    );
  return await serveInWorker(config, spawn, ports);
}

if (import.meta.main) {
  const ports = { ...denoPorts(VERSION), services: { start: serve }, segments: denoSegments };
  Deno.exit(await runCli(["mcp", "serve", ...Deno.args], ports));
}
