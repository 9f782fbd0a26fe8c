import { GaitError } from "../base/errors.ts";
import type { PermissionNeed } from "../ports/sandbox.ts";
import { parseArguments } from "./frame/arguments.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { findCommand, loadAll } from "./frame/table.ts";
import { permissionFlags, unionOfNeeds } from "./frame/permission_flags.ts";

/** What a command line needs. */
interface Needs {
  readonly needs: readonly PermissionNeed[];
  readonly runtimeFlags: readonly string[];
}

/** Needs of one command line. */
async function needsOf(words: readonly string[]): Promise<Needs> {
  const entry = findCommand(words);
  if (entry === undefined) {
    throw new GaitError("unknown_command", `Unknown command ${words.join(" ")}`);
  }
  const { spec } = (await entry.load()).command;
  const args = parseArguments(words.slice(entry.path.length), spec);
  return { needs: spec.permissions(args), runtimeFlags: spec.runtimeFlags?.(args) ?? [] };
}

/** Needs of every command together. */
async function needsOfAll(): Promise<Needs> {
  const all = await loadAll();
  const needs = all.flatMap(({ spec }) => spec.permissions(parseArguments([], spec)));
  return { needs, runtimeFlags: [] };
}

/** `gait permissions`: prints the runtime flags that a command needs (design: second layer). */
export const command: Command = {
  spec: {
    path: ["permissions"],
    summary: "print the runtime permissions that a command needs",
    explain: "permissions prints the exact runtime flags of one command, or their union for all",
    usage: "[-- <command> [args]]",
    positionals: { min: 0, max: 0 },
    expected: "Put the command behind --, for example gait permissions -- gate eval",
    flags: [],
    passThrough: true,
    examples: ["gait permissions", "gait permissions -- keys show --public-key gait.key"],
    permissions: () => [],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const words = context.args.rest;
    const found = words.length === 0 ? await needsOfAll() : await needsOf(words);
    const needs = unionOfNeeds(found.needs);
    const flags = [...permissionFlags(needs), ...found.runtimeFlags];
    return {
      exit: 0,
      json: { ok: true, command: words.join(" "), flags, needs },
      text: [...flags, ...needs.map((need) => `# ${need.kind}: ${need.why}`)],
    };
  },
};
