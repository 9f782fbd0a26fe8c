/**
 * The command line program: real ports, arguments in, exit code out.
 *
 * @module
 */

import { runCli } from "./core/commands/frame/run_cli.ts";
import type { HttpReader } from "./core/ports/http_client.ts";
import type { Services } from "./core/ports/service.ts";
import { denoPorts } from "./host/deno_ports.ts";
import { denoSegments } from "./host/deno_segments.ts";
import { VERSION } from "./version.ts";

/** Services come with modules of their own, which only `gait mcp serve` loads. */
const services: Services = {
  start: async (config) => await (await import("./server.ts")).serve(config),
};

/** Asking services, which only `gait doctor` does. */
const httpReader: HttpReader = {
  get: async (request) => await (await import("./host/http_client.ts")).httpClient.get(request),
};

if (import.meta.main) {
  const ports = { ...denoPorts(VERSION), services, httpReader, segments: denoSegments };
  Deno.exit(await runCli(Deno.args, ports));
}
