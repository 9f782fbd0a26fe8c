/**
 * From the command line to an exit code.
 *
 * @module
 */

import { GaitError, toGaitError } from "../../base/errors.ts";
import { EXIT } from "../../base/error_map.ts";
import { nearest } from "../../base/suggest.ts";
import type { Ports } from "../../ports/ports.ts";
import { checkPositionals, parseArguments, wantsJson } from "./arguments.ts";
import type { Arguments, Command, CommandResult, Warning } from "./command.ts";
import { correlationId, invocationId } from "./correlation.ts";
import { commandHelp, globalHelp, groupHelp } from "./help.ts";
import { progressReporter } from "./progress.ts";
import { type Invocation, renderFailure, renderResult } from "./render.ts";
import { mayColour } from "./style.ts";
import { COMMANDS, findCommand, GROUPS } from "./table.ts";

const ASKS_FOR_HELP = new Set(["--help", "-help", "-h", "help"]);
const KINDS = ["read", "write", "env", "run", "net", "sys"] as const;

/** Words and tokens of a command line; `--json` may stand before the command. */
function withoutLeadingJson(tokens: readonly string[]): { words: string[]; json: boolean } {
  const first = tokens.findIndex((token) => !/^--?json(=|$)/.test(token));
  const lead = first < 0 ? tokens : tokens.slice(0, first);
  return { words: first < 0 ? [] : tokens.slice(first), json: wantsJson(lead) };
}

/** Plain text as a result. */
function textResult(text: readonly string[], exit: number): CommandResult {
  return { exit, json: { ok: exit === EXIT.ok, text }, text };
}

/** Answers command lines that name no command. */
async function withoutCommand(words: readonly string[], ports: Ports): Promise<CommandResult> {
  const [first, second] = words;
  if (first === undefined || first === "--version" || first === "-v") {
    const line = `gait ${ports.version}`;
    return { exit: EXIT.ok, json: { ok: true, version: ports.version }, text: [line] };
  }
  if (first === "--explain") {
    const line = "gait decides whether an agent's tool call may run and leaves signed evidence";
    return textResult([line], EXIT.ok);
  }
  if (ASKS_FOR_HELP.has(first)) {
    const group = second !== undefined && second in GROUPS ? second : undefined;
    return textResult(group ? await groupHelp(group) : await globalHelp(), EXIT.ok);
  }
  if (Object.hasOwn(GROUPS, first)) return await withoutSubcommand(first, second);
  throw unknownCommand(first, COMMANDS.map((entry) => entry.path[0] as string));
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
  const members = COMMANDS.filter(({ path }) => path[0] === group);
  throw unknownCommand(word, members.map(({ path }) => path[1] as string), group);
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

/** Gives up every kind of permission that the command does not declare (design: second layer). */
async function dropPermissions(command: Command, args: Arguments, ports: Ports): Promise<void> {
  const needed = new Set(command.spec.permissions(args).map((need) => need.kind));
  for (const kind of KINDS) if (!needed.has(kind)) await ports.sandbox.drop(kind);
}

/** Whether `--explain` is all that was asked for (divergence C3). */
function onlyExplain(tokens: readonly string[]): boolean {
  return tokens.some((token) => /^--?explain$/.test(token)) &&
    tokens.every((token) => /^--?(explain|json)$/.test(token));
}

/** Parses the rest of the command line and runs the command. */
async function runCommand(
  command: Command,
  tokens: readonly string[],
  context: { ports: Ports; run: Invocation; warn(warning: Warning): void },
): Promise<CommandResult> {
  const { spec } = command;
  if (onlyExplain(tokens)) return textResult([spec.explain], EXIT.ok);
  const args = parseArguments(tokens, spec);
  if (args.flag("help")) return textResult(commandHelp(spec), EXIT.ok);
  if (args.flag("explain") && !spec.explainsDecision) {
    throw new GaitError("usage", "--explain cannot be combined with other arguments", {
      hint: `run gait ${spec.path.join(" ")} --explain alone, or leave it out to run the command`,
    });
  }
  checkPositionals(args, spec);
  await dropPermissions(command, args, context.ports);
  return await command.run({
    args,
    ports: context.ports,
    correlationId: context.run.correlationId,
    invocationId: context.run.invocationId,
    warn: context.warn,
    progress: progressReporter(spec.path.join(" "), context.ports),
  });
}

/**
 * Runs one command line.
 *
 * @param argv Arguments behind the program name.
 * @param ports The world.
 * @returns The exit code of the process (spec 01 §2.1).
 */
export async function runCli(argv: readonly string[], ports: Ports): Promise<number> {
  const { words, json: leading } = withoutLeadingJson(argv);
  const warnings: Warning[] = [];
  const entry = findCommand(words);
  const command = entry === undefined ? undefined : (await entry.load()).command;
  const tokens = entry === undefined ? words : words.slice(entry.path.length);
  const run: Invocation = {
    terminal: ports.terminal,
    json: leading || wantsJson(tokens, command?.spec),
    colour: mayColour(ports.terminal.outIsTerminal, ports.env),
    correlationId: await correlationId(["gait", ...argv], ports.digester),
    invocationId: invocationId(ports.random),
    warnings,
  };
  try {
    const result = command === undefined
      ? await withoutCommand(words, ports)
      : await runCommand(command, tokens, { ports, run, warn: (w) => void warnings.push(w) });
    return renderResult(result, run);
  } catch (thrown) {
    return renderFailure(toGaitError(thrown), run, command?.spec);
  }
}
