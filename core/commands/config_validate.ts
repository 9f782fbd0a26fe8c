import { DEFAULT_CONFIG_PATH, loadConfig } from "../config/load_config.ts";
import { resolveSettings } from "../config/settings.ts";
import { GaitError } from "../base/errors.ts";
import { CONFIG_FLAGS, CONFIG_NEEDS } from "./flags/config_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** `gait config validate`: checks a configuration file and says whether it is trusted (divergence C7). */
export const command: Command = {
  spec: {
    path: ["config", "validate"],
    summary: "check a configuration file",
    explain: "config validate reads a configuration file strictly and reports every finding",
    usage: "[path]",
    positionals: { min: 0, max: 1 },
    expected: "Expected at most one path",
    flags: CONFIG_FLAGS,
    examples: ["gait config validate .gait/config.yaml"],
    permissions: () => [...CONFIG_NEEDS, { kind: "read", why: "configuration files" }],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const named = args.positionals[0] ?? (args.given("config") ? args.text("config") : undefined);
    const layers = await loadConfig({ path: named, none: false }, ports);
    const file = layers.project;
    if (file === undefined) {
      throw new GaitError("config_invalid", `Cannot find ${named ?? DEFAULT_CONFIG_PATH}`, {
        hint: "name the file, or create .gait/config.yaml",
      });
    }
    // Resolving shows what an untrusted file would be refused for.
    resolveSettings({ flags: new Map(), layers, env: ports.env });
    const keys = [...file.values.keys()];
    return {
      exit: 0,
      json: { ok: true, path: file.path, trusted: file.trusted, keys },
      text: [
        `config validate ok: path=${file.path} keys=${keys.length} ` +
        `trust=${file.trusted ? "trusted" : "untrusted"}`,
      ],
    };
  },
};
