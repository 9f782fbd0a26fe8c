import { CONFIG_KEYS } from "../config/config_keys.ts";
import type { ConfigLayer } from "../config/load_config.ts";
import { CONFIG_FLAGS, CONFIG_NEEDS, loadSettings } from "./flags/config_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** A layer as shown. */
function describe(name: string, layer: ConfigLayer | undefined): Record<string, unknown> {
  if (layer === undefined) return { name, present: false };
  return { name, present: true, path: layer.path, trusted: layer.trusted };
}

/** `gait config show`: every effective value and where it came from (divergence C7). */
export const command: Command = {
  spec: {
    path: ["config", "show"],
    summary: "show every effective setting and its source",
    explain: "config show prints each setting with its value and the source that won",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: CONFIG_FLAGS,
    examples: ["gait config show"],
    permissions: () => [...CONFIG_NEEDS, { kind: "read", why: "configuration files" }],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { settings, layers } = await loadSettings(context);
    const shown = CONFIG_KEYS.flatMap(({ path }) => {
      const setting = settings.all.get(path);
      return setting === undefined ? [] : [{ key: path, ...setting }];
    });
    const files = [
      describe("project config", layers.project),
      describe("user config", layers.user),
    ];
    return {
      exit: 0,
      json: { ok: true, settings: shown, files, untrusted_keys: settings.untrustedKeys },
      text: [
        ...shown.map(({ key, value, source }) => `${key} = ${value}  (${source})`),
        ...files.map((file) =>
          file.present
            ? `${file.name}: ${file.path} (${file.trusted ? "trusted" : "untrusted"})`
            : `${file.name}: none`
        ),
      ],
    };
  },
};
