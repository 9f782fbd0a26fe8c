/**
 * Where the words of a command line begin.
 *
 * @module
 */

import { wantsJson } from "./arguments.ts";

/** A command line whose leading `--json` was taken off. */
export interface CommandWords {
  readonly words: readonly string[];
  /** Whether `--json` stood in front of the command (divergence C4). */
  readonly json: boolean;
}

/** Takes `--json` off the front. */
export function commandWords(argv: readonly string[]): CommandWords {
  const first = argv.findIndex((token) => !/^--?json(=|$)/.test(token));
  const lead = first < 0 ? argv : argv.slice(0, first);
  return { words: first < 0 ? [] : argv.slice(first), json: wantsJson(lead) };
}
