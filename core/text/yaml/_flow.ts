/**
 * Flow collections: `[a, b]` and `{a: 1}` (YAML 1.2.2 §7.4).
 *
 * @module
 */

import type { GaitError } from "../../base/errors.ts";
import type { MapNode, ScalarNode, SeqItem, SeqNode, TextNode } from "../node.ts";
import { readAlias, readAnchored } from "./_anchors.ts";
import { addEntry, checkKey, newMap } from "./_entries.ts";
import {
  charAt,
  isBlank,
  isFlowIndicator,
  readComment,
  refuseMarker,
  skipSpaces,
  tabError,
  takePending,
} from "./_lines.ts";
import { readFlowPlain } from "./_plain.ts";
import { readQuoted } from "./_quoted.ts";
import {
  checkDepth,
  enterNode,
  leaveNode,
  syntaxError,
  unsupported,
  type YamlState,
} from "./_state.ts";

/**
 * Reads a flow collection; the caller counted its node.
 *
 * @param state Stands on `[` or `{`.
 * @param parent Column of the enclosing block, for quoted values that span lines.
 */
export function readFlow(state: YamlState, parent: number): MapNode | SeqNode {
  checkDepth(state);
  return charAt(state) === "[" ? readFlowSeq(state, parent) : readFlowMap(state, parent);
}

function readFlowSeq(state: YamlState, parent: number): SeqNode {
  const at = state.pos++;
  const start = state.positions.at(at);
  const items: SeqItem[] = [];
  while (!closes(state, { closing: "]", at })) {
    const leadingComments = takePending(state);
    const value = readFlowNode(state, parent);
    skipFlowSpace(state);
    if (charAt(state) === ":") {
      const problem = "a key inside [ ]";
      throw unsupported(state, { problem, hint: "write { key: value }, or quote the value" });
    }
    items.push({ value, leadingComments });
    separate(state, { closing: "]", at });
  }
  state.pos++;
  return { kind: "seq", items, start };
}

function readFlowMap(state: YamlState, parent: number): MapNode {
  const at = state.pos++;
  const start = state.positions.at(at);
  const draft = newMap();
  while (!closes(state, { closing: "}", at })) {
    const keyAt = state.pos;
    const leadingComments = takePending(state);
    const key = readFlowKey(state, parent);
    checkKey(state, { draft, key, at: keyAt });
    skipFlowSpace(state);
    const value = isFlowIndicator(charAt(state)) && !"[{".includes(charAt(state))
      ? nullNode(state, state.pos)
      : readFlowNode(state, parent);
    addEntry(state, { draft, entry: { key, value, leadingComments }, at: keyAt });
    separate(state, { closing: "}", at });
  }
  state.pos++;
  return { kind: "map", entries: draft.entries, start };
}

/** Reads a key and its `:`, which stands on the same line. */
function readFlowKey(state: YamlState, parent: number): ScalarNode {
  const at = state.pos;
  const line = state.lineStart;
  const char = charAt(state);
  if (char === "[" || char === "{" || char === "&" || char === "*") throw badKey(state);
  const quoted = char === '"' || char === "'";
  const key = quoted ? readQuoted(state, parent) : readFlowPlain(state);
  skipSpaces(state);
  if (line !== state.lineStart || charAt(state) !== ":") {
    throw unsupported(state, {
      problem: "an entry inside { } without ': ' on its line",
      at,
      hint: "write key: value with a space behind the colon",
    });
  }
  // INVARIANT: a plain key ends at a colon only where white space or one of ,[]{} follows it.
  state.pos++;
  return key;
}

/** The error for a key that is no plain or quoted scalar. */
export function badKey(state: YamlState): GaitError {
  return unsupported(state, {
    problem: "a key must be a scalar without anchor or alias",
    hint: "write the key out",
  });
}

/**
 * A value left out, which is null.
 *
 * @param at Offset where it would stand.
 */
export function nullNode(state: YamlState, at: number): ScalarNode {
  enterNode(state);
  leaveNode(state);
  const start = state.positions.at(at);
  return { kind: "scalar", type: "null", value: null, text: "", style: "plain", start };
}

function readFlowNode(state: YamlState, parent: number): TextNode {
  enterNode(state);
  const node = charAt(state) === "&"
    ? readAnchored(state, () => {
      skipSpaces(state);
      if (charAt(state) === "&" || charAt(state) === "*") throw badAnchor(state);
      return readFlowContent(state, parent);
    })
    : readFlowContent(state, parent);
  leaveNode(state);
  return node;
}

/** The error for an anchor before something that cannot carry it. */
export function badAnchor(state: YamlState): GaitError {
  return syntaxError(state, { problem: "an anchor must stand before a value of its own" });
}

function readFlowContent(state: YamlState, parent: number): TextNode {
  switch (charAt(state)) {
    case "[":
    case "{":
      return readFlow(state, parent);
    case '"':
    case "'":
      return readQuoted(state, parent);
    case "*":
      return readAlias(state);
    default:
      return readFlowPlain(state);
  }
}

/** Moves to the next entry; tells whether the collection ends instead. */
function closes(state: YamlState, options: { closing: string; at: number }): boolean {
  skipFlowSpace(state);
  if (charAt(state) !== "") return charAt(state) === options.closing;
  throw unclosed(state, options);
}

function unclosed(state: YamlState, options: { closing: string; at: number }): GaitError {
  const problem = `no closing ${options.closing} for the bracket opened here`;
  return syntaxError(state, { problem, at: options.at });
}

/** Requires `,` or the closing bracket after an entry. */
function separate(state: YamlState, options: { closing: string; at: number }): void {
  skipFlowSpace(state);
  const char = charAt(state);
  if (char === ",") state.pos++;
  else if (char === "") throw unclosed(state, options);
  else if (char !== options.closing) {
    throw syntaxError(state, {
      problem: `expected ',' or '${options.closing}' after an entry`,
      hint: "separate entries with commas; quote a value with ': ' or of more than one line",
    });
  }
}

/** Moves over spaces, line ends and comments between the tokens of a flow collection. */
function skipFlowSpace(state: YamlState): void {
  for (;;) {
    const char = charAt(state);
    if (char === " ") state.pos++;
    else if (char === "\n") {
      state.lineStart = ++state.pos;
      refuseMarker(state);
    } else if (char === "#" && isBlank(charAt(state, -1))) state.pending.push(readComment(state));
    else if (char === "\t") throw tabError(state);
    else break;
  }
}
