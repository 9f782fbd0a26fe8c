/**
 * Moving over white space, line ends and comments.
 *
 * @module
 */

import type { GaitError } from "../../base/errors.ts";
import { syntaxError, unsupported, type YamlState } from "./_state.ts";

/** The unit at an offset relative to the reader's place; empty at the end. */
export function charAt(state: YamlState, ahead = 0): string {
  return state.text.charAt(state.pos + ahead);
}

/** Whether a character ends a token: space, tab, line end or end of text. */
export function isBlank(char: string): boolean {
  return char === " " || char === "\n" || char === "\t" || char === "";
}

/** Whether a character is one of `,[]{}`. */
export function isFlowIndicator(char: string): boolean {
  return char !== "" && ",[]{}".includes(char);
}

/** Column (from 0) of the content at the reader's place; -1 at the end of the text. */
export function contentIndent(state: YamlState): number {
  return state.pos >= state.text.length ? -1 : state.pos - state.lineStart;
}

/** Whether `- ` stands at the reader's place. */
export function isDash(state: YamlState): boolean {
  return charAt(state) === "-" && isBlank(charAt(state, 1));
}

/** Offset of the end of the line that holds an offset. */
export function lineEnd(state: YamlState, from: number): number {
  const end = state.text.indexOf("\n", from);
  return end < 0 ? state.text.length : end;
}

/** The error for a tab between tokens, which the two reference readers treat differently. */
export function tabError(state: YamlState): GaitError {
  return syntaxError(state, {
    problem: "found a tab where only spaces may stand",
    hint: "indent and separate with spaces; quote a value that contains a tab",
  });
}

/** Moves over spaces on the current line. */
export function skipSpaces(state: YamlState): void {
  while (charAt(state) === " ") state.pos++;
  if (charAt(state) === "\t") throw tabError(state);
}

/** Reads the comment at the reader's place, up to the end of its line. */
export function readComment(state: YamlState): string {
  const end = lineEnd(state, state.pos);
  const comment = state.text.slice(state.pos, end);
  state.pos = end;
  return comment.trimEnd();
}

/**
 * Reads what may follow a node on its line: spaces and a comment, which becomes `state.trailing`.
 *
 * @returns Whether the line ended; otherwise the reader stands on further text.
 */
export function endsLine(state: YamlState): boolean {
  const from = state.pos;
  skipSpaces(state);
  if (charAt(state) === "#" && (state.pos > from || charAt(state, -1) === " ")) {
    state.trailing = readComment(state);
  }
  return charAt(state) === "\n" || state.pos >= state.text.length;
}

/** Requires the line to end, then moves to the next content. */
export function finishLine(state: YamlState): void {
  if (!endsLine(state)) throw afterNode(state);
  nextContent(state);
}

function afterNode(state: YamlState): GaitError {
  if (charAt(state) === ":") {
    return syntaxError(state, {
      problem: "a second key on the line",
      hint: "quote a value that contains ': ', or start the nested mapping on its own line",
    });
  }
  return syntaxError(state, {
    problem: "unexpected text after the value",
    hint: "put each entry on its own line; a comment needs a space before its '#'",
  });
}

/** Moves over spaces, line ends and comment lines, collecting the comments. */
export function skipBlankLines(state: YamlState): void {
  for (;;) {
    if (charAt(state) === "\n") state.lineStart = ++state.pos;
    while (charAt(state) === " ") state.pos++;
    const char = charAt(state);
    if (char === "\t") throw tabError(state);
    if (char === "#") state.pending.push(readComment(state));
    else if (char !== "\n") return;
  }
}

/** Moves to the next content, collecting comment lines on the way. */
export function nextContent(state: YamlState): void {
  skipBlankLines(state);
  refuseMarker(state);
}

/**
 * Whether the current line begins with `---` or `...`. A marker proper has white space behind it;
 * without it, readers disagree, so that is treated alike.
 */
export function isMarker(state: YamlState): boolean {
  if (state.pos !== state.lineStart) return false;
  return state.text.startsWith("---", state.pos) || state.text.startsWith("...", state.pos);
}

/** Refuses a document marker (divergence P4: one document only) and a directive. */
export function refuseMarker(state: YamlState): void {
  if (state.pos === state.lineStart && charAt(state) === "%") {
    throw unsupported(state, { problem: "directives are not accepted", hint: "remove the line" });
  }
  if (!isMarker(state)) return;
  throw charAt(state) === "-"
    ? unsupported(state, {
      problem: "a second document begins here",
      hint: "keep one document per file",
    })
    : unsupported(state, {
      problem: "the document end marker '...' is not accepted",
      hint: "remove the line",
    });
}

/** Takes the comment lines that wait for an entry. */
export function takePending(state: YamlState): string[] {
  const taken = state.pending;
  state.pending = [];
  return taken;
}

/** Takes the comment behind the node that was read last. */
export function takeTrailing(state: YamlState): string | undefined {
  const taken = state.trailing;
  state.trailing = undefined;
  return taken;
}
