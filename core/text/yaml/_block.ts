/**
 * Block mappings and sequences (YAML 1.2.2 §8.2).
 *
 * @module
 */

import type { MapEntry, MapNode, ScalarNode, SeqItem, SeqNode, TextNode } from "../node.ts";
import { readAlias, readAnchored } from "./_anchors.ts";
import { readBlockScalar } from "./_block_scalar.ts";
import { addEntry, checkKey, type MapDraft, newMap } from "./_entries.ts";
import { badAnchor, badKey, nullNode, readFlow } from "./_flow.ts";
import {
  charAt,
  contentIndent,
  endsLine,
  finishLine,
  isBlank,
  isDash,
  nextContent,
  skipSpaces,
  takePending,
  takeTrailing,
} from "./_lines.ts";
import { readBlockPlain, skipPlainLine } from "./_plain.ts";
import { readQuoted } from "./_quoted.ts";
import { resolvePlain } from "./_resolve.ts";
import {
  checkDepth,
  enterNode,
  leaveNode,
  stringNode,
  syntaxError,
  unsupported,
  type YamlState,
} from "./_state.ts";

/** Where a node stands. */
interface Context {
  /** Column of the enclosing block; the node's content stands deeper. */
  readonly parent: number;
  /** Whether a block collection may begin here (not behind `key:` on one line). */
  readonly block: boolean;
}

/**
 * Reads the node at the reader's place and moves to the next content. A comment behind a scalar is
 * left in `state.trailing`.
 */
export function readNode(state: YamlState, context: Context): TextNode {
  enterNode(state);
  const node = charAt(state) === "&" ? readWithAnchor(state, context) : readContent(state, context);
  leaveNode(state);
  return node;
}

function readWithAnchor(state: YamlState, { parent, block }: Context): TextNode {
  return readAnchored(state, () => {
    const sameLine = !endsLine(state);
    let outer = parent;
    if (!sameLine) {
      const comment = takeTrailing(state);
      if (comment !== undefined) state.pending.push(comment);
      nextContent(state);
      // Behind `key: &name`, a sequence may stand in the column of its key.
      if (!block && contentIndent(state) === parent && isDash(state)) outer = parent - 1;
      if (contentIndent(state) <= outer) throw badAnchor(state);
    }
    // js-yaml loses the anchor of a block scalar whose indicator stands on a line of its own.
    const barred = sameLine ? "&*" : "&*|>";
    if (barred.includes(charAt(state)) || (sameLine && isDash(state))) throw badAnchor(state);
    return readContent(state, { parent: outer, block: !sameLine });
  });
}

function readContent(state: YamlState, context: Context): TextNode {
  const char = charAt(state);
  if (char === "|" || char === ">") return readBlockScalar(state, context.parent);
  if (context.block) {
    if (isDash(state)) return readSeq(state);
    const at = state.pos;
    const key = tryKey(state, context.parent);
    if (key !== undefined) return readMap(state, { key, at });
  }
  const node = readInline(state, context.parent);
  if (context.block && charAt(state) === ":" && isBlank(charAt(state, 1))) throw badKey(state);
  finishLine(state);
  return node;
}

function readInline(state: YamlState, parent: number): TextNode {
  const char = charAt(state);
  if (char === "[" || char === "{") return readFlow(state, parent);
  if (char === '"' || char === "'") return readQuoted(state, parent);
  if (char === "*") return spaced(state, readAlias(state));
  return readBlockPlain(state, parent);
}

/** Moves over spaces behind a node, where a `:` would make it a key. */
function spaced(state: YamlState, node: TextNode): TextNode {
  if (charAt(state) === " " && charAt(state, 1) !== "#") skipSpaces(state);
  return node;
}

/**
 * Reads a key and its `:` if one stands at the reader's place; otherwise leaves the reader there.
 */
function tryKey(state: YamlState, parent: number): ScalarNode | undefined {
  const { pos, lineStart } = state;
  const char = charAt(state);
  const quoted = char === '"' || char === "'";
  if (!quoted && ("[{*&!|>%@`,]}#".includes(char) || (char === "?" && isBlank(charAt(state, 1))))) {
    return undefined;
  }
  const key = quoted ? readQuoted(state, parent) : undefined;
  const text = quoted ? "" : state.text.slice(pos, skipPlainLine(state, { flow: false }));
  if (state.lineStart === lineStart && (quoted || text !== "")) {
    skipSpaces(state);
    if (charAt(state) === ":" && isBlank(charAt(state, 1))) {
      state.pos++;
      return key ?? plainKey(state, { text, at: pos });
    }
  }
  state.pos = pos;
  state.lineStart = lineStart;
  return undefined;
}

function plainKey(state: YamlState, options: { text: string; at: number }): ScalarNode {
  const { text, at } = options;
  const resolved = resolvePlain(text);
  const node = stringNode(state, { value: text, style: "plain", at });
  if ("refused" in resolved) {
    throw unsupported(state, { problem: resolved.refused, at, hint: "quote the key" });
  }
  // A key of another type is refused by the check of the entry, which names it.
  return resolved.type === "string" ? node : { ...node, ...resolved };
}

/** Reads a mapping whose first key was read already. */
function readMap(state: YamlState, first: { key: ScalarNode; at: number }): MapNode {
  checkDepth(state);
  const column = first.at - state.lineStart;
  const draft = newMap();
  let { key, at } = first;
  for (;;) {
    checkKey(state, { draft, key, at });
    const entry = { key, ...readEntryValue(state, column) };
    addEntry(state, { draft, entry, at });
    if (contentIndent(state) < column) break;
    at = state.pos;
    key = nextKey(state, { draft, column });
  }
  return { kind: "map", entries: draft.entries, start: first.key.start };
}

function nextKey(state: YamlState, options: { draft: MapDraft; column: number }): ScalarNode {
  const { column } = options;
  if (contentIndent(state) > column) {
    throw syntaxError(state, {
      problem: "bad indentation: the line is deeper than the entries before it",
      hint: "align it with its siblings",
    });
  }
  const key = isDash(state) ? undefined : tryKey(state, column - 1);
  if (key !== undefined) return key;
  if ("[{*&?".includes(charAt(state))) throw badKey(state);
  throw syntaxError(state, {
    problem: "expected a key",
    hint: "write key: value with a space behind the colon",
  });
}

/** Reads what follows `key:` in a mapping at a column. */
function readEntryValue(state: YamlState, column: number): Omit<MapEntry, "key"> {
  const leadingComments = takePending(state);
  const at = state.pos;
  if (!endsLine(state)) {
    if (state.pos === at) throw syntaxError(state, { problem: "expected a space behind ':'" });
    const value = readNode(state, { parent: column, block: false });
    return withTrailing({ value, leadingComments }, takeTrailing(state));
  }
  const comment = takeTrailing(state);
  nextContent(state);
  const indent = contentIndent(state);
  const sameColumn = indent === column && isDash(state);
  const value = indent > column || sameColumn
    ? readNode(state, { parent: sameColumn ? column - 1 : column, block: true })
    : nullNode(state, at);
  return withTrailing({ value, leadingComments }, ownComment(state, comment));
}

/** Reads a sequence whose first `-` stands at the reader's place. */
function readSeq(state: YamlState): SeqNode {
  checkDepth(state);
  const start = state.positions.at(state.pos);
  const column = contentIndent(state);
  const items: SeqItem[] = [];
  while (contentIndent(state) === column && isDash(state)) {
    items.push(readItem(state, column));
    if (contentIndent(state) <= column) continue;
    throw syntaxError(state, {
      problem: "bad indentation: the line is deeper than the items before it",
      hint: "align it with its siblings",
    });
  }
  return { kind: "seq", items, start };
}

function readItem(state: YamlState, column: number): SeqItem {
  const leadingComments = takePending(state);
  const at = ++state.pos;
  if (!endsLine(state)) {
    const value = readNode(state, { parent: column, block: true });
    return withTrailing({ value, leadingComments }, takeTrailing(state));
  }
  const comment = takeTrailing(state);
  nextContent(state);
  if (contentIndent(state) > column) {
    const value = readNode(state, { parent: column, block: true });
    return withTrailing({ value, leadingComments }, ownComment(state, comment));
  }
  if (contentIndent(state) < column && isDash(state)) {
    // js-yaml gives the outer item to the inner list here.
    const problem = "an empty item ends a list inside a list";
    throw unsupported(state, { problem, at: at - 1, hint: "write null" });
  }
  return withTrailing({ value: nullNode(state, at), leadingComments }, comment);
}

/** The comment of an entry: its own line's first, otherwise the one behind its value. */
function ownComment(state: YamlState, own: string | undefined): string | undefined {
  const behind = takeTrailing(state);
  if (own === undefined) return behind;
  if (behind !== undefined) state.pending.unshift(behind);
  return own;
}

function withTrailing<Entry extends object>(
  entry: Entry,
  trailingComment: string | undefined,
): Entry & { trailingComment?: string } {
  return trailingComment === undefined ? entry : { ...entry, trailingComment };
}
