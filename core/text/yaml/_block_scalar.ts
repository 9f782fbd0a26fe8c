/**
 * Literal and folded block scalars (YAML 1.2.2 §8.1).
 *
 * @module
 */

import type { ScalarNode } from "../node.ts";
import { charAt, endsLine, lineEnd, nextContent } from "./_lines.ts";
import { stringNode, syntaxError, unsupported, type YamlState } from "./_state.ts";

/** What stands behind `|` or `>`. */
interface Header {
  readonly chomp: "" | "+" | "-";
  /** Explicit indentation relative to the parent. */
  readonly indent: number | undefined;
}

/** Lines of a block scalar without indentation, and where it ends. */
interface Body {
  readonly lines: readonly string[];
  /** Empty lines behind the last content line. */
  readonly emptyTail: number;
}

/**
 * Reads a block scalar and moves to the next content.
 *
 * @param state Stands on `|` or `>`.
 * @param parent Column of the enclosing block; content stands deeper.
 */
export function readBlockScalar(state: YamlState, parent: number): ScalarNode {
  const at = state.pos;
  const folded = charAt(state) === ">";
  const header = readHeader(state);
  if (state.depth === 1) {
    const problem = "the document cannot be a block scalar";
    throw unsupported(state, { problem, at, hint: "put it under a key, or quote it" });
  }
  if (charAt(state) === "\n") state.lineStart = ++state.pos;
  const indent = header.indent === undefined ? detectIndent(state, parent) : parent + header.indent;
  const body = readBody(state, indent);
  const text = folded ? fold(body.lines) : body.lines.join("\n");
  const value = text + chomped(header, body);
  const node = stringNode(state, { value, style: folded ? "folded" : "literal", at });
  nextContent(state);
  return node;
}

function readHeader(state: YamlState): Header {
  const match = /^[|>](?:([+-])([1-9])?|([1-9])([+-])?)?/.exec(
    state.text.slice(state.pos, state.pos + 3),
  );
  state.pos += match?.[0].length ?? 1;
  const chomp = match?.[1] ?? match?.[4] ?? "";
  const digit = match?.[2] ?? match?.[3];
  if (!endsLine(state)) {
    throw syntaxError(state, {
      problem: "unexpected text behind the block scalar indicator",
      hint: "start the text on the next line",
    });
  }
  return {
    chomp: chomp === "+" || chomp === "-" ? chomp : "",
    indent: digit === undefined ? undefined : Number(digit),
  };
}

/** The column of the first content line; without one, that of the longest empty line (§8.1.1.1). */
function detectIndent(state: YamlState, parent: number): number {
  let at = state.pos;
  let widest = 0;
  for (;;) {
    const start = at;
    while (state.text.charAt(at) === " ") at++;
    const indent = at - start;
    if (state.text.charAt(at) !== "\n") {
      if (at >= state.text.length || indent <= parent) return Math.max(widest, parent + 1);
      if (indent >= widest) return indent;
      const problem = "an empty line before the text is indented deeper than the text";
      throw syntaxError(state, { problem, at: start, hint: "remove its spaces" });
    }
    widest = Math.max(widest, indent);
    at++;
  }
}

function readBody(state: YamlState, indent: number): Body {
  const lines: string[] = [];
  let empty = 0;
  while (state.pos < state.text.length) {
    const start = state.pos;
    let at = start;
    while (at - start < indent && state.text.charAt(at) === " ") at++;
    const end = lineEnd(state, at);
    if (at === end) empty++;
    else if (at - start < indent) break;
    else {
      for (; empty > 0; empty--) lines.push("");
      lines.push(state.text.slice(at, end));
    }
    state.lineStart = state.pos = end + 1;
  }
  return { lines, emptyTail: empty };
}

/** Folds lines: breaks between text lines become spaces, those around indented lines stay. */
function fold(lines: readonly string[]): string {
  let out = "";
  let breaks = 0;
  let previous: string | undefined;
  for (const line of lines) {
    if (line === "") {
      breaks++;
      continue;
    }
    const kept = isIndented(line) || (previous !== undefined && isIndented(previous));
    if (previous === undefined) out += "\n".repeat(breaks);
    else if (kept) out += "\n".repeat(breaks + 1);
    else out += breaks === 0 ? " " : "\n".repeat(breaks);
    out += line;
    previous = line;
    breaks = 0;
  }
  return out;
}

function isIndented(line: string): boolean {
  return line.startsWith(" ") || line.startsWith("\t");
}

function chomped(header: Header, body: Body): string {
  const hasText = body.lines.length > 0;
  if (header.chomp === "-") return "";
  if (header.chomp === "") return hasText ? "\n" : "";
  return "\n".repeat(body.emptyTail + (hasText ? 1 : 0));
}
