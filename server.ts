/**
 * The service program, and the composition root of `gait mcp serve`: real ports, native crypto, and the
 * service itself. `cli.ts` loads it when the command asks for a service.
 *
 * @module
 */

import type { Ports } from "./core/ports/ports.ts";
import type { RunningService, ServiceConfig } from "./core/ports/service.ts";
import { runCli } from "./core/commands/frame/run_cli.ts";
import type { ServicePorts } from "./core/service/service_ports.ts";
import { startService } from "./core/service/start_service.ts";
import { denoDirectories } from "./host/deno_directories.ts";
import { denoPorts } from "./host/deno_ports.ts";
import { denoSegments } from "./host/deno_segments.ts";
import { denoSignals } from "./host/deno_signals.ts";
import { denoWatches } from "./host/deno_watch.ts";
import { fetchClient } from "./host/fetch_client.ts";
import { loadNativeCrypto } from "./host/native_crypto.ts";
import { nodeHttp } from "./host/node_http.ts";
import { VERSION } from "./version.ts";

/** Ports of a long-lived process: hashing and signing in one call each. */
export async function servicePorts(version: string): Promise<ServicePorts> {
  const { digester, ed25519 } = await loadNativeCrypto();
  return {
    ...denoPorts(version),
    digester,
    ed25519,
    http: nodeHttp,
    httpClient: fetchClient,
    signals: denoSignals,
    watches: denoWatches,
    directories: denoDirectories,
    segments: denoSegments,
  };
}

/**
 * Starts a service over the real world.
 *
 * @throws GaitError for every reason not to start
 */
export async function serve(config: ServiceConfig): Promise<RunningService> {
  return await startService(config, await servicePorts(VERSION));
}

/** Ports of the command line, with services that run in this process. */
export function cliPorts(): Ports {
  return { ...denoPorts(VERSION), services: { start: serve }, segments: denoSegments };
}

if (import.meta.main) {
  Deno.exit(await runCli(["mcp", "serve", ...Deno.args], cliPorts()));
}
