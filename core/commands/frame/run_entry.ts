/**
 * Runs one command: arguments in, rendered answer and exit code out.
 *
 * @module
 */

import { EXIT } from "../../base/error_map.ts";
import { GaitError, toGaitError } from "../../base/errors.ts";
import type { Ports } from "../../ports/ports.ts";
import { checkPositionals, parseArguments, wantsJson } from "./arguments.ts";
import type { Arguments, Command, CommandResult, CommandSpec, Warning } from "./command.ts";
import { isJsonFlag } from "./command_words.ts";
import { correlationId, invocationId } from "./correlation.ts";
import { progressReporter } from "./progress.ts";
import { type Invocation, renderFailure, renderResult } from "./render.ts";
import { mayColour } from "./style.ts";
import { textResult } from "./text_result.ts";

const KINDS = ["read", "write", "env", "run", "net", "sys"] as const;

/** A command line, split. */
export interface CommandLine {
  /** Everything behind the program name. */
  readonly argv: readonly string[];
  /** What follows the command's own words. */
  readonly tokens: readonly string[];
  /** Whether `--json` stood in front of the command. */
  readonly json: boolean;
  /** What went wrong before the command; people have been told already, JSON has not. */
  readonly warnings?: readonly Warning[];
}

/** An invocation whose correlation id is still being computed. */
interface Running extends Omit<Invocation, "correlationId"> {
  readonly correlation: Promise<string>;
  readonly warnings: Warning[];
}

/** Gives up every kind of permission that the command does not declare (design: second layer). */
async function dropPermissions(command: Command, args: Arguments, ports: Ports): Promise<void> {
  const needed = new Set(command.spec.permissions(args).map((need) => need.kind));
  for (const kind of KINDS) if (!needed.has(kind)) await ports.sandbox.drop(kind);
}

/** Whether a token asks for an explanation. */
function isExplainFlag(token: string): boolean {
  return token === "--explain" || token === "-explain";
}

/** Whether `--explain` is all that was asked for (divergence C3). */
function onlyExplain(tokens: readonly string[]): boolean {
  return tokens.some(isExplainFlag) &&
    tokens.every((token) => isExplainFlag(token) || isJsonFlag(token));
}

/** Parses the rest of the command line and runs the command. */
async function execute(
  command: Command,
  tokens: readonly string[],
  context: { readonly ports: Ports; readonly run: Running },
): Promise<CommandResult> {
  const { spec } = command;
  const { ports, run } = context;
  if (onlyExplain(tokens)) return textResult([spec.explain], EXIT.ok);
  const args = parseArguments(tokens, spec);
  if (args.flag("help")) {
    const { commandHelp } = await import("./command_help.ts");
    return textResult(commandHelp(spec), EXIT.ok);
  }
  if (args.flag("explain") && !spec.explainsDecision) {
    throw new GaitError("usage", "--explain cannot be combined with other arguments", {
      hint: `run gait ${spec.path.join(" ")} --explain alone, or leave it out to run the command`,
    });
  }
  checkPositionals(args, spec);
  await dropPermissions(command, args, ports);
  return await command.run({
    args,
    ports,
    correlationId: run.correlation,
    invocationId: run.invocationId,
    warn: (warning) => void run.warnings.push(warning),
    warned: run.warnings,
    progress: progressReporter(spec.path.join(" "), ports),
  });
}

/** Collects what belongs to the invocation. */
function startInvocation(
  line: CommandLine,
  spec: CommandSpec | undefined,
  ports: Ports,
): Running {
  const json = line.json || wantsJson(line.tokens, spec);
  return {
    terminal: ports.terminal,
    json,
    // JSON is never coloured, and asking the terminal takes time.
    colour: !json && mayColour({ isTerminal: ports.terminal.outIsTerminal }, ports.env),
    correlation: correlationId(["gait", ...line.argv], ports.digester),
    invocationId: invocationId(ports.random),
    warnings: json ? [...line.warnings ?? []] : [],
  };
}

/** Renders what came of an invocation, answer or failure. */
async function conclude(
  answer: Promise<CommandResult>,
  run: Running,
  spec: CommandSpec | undefined,
): Promise<number> {
  const [result, id] = await Promise.allSettled([answer, run.correlation]);
  const correlation = id.status === "fulfilled" ? id.value : "0".repeat(24);
  const invocation = { ...run, correlationId: correlation };
  try {
    if (result.status === "fulfilled") return renderResult(result.value, invocation);
    return renderFailure(toGaitError(result.reason), invocation, spec);
  } catch (error) {
    // Standard output takes nothing: who waits for the answer must not read success into the exit code.
    return renderFailure(toGaitError(error), { ...invocation, json: false }, spec);
  }
}

/**
 * Runs a command.
 *
 * @param load Loads the command.
 * @param line The command line.
 * @returns The exit code.
 */
export async function runEntry(
  load: () => Promise<{ readonly command: Command }>,
  line: CommandLine,
  ports: Ports,
): Promise<number> {
  const { command } = await load();
  const run = startInvocation(line, command.spec, ports);
  return await conclude(execute(command, line.tokens, { ports, run }), run, command.spec);
}

/**
 * Renders the answer to a command line that names no command.
 *
 * @param answer Makes the answer.
 * @param line The command line.
 * @returns The exit code.
 */
export async function runAnswer(
  answer: () => Promise<CommandResult>,
  line: CommandLine,
  ports: Ports,
): Promise<number> {
  return await conclude(answer(), startInvocation(line, undefined, ports), undefined);
}
