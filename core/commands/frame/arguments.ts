/**
 * The grammar of the command line (spec 02 §1.3, spec 01 §1.2).
 *
 * @module
 */

import { GaitError } from "../../base/errors.ts";
import { nearest } from "../../base/suggest.ts";
import type { Arguments, CommandSpec, FlagSpec } from "./command.ts";

const TRUE = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const FALSE = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** Flags that every command has. */
export const COMMON_FLAGS: readonly FlagSpec[] = [
  { name: "json", kind: "boolean", summary: "print one JSON object on standard output" },
  { name: "help", kind: "boolean", summary: "show this help" },
  { name: "explain", kind: "boolean", summary: "say in one sentence what the command does" },
];

/** A usage error. */
function usage(message: string, hint?: string): GaitError {
  return new GaitError("usage", message, hint === undefined ? {} : { hint });
}

/** Splits `--name=value`; `undefined` when the token is no flag. */
function splitFlag(token: string): { name: string; value: string | undefined } | undefined {
  if (token.length < 2 || !token.startsWith("-")) return undefined;
  const body = token.startsWith("--") ? token.slice(2) : token.slice(1);
  const cut = body.indexOf("=");
  if (cut < 0) return { name: body, value: undefined };
  return { name: body.slice(0, cut), value: body.slice(cut + 1) };
}

/** Reads the value of a boolean flag. */
function toBoolean(name: string, value: string | undefined): boolean {
  if (value === undefined || TRUE.has(value)) return true;
  if (FALSE.has(value)) return false;
  throw usage(
    `Invalid boolean value ${JSON.stringify(value)} for --${name}`,
    `write --${name}, --${name}=true or --${name}=false`,
  );
}

/** Finds a flag by name, or says which one may have been meant. */
function findFlag(name: string, spec: CommandSpec): FlagSpec {
  const wanted = name === "h" ? "help" : name;
  const isIt = (flag: FlagSpec) => flag.name === wanted;
  const known = spec.flags.find(isIt) ?? COMMON_FLAGS.find(isIt);
  if (known !== undefined) return known;
  const near = nearest(name, [...COMMON_FLAGS, ...spec.flags].map((flag) => flag.name));
  const words = spec.path.join(" ");
  throw usage(
    `Unknown flag --${name}`,
    near === undefined ? `run gait ${words} --help to see its flags` : `did you mean --${near}?`,
  );
}

/** Collects values while parsing. */
class Collected implements Arguments {
  readonly positionals: string[] = [];
  rest: readonly string[] = [];
  readonly #texts = new Map<string, string[]>();
  readonly #flags = new Map<string, boolean>();

  addText(name: string, value: string): void {
    const list = this.#texts.get(name);
    if (list === undefined) this.#texts.set(name, [value]);
    else list.push(value);
  }
  addFlag(name: string, value: boolean): void {
    this.#flags.set(name, value);
  }
  text(name: string): string {
    return this.#texts.get(name)?.at(-1) ?? "";
  }
  all(name: string): readonly string[] {
    return this.#texts.get(name) ?? [];
  }
  flag(name: string): boolean {
    return this.#flags.get(name) ?? false;
  }
  given(name: string): boolean {
    return this.#texts.has(name) || this.#flags.has(name);
  }
}

/**
 * Parses the tokens behind the command's own words. Flags and positionals may be mixed; after `--`
 * everything is positional, or belongs to the child program of a pass-through command.
 *
 * @throws GaitError `usage`
 */
export function parseArguments(tokens: readonly string[], spec: CommandSpec): Arguments {
  const out = new Collected();
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string;
    if (token === "--") {
      const rest = tokens.slice(i + 1);
      if (spec.passThrough) out.rest = rest;
      else out.positionals.push(...rest);
      break;
    }
    const split = splitFlag(token);
    if (split === undefined) {
      out.positionals.push(token);
      continue;
    }
    const flag = findFlag(split.name, spec);
    if (flag.kind === "boolean") {
      out.addFlag(flag.name, toBoolean(flag.name, split.value));
      continue;
    }
    const value = split.value ?? tokens[++i];
    if (value === undefined) throw usage(`Flag --${flag.name} needs a value`);
    out.addText(flag.name, value);
  }
  return out;
}

/**
 * Checks the number of positionals.
 *
 * @throws GaitError `usage`
 */
export function checkPositionals(args: Arguments, spec: CommandSpec): void {
  const count = args.positionals.length;
  const { min, max } = spec.positionals;
  if (count >= min && count <= max) return;
  if (max === 0) {
    throw usage(`Unexpected positional arguments: ${args.positionals.join(" ")}`);
  }
  throw usage(spec.expected ?? `Expected ${spec.usage}`, usageLine(spec));
}

/** The usage line of a command. */
export function usageLine(spec: CommandSpec): string {
  const flags = spec.usage.includes("[flags]") || spec.passThrough ? "" : "[flags]";
  return ["usage: gait", ...spec.path, spec.usage, flags].filter((part) => part !== "").join(" ");
}

/**
 * Whether the caller asked for JSON, found without failing: an error in the arguments must still be
 * reported in the form that was asked for (divergence C4).
 *
 * @param tokens Tokens behind the command's own words.
 * @param spec The command, when it is known.
 */
export function wantsJson(tokens: readonly string[], spec?: CommandSpec): boolean {
  const takesValue = new Set(
    spec?.flags.filter((flag) => flag.kind === "string").map((flag) => flag.name),
  );
  let wanted = false;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string;
    if (token === "--") break;
    const split = splitFlag(token);
    if (split === undefined) continue;
    if (split.name === "json") wanted = split.value === undefined || TRUE.has(split.value);
    else if (split.value === undefined && takesValue.has(split.name)) i++;
  }
  return wanted;
}
