/** The configuration that a command line of `mcp serve` leads to. */

import { resolveSettings } from "../../core/config/settings.ts";
import { flagOfKey } from "../../core/commands/flags/config_flags.ts";
import { CONFIG_KEYS } from "../../core/config/config_keys.ts";
import { serveConfig } from "../../core/commands/flags/serve_config.ts";
import { command } from "../../core/commands/mcp_serve.ts";
import { parseArguments } from "../../core/commands/frame/arguments.ts";
import type { ServiceConfig } from "../../core/ports/service.ts";
import { memoryWorld } from "./memory_ports.ts";

/** Builds it. */
export function serveConfigOf(argv: readonly string[]): ServiceConfig {
  const world = memoryWorld();
  const args = parseArguments(argv, command.spec);
  const flags = new Map(
    CONFIG_KEYS.filter(({ path }) => path.startsWith("gate."))
      .map(({ path }) => [path, args.text(flagOfKey(path))] as const),
  );
  const layers = { project: undefined, user: undefined };
  const settings = resolveSettings({ flags, layers, env: world.ports.env });
  return serveConfig(args, settings, world.ports);
}
