/**
 * The service without a disk: evidence is made and signed, and then dropped. It shows how much of the time
 * durability costs; nothing else may use it.
 *
 * @module
 */

import { runCli } from "../core/commands/frame/run_cli.ts";
import type { Segments } from "../core/ports/segments.ts";
import { startService } from "../core/service/start_service.ts";
import { denoPorts } from "../host/deno_ports.ts";
import { servicePorts } from "../host/service_ports.ts";

const nothing = () => Promise.resolve();

/** Segments that keep nothing. */
const segments: Segments = {
  hold: () => Promise.resolve({ isInPlace: () => Promise.resolve(true), close: () => {} }),
  createVisible: nothing,
  create: () => Promise.resolve({ append: nothing, sync: nothing, close: () => {} }),
  settle: nothing,
  settleDirectory: nothing,
};

const services = {
  start: async (config: Parameters<typeof startService>[0]) =>
    await startService(config, { ...await servicePorts("0.0.0-dev"), segments }),
};
Deno.exit(await runCli(["mcp", "serve", ...Deno.args], { ...denoPorts("0.0.0-dev"), services }));
