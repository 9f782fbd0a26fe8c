/** The reference of all commands in `docs/cli.md`, made from the command specifications. */

import { COMMON_FLAGS, usageLine } from "../../core/commands/frame/arguments.ts";
import type { CommandSpec, FlagSpec } from "../../core/commands/frame/command.ts";
import { loadAll } from "../../core/commands/frame/table.ts";
import { code, table, wrapped } from "./markdown.ts";

/** A flag as it is typed. */
function typed(flag: FlagSpec): string {
  return code(
    flag.kind === "boolean" ? `--${flag.name}` : `--${flag.name} <${flag.value ?? "text"}>`,
  );
}

/** What a flag does, with its choices. */
function meaning(flag: FlagSpec): string {
  const choices = flag.choices?.map(code).join(", ");
  return [
    flag.summary,
    ...(choices === undefined ? [] : [`one of ${choices}`]),
    ...(flag.repeatable === true ? ["repeatable"] : []),
  ].join("; ");
}

/** A table of flags. */
function flagTable(flags: readonly FlagSpec[]): string {
  return table(["Flag", "Meaning"], flags.map((flag) => [typed(flag), meaning(flag)]));
}

/** First letter in upper case. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The section of one command. */
function section(spec: CommandSpec): string {
  const examples = spec.examples ?? [];
  return [
    `### gait ${spec.path.join(" ")}`,
    wrapped(sentence(spec.explain)),
    ["```text", usageLine(spec).replace(/^usage: /, ""), "```"].join("\n"),
    ...(spec.flags.length === 0 ? [] : [flagTable(spec.flags)]),
    ...(examples.length === 0 ? [] : [["```sh", ...examples, "```"].join("\n")]),
  ].join("\n\n");
}

/** The flags that every command has. */
export function commonFlagTable(): string {
  return flagTable(COMMON_FLAGS);
}

/** One section for each command, in the order of their names. */
export async function commandReference(): Promise<string> {
  const commands = await loadAll();
  return commands.map(({ spec }) => section(spec)).join("\n\n");
}
