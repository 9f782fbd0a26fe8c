import { GaitError } from "../base/errors.ts";
import { nearest } from "../base/suggest.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { completionScript, SHELLS } from "./frame/completion_script.ts";
import { loadAll } from "./frame/table.ts";

/** `gait completion`: prints a completion script for a shell. */
export const command: Command = {
  spec: {
    path: ["completion"],
    summary: "print a completion script for bash, zsh or fish",
    explain: "completion prints a script that completes commands and flags in your shell",
    usage: "bash|zsh|fish",
    positionals: { min: 1, max: 1 },
    expected: "Expected one of bash, zsh, fish",
    flags: [],
    examples: ["gait completion bash"],
    permissions: () => [],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const word = context.args.positionals[0] as string;
    const shell = SHELLS.find((known) => known === word);
    if (shell === undefined) {
      const near = nearest(word, SHELLS);
      throw new GaitError("unsupported_value", `Unsupported shell ${word}`, {
        hint: near === undefined ? "use bash, zsh or fish" : `did you mean ${near}?`,
      });
    }
    const specs = (await loadAll()).map((each) => each.spec);
    const script = completionScript(shell, specs);
    return { exit: 0, json: { ok: true, shell, script }, text: [script] };
  },
};
