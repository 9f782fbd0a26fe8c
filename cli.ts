/**
 * The command line program: real ports, arguments in, exit code out.
 *
 * @module
 */

import { runCli } from "./core/commands/frame/run_cli.ts";
import type { Services } from "./core/ports/service.ts";
import { denoPorts } from "./host/deno_ports.ts";
import { denoSegments } from "./host/deno_segments.ts";
import { VERSION } from "./version.ts";

/** Services come with modules of their own, which only `gait mcp serve` loads. */
const services: Services = {
  start: async (config) => await (await import("./server.ts")).serve(config),
};

if (import.meta.main) {
  Deno.exit(await runCli(Deno.args, { ...denoPorts(VERSION), services, segments: denoSegments }));
}
