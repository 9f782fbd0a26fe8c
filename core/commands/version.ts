import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** `gait version`: says which build this is (divergence C6). */
export const command: Command = {
  spec: {
    path: ["version"],
    summary: "show the version of this build",
    explain: "version prints the version of this build and of the artifacts it writes",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [],
    examples: ["gait version", "gait version --json"],
    permissions: () => [],
  },
  run(context: CommandContext): Promise<CommandResult> {
    const { version, platform } = context.ports;
    return Promise.resolve({
      exit: 0,
      json: { ok: true, version, platform, producer_version: version },
      text: [`gait ${version}`],
    });
  },
};
