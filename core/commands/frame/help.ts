/**
 * Help texts, made from the command specifications.
 *
 * @module
 */

import { COMMON_FLAGS, usageLine } from "./arguments.ts";
import type { CommandSpec, FlagSpec } from "./command.ts";
import { GROUPS, loadAll } from "./table.ts";

/** Exit codes, for the end of the global help. */
const EXIT_CODES = [
  "exit codes: 0 success or allow, 2 verification failed, 3 blocked, 4 approval required,",
  "            6 bad input, 7 missing dependency, 1 internal, i/o or contention",
];

/** Two columns. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
}

/** Left column of a flag. */
function flagColumn(flag: FlagSpec): string {
  return flag.kind === "boolean" ? `--${flag.name}` : `--${flag.name} <${flag.value ?? "text"}>`;
}

/** Right column of a flag. */
function flagSummary(flag: FlagSpec): string {
  const notes = [
    flag.choices === undefined ? "" : `one of ${flag.choices.join(", ")}`,
    flag.repeatable ? "repeatable" : "",
  ].filter((note) => note !== "");
  return notes.length === 0 ? flag.summary : `${flag.summary} (${notes.join("; ")})`;
}

/** Help of one command. */
export function commandHelp(spec: CommandSpec): string[] {
  const flags = [...spec.flags, ...COMMON_FLAGS];
  const examples = spec.examples ?? [];
  return [
    usageLine(spec),
    "",
    spec.explain,
    "",
    "flags:",
    ...columns(flags.map((flag) => [flagColumn(flag), flagSummary(flag)] as const)),
    ...(examples.length === 0 ? [] : ["", "examples:", ...examples.map((line) => `  ${line}`)]),
  ];
}

/** Help of a group of commands. */
export async function groupHelp(group: string): Promise<string[]> {
  const members = (await loadAll()).filter(({ spec }) => spec.path[0] === group);
  return [
    `usage: gait ${group} <command> [flags]`,
    "",
    `${GROUPS[group]}`,
    "",
    "commands:",
    ...columns(members.map(({ spec }) => [spec.path.join(" "), spec.summary] as const)),
    "",
    `run gait ${group} <command> --help for its flags`,
  ];
}

/** Help of the whole program. */
export async function globalHelp(): Promise<string[]> {
  const all = await loadAll();
  return [
    "usage: gait <command> [flags]",
    "",
    "Decide whether an AI agent's tool call may run, and leave signed evidence of it.",
    "",
    "commands:",
    ...columns(all.map(({ spec }) => [spec.path.join(" "), spec.summary] as const)),
    "",
    "run gait <command> --help for its flags; every command takes --json",
    ...EXIT_CODES,
  ];
}
