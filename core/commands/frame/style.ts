/**
 * Colours: on a terminal only, and never when `NO_COLOR` is set to anything but "".
 *
 * @module
 */

import { type Env, readComfort } from "../../ports/env.ts";

/** What a colour says. */
export type Tone = "good" | "bad" | "attention";

const SGR: Readonly<Record<Tone, string>> = { good: "32", bad: "31", attention: "33" };

/**
 * Whether to colour.
 *
 * @param stream Whether the stream is a terminal.
 * @param env Environment; `NO_COLOR` wins.
 */
export function mayColour(stream: { readonly isTerminal: boolean }, env: Env): boolean {
  return stream.isTerminal && (readComfort(env, "NO_COLOR") ?? "") === "" &&
    readComfort(env, "TERM") !== "dumb";
}

/** Colours a text, or returns it as it is. */
export function paint(text: string, tone: Tone, to: { readonly colour: boolean }): string {
  return to.colour ? `\u001b[${SGR[tone]}m${text}\u001b[0m` : text;
}
