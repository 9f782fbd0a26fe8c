/**
 * Plain scalars: where they end, and what they mean.
 *
 * @module
 */

import type { ScalarNode } from "../node.ts";
import { charAt, isBlank, isDash, isFlowIndicator, isMarker, lineEnd, tabError } from "./_lines.ts";
import { resolvePlain } from "./_resolve.ts";
import { stringNode, syntaxError, unsupported, type YamlState } from "./_state.ts";

const NO_START = ",[]{}#&*!|>'\"%@`";

/** Refuses a place where no plain scalar can begin (YAML 1.2.2 §7.3.3). */
function checkStart(state: YamlState, flow: boolean): void {
  const char = charAt(state);
  const next = charAt(state, 1);
  if (char === "!") {
    throw unsupported(state, { problem: "tags are not accepted", hint: "remove the tag" });
  }
  if (char === "?" && isBlank(next)) {
    throw unsupported(state, {
      problem: "explicit keys ('? ') are not accepted",
      hint: "write key: value",
    });
  }
  const bare = char === "-" || char === "?" || char === ":";
  if (bare && (isBlank(next) || (flow && isFlowIndicator(next)))) {
    const problem = char === "-"
      ? "a list item cannot begin here"
      : `expected a value, found '${char}'`;
    throw syntaxError(state, {
      problem,
      hint: "start the list on its own line, or quote the value",
    });
  }
  if (isBlank(char)) throw syntaxError(state, { problem: "expected a value" });
  if (!NO_START.includes(char)) return;
  throw syntaxError(state, {
    problem: `a plain value cannot begin with '${char}'`,
    hint: "quote the value",
  });
}

/**
 * Moves over the part of a plain scalar on the current line.
 *
 * @returns Offset behind its last non-space unit; the reader stands there.
 */
export function skipPlainLine(state: YamlState, options: { flow: boolean }): number {
  let end = state.pos;
  for (;; state.pos++) {
    const char = charAt(state);
    if (char === "\n" || char === "") break;
    if (char === "\t") throw tabError(state);
    if (char === "#" && isBlank(charAt(state, -1))) break;
    if (options.flow && isFlowIndicator(char)) break;
    if (char === ":") {
      const next = charAt(state, 1);
      if (isBlank(next) || (options.flow && isFlowIndicator(next))) break;
    }
    if (char !== " ") end = state.pos + 1;
  }
  state.pos = end;
  return end;
}

/** Reads a plain scalar inside `[ ]` or `{ }`; it cannot span lines. */
export function readFlowPlain(state: YamlState): ScalarNode {
  const at = state.pos;
  checkStart(state, true);
  const text = state.text.slice(at, skipPlainLine(state, { flow: true }));
  return plainNode(state, { text, at });
}

/** Reads a plain scalar in block context, with continuation lines indented deeper than `parent`. */
export function readBlockPlain(state: YamlState, parent: number): ScalarNode {
  const at = state.pos;
  checkStart(state, false);
  const parts = [state.text.slice(at, skipPlainLine(state, { flow: false }))];
  for (;;) {
    const breaks = toContinuation(state, parent);
    if (breaks === 0) break;
    const from = state.pos;
    parts.push(breaks === 1 ? " " : "\n".repeat(breaks - 1));
    parts.push(state.text.slice(from, skipPlainLine(state, { flow: false })));
  }
  const text = parts.join("");
  return parts.length === 1
    ? plainNode(state, { text, at })
    : stringNode(state, { value: text, style: "plain", at });
}

/**
 * Moves to the next line of a plain scalar, if it has one.
 *
 * @returns Line breaks crossed; 0 when the scalar ends, the reader unmoved.
 */
function toContinuation(state: YamlState, parent: number): number {
  const { pos, lineStart } = state;
  let at = pos;
  let start = lineStart;
  let breaks = 0;
  while (state.text.charAt(at) === " ") at++;
  while (state.text.charAt(at) === "\n") {
    breaks++;
    start = ++at;
    while (state.text.charAt(at) === " ") at++;
  }
  if (breaks === 0 || at >= state.text.length || at - start <= parent) return 0;
  if (state.text.charAt(at) === "#") return 0;
  state.pos = at;
  state.lineStart = start;
  if (isMarker(state)) {
    state.pos = pos;
    state.lineStart = lineStart;
    return 0;
  }
  checkContinuation(state);
  return breaks;
}

/** Refuses continuation lines that a person would read as something else. */
function checkContinuation(state: YamlState): void {
  const char = charAt(state);
  if (char === "\t") throw tabError(state);
  const indicator = NO_START.includes(char) || (char === "?" && isBlank(charAt(state, 1)));
  const line = state.text.slice(state.pos, lineEnd(state, state.pos) + 1);
  if (!indicator && !isDash(state) && !/:\s/.test(line)) return;
  throw syntaxError(state, {
    problem: "bad indentation: the line would continue the plain value above it",
    hint: "align it with its siblings, or quote the value",
  });
}

function plainNode(state: YamlState, options: { text: string; at: number }): ScalarNode {
  const { text, at } = options;
  const resolved = resolvePlain(text);
  if ("refused" in resolved) {
    throw unsupported(state, { problem: resolved.refused, at, hint: resolved.hint });
  }
  if (resolved.type === "string") return stringNode(state, { value: text, style: "plain", at });
  const start = state.positions.at(at);
  return { kind: "scalar", ...resolved, text, style: "plain", start };
}
