/**
 * The command line program under Node: real ports, arguments in, exit code out.
 *
 * @module
 */

import { runCli } from "../../core/commands/frame/run_cli.ts";
import type { Ports } from "../../core/ports/ports.ts";
import { VERSION } from "../../version.ts";
import { process } from "./_process.ts";
import { nodePorts } from "./ports.ts";

/** Ports of the command line; services and the network come with modules of their own. */
export async function cliPorts(version: string): Promise<Ports> {
  const services: Ports["services"] = {
    start: async (config) => await (await import("./server.ts")).serve(config, version),
  };
  const httpReader: Ports["httpReader"] = {
    get: async (request) => await (await import("../http_client.ts")).httpClient.get(request),
  };
  return { ...await nodePorts(version), services, httpReader };
}

if (import.meta.main) {
  process.exit(await runCli(process.argv.slice(2), await cliPorts(VERSION)));
}
