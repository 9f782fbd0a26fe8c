/**
 * Help of groups and of the whole program. It loads every command, so nothing on the way of a command needs it.
 *
 * @module
 */

import { columns } from "./command_help.ts";
import { GROUPS, loadAll } from "./table.ts";

/** Exit codes, for the end of the global help. */
const EXIT_CODES = [
  "exit codes: 0 success or allow, 2 verification failed, 3 blocked, 4 approval required,",
  "            6 bad input, 7 missing dependency, 1 internal, i/o or contention",
];

/** Whether a command belongs to a group such as `keys` or `run session`. */
export function isInGroup(path: readonly string[], group: string): boolean {
  return path.join(" ").startsWith(`${group} `);
}

/** Help of a group of commands. */
export async function groupHelp(group: string): Promise<string[]> {
  const members = (await loadAll()).filter(({ spec }) => isInGroup(spec.path, group));
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
