/**
 * Answers command lines that name no command: version, help, and words that are none.
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { EXIT } from "../../base/error_map.ts";
import { nearest } from "../../base/suggest.ts";
import type { Ports } from "../../ports/ports.ts";
import type { CommandResult } from "./command.ts";
import { globalHelp, groupHelp, isInGroup } from "./help.ts";
import { COMMANDS, findCommand, GROUPS } from "./table.ts";
import { textResult } from "./text_result.ts";

const ASKS_FOR_HELP = new Set(["--help", "-help", "-h", "help"]);

/**
 * Answers a command line that names no command.
 *
 * @throws GaitError `unknown_command`
 */
export async function withoutCommand(
  words: readonly string[],
  ports: Ports,
): Promise<CommandResult> {
  const [first] = words;
  if (first === undefined || first === "--version" || first === "-v") {
    const hint = first === undefined ? ["run gait --help to see the commands"] : [];
    return {
      exit: EXIT.ok,
      json: { ok: true, version: ports.version },
      text: [`gait ${ports.version}`, ...hint],
    };
  }
  if (first === "--explain") {
    const line = "gait decides whether an agent's tool call may run and leaves signed evidence";
    return textResult([line], EXIT.ok);
  }
  if (ASKS_FOR_HELP.has(first)) {
    return textResult(await helpAbout(words.slice(1)), EXIT.ok);
  }
  const group = groupOf(words);
  if (group !== undefined) {
    return await withoutSubcommand(group, words[group.split(" ").length]);
  }
  throw unknownCommand(first, COMMANDS.map((entry) => entry.path[0] as string));
}

/** The longest name of a group that the words begin with. */
function groupOf(words: readonly string[]): string | undefined {
  const [first = "", second = ""] = words;
  return [`${first} ${second}`, first].find((name) => Object.hasOwn(GROUPS, name));
}

/** Help about what follows the word `help`: a command, a group, or the whole program. */
async function helpAbout(words: readonly string[]): Promise<string[]> {
  const [first] = words;
  if (first === undefined || first.startsWith("-")) return await globalHelp();
  const entry = findCommand(words);
  if (entry !== undefined) {
    const { commandHelp } = await import("./command_help.ts");
    return commandHelp((await entry.load()).command.spec);
  }
  const group = groupOf(words);
  if (group !== undefined) return await groupHelp(group);
  throw unknownCommand(first, COMMANDS.map(({ path }) => path[0] as string));
}

/** Answers command lines that name a group but none of its commands. */
async function withoutSubcommand(
  group: string,
  word: string | undefined,
): Promise<CommandResult> {
  if (word === "--explain") return textResult([`gait ${group}: ${GROUPS[group]}`], EXIT.ok);
  const asked = word !== undefined && ASKS_FOR_HELP.has(word);
  if (asked) return textResult(await groupHelp(group), EXIT.ok);
  if (word === undefined || word.startsWith("-")) {
    return textResult(await groupHelp(group), EXIT.usage);
  }
  const depth = group.split(" ").length;
  const members = COMMANDS.filter(({ path }) => isInGroup(path, group));
  throw unknownCommand(word, members.map(({ path }) => path[depth] as string), group);
}

/** The error for a command that does not exist. */
function unknownCommand(word: string, candidates: readonly string[], group = ""): GaitError {
  const near = nearest(word, candidates);
  const prefix = group === "" ? "" : `${group} `;
  return new GaitError(
    "unknown_command",
    `Unknown command ${prefix}${word}`,
    near === undefined ? {} : { hint: `did you mean gait ${prefix}${near}?` },
  );
}
