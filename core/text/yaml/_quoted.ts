/**
 * Single- and double-quoted scalars (YAML 1.2.2 §7.3.1, §7.3.2).
 *
 * @module
 */

import type { ScalarNode } from "../node.ts";
import { charAt, refuseMarker, tabError } from "./_lines.ts";
import { stringNode, syntaxError, unsupported, yamlError, type YamlState } from "./_state.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Text read so far; spaces before a line break are dropped later, so their place is kept. */
interface Draft {
  readonly parts: string[];
  /** Offset from which text is not yet in `parts`. */
  from: number;
}

/**
 * Reads a quoted scalar.
 *
 * @param state Stands on the opening quote.
 * @param parent Column of the enclosing block; continuation lines stand deeper.
 */
export function readQuoted(state: YamlState, parent: number): ScalarNode {
  const at = state.pos;
  const quote = charAt(state);
  const draft: Draft = { parts: [], from: ++state.pos };
  for (;;) {
    const char = charAt(state);
    if (char === "") {
      throw syntaxError(state, { problem: `no closing ${quote} for the quote opened here`, at });
    }
    if (char === "\n") foldLines(state, { draft, parent });
    else if (char === "\\" && quote === '"') readEscape(state, { draft, parent });
    else if (char === quote) {
      take(state, draft);
      state.pos++;
      if (quote === '"' || charAt(state) !== quote) break;
      // A doubled quote stands for one, which begins the next piece.
      draft.from = state.pos++;
    } else state.pos++;
  }
  const value = draft.parts.join("");
  if (!value.isWellFormed()) {
    const problem = "a string escapes a lone surrogate";
    throw yamlError(state, "text_encoding", { problem, at, hint: "write both halves of the pair" });
  }
  return stringNode(state, { value, style: quote === '"' ? "double" : "single", at });
}

function take(state: YamlState, draft: Draft): void {
  draft.parts.push(state.text.slice(draft.from, state.pos));
}

/** Folds a line break: one becomes a space, more become one fewer (§6.5). */
function foldLines(state: YamlState, options: { draft: Draft; parent: number }): void {
  const { draft, parent } = options;
  draft.parts.push(withoutTrailingBlanks(state.text.slice(draft.from, state.pos)));
  const breaks = skipBreaks(state, parent);
  draft.parts.push(breaks === 1 ? " " : "\n".repeat(breaks - 1));
  draft.from = state.pos;
}

function withoutTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charAt(end - 1) === " " || text.charAt(end - 1) === "\t")) end--;
  return text.slice(0, end);
}

/** Moves over line breaks and the indentation behind them; counts the breaks. */
function skipBreaks(state: YamlState, parent: number): number {
  let breaks = 0;
  while (charAt(state) === "\n") {
    breaks++;
    state.lineStart = ++state.pos;
    while (charAt(state) === " ") state.pos++;
    if (charAt(state) === "\t") throw tabError(state);
  }
  if (charAt(state) === "") return breaks;
  refuseMarker(state);
  if (state.pos - state.lineStart <= parent) {
    throw syntaxError(state, {
      problem: "a line of a quoted value is not indented deeper than its key",
      hint: "indent it, or close the quote",
    });
  }
  return breaks;
}

function readEscape(state: YamlState, options: { draft: Draft; parent: number }): void {
  const { draft, parent } = options;
  take(state, draft);
  const letter = charAt(state, 1);
  const length = Object.hasOwn(HEX_LENGTH, letter) ? HEX_LENGTH[letter] : undefined;
  const char = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (letter === "\n") {
    const at = state.pos++;
    if (skipBreaks(state, parent) > 1) {
      const problem = "an empty line follows an escaped line break";
      throw unsupported(state, { problem, at, hint: "remove the empty line" });
    }
  } else if (length !== undefined) {
    draft.parts.push(readHex(state, length));
    state.pos += 2 + length;
  } else if (char !== undefined) {
    draft.parts.push(char);
    state.pos += 2;
  } else {
    throw syntaxError(state, {
      problem: "unknown escape in a double-quoted value",
      hint: "double the backslash, or use single quotes",
    });
  }
  draft.from = state.pos;
}

function readHex(state: YamlState, length: number): string {
  const hex = state.text.slice(state.pos + 2, state.pos + 2 + length);
  const code = /^[0-9a-fA-F]+$/.test(hex) ? parseInt(hex, 16) : NaN;
  if (hex.length === length && code <= 0x10ffff) {
    return code <= 0xffff ? String.fromCharCode(code) : String.fromCodePoint(code);
  }
  throw syntaxError(state, {
    problem: `the escape needs ${length} hexadecimal digits that name a code point`,
  });
}
