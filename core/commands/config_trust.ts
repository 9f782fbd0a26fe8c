import { DEFAULT_CONFIG_PATH, loadConfig } from "../config/load_config.ts";
import { trustConfig } from "../config/trust_store.ts";
import { CONFIG_NEEDS } from "./flags/config_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** `gait config trust`: remembers the digest of a project configuration as trusted (divergence C7). */
export const command: Command = {
  spec: {
    path: ["config", "trust"],
    summary: "trust a project configuration as it is now",
    explain: "config trust remembers the digest of a project configuration, after you inspected it",
    usage: "[path]",
    positionals: { min: 0, max: 1 },
    expected: "Expected at most one path",
    flags: [],
    examples: ["gait config trust .gait/config.yaml"],
    permissions: () => [
      ...CONFIG_NEEDS,
      { kind: "read", why: "the configuration and the trust store" },
      { kind: "write", why: "the trust store in the user's state directory" },
    ],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const path = args.positionals[0] ?? DEFAULT_CONFIG_PATH;
    // Only a file that can be used may be trusted.
    await loadConfig({ path, none: false }, ports);
    const remembered = await trustConfig(path, ports);
    return {
      exit: 0,
      json: { ok: true, ...remembered },
      text: [`config trust ok: path=${remembered.path} sha256=${remembered.sha256}`],
      tone: "good",
    };
  },
};
