/**
 * Where the words of a command line begin.
 *
 * @module
 */

import { wantsJson } from "./arguments.ts";

/** A command line whose first words are those of the command. */
export interface CommandWords {
  /** The words, then any `--json` that stood before or between them, then the rest. */
  readonly words: readonly string[];
  /** Whether one of these `--json` asked for JSON (divergence C4). */
  readonly json: boolean;
}

/** Whether a token is `--json` in any of its forms. */
export function isJsonFlag(token: string): boolean {
  const [name] = token.split("=", 1);
  return name === "--json" || name === "-json";
}

/** Moves `--json` behind the words of the command, so that it may stand anywhere. */
export function commandWords(argv: readonly string[]): CommandWords {
  const other = argv.findIndex((token) => token.startsWith("-") && !isJsonFlag(token));
  const head = other < 0 ? argv : argv.slice(0, other);
  const flags = head.filter(isJsonFlag);
  const words = head.filter((token) => !isJsonFlag(token));
  return { words: [...words, ...flags, ...argv.slice(head.length)], json: wantsJson(flags) };
}
