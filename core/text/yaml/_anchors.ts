/**
 * Anchors and aliases, with the expansion bounded (a small text must not become a large tree).
 *
 * @module
 */

import { LIMITS } from "../../base/limits.ts";
import type { Position, TextNode } from "../node.ts";
import { charAt, isBlank, isFlowIndicator } from "./_lines.ts";
import {
  addNodes,
  checkDepth,
  syntaxError,
  unsupported,
  yamlError,
  type YamlState,
} from "./_state.ts";

/** Reads the name behind `&` or `*`. */
function readName(state: YamlState): string {
  const at = state.pos++;
  while (/^[A-Za-z0-9_-]$/.test(charAt(state))) state.pos++;
  const name = state.text.slice(at + 1, state.pos);
  const next = charAt(state);
  if (name !== "" && (isBlank(next) || isFlowIndicator(next))) return name;
  throw unsupported(state, {
    problem: "an anchor or alias name must consist of letters, digits, '_' and '-'",
    at,
    hint: "rename it, or quote the value if it is text",
  });
}

/**
 * Reads `&name`, then the node by `read`, and remembers it. The name is known only once the node is
 * complete, so that a node cannot contain itself.
 */
export function readAnchored(state: YamlState, read: () => TextNode): TextNode {
  const at = state.pos;
  const name = readName(state);
  if (state.anchors.has(name)) {
    const problem = `the anchor &${name} is defined twice`;
    throw unsupported(state, { problem, at, hint: "give each anchor its own name" });
  }
  const { nodes, deepest } = state;
  state.deepest = state.depth;
  const node = read();
  const height = state.deepest - state.depth;
  state.deepest = Math.max(deepest, state.deepest);
  if (state.anchors.has(name)) {
    const problem = `the anchor &${name} is defined inside itself`;
    throw unsupported(state, { problem, at, hint: "give each anchor its own name" });
  }
  state.anchors.set(name, { node, size: state.nodes - nodes + 1, height });
  return node;
}

/** Reads `*name` and gives a copy of the node it names, without its comments. */
export function readAlias(state: YamlState): TextNode {
  const at = state.pos;
  const name = readName(state);
  const anchor = state.anchors.get(name);
  if (anchor === undefined) {
    throw syntaxError(state, {
      problem: `there is no anchor &${name} before the alias *${name}`,
      at,
      hint: "define the anchor first, or quote a value that begins with '*'",
    });
  }
  // The node that holds the alias is counted already.
  state.aliasNodes += anchor.size;
  if (state.aliasNodes > LIMITS.yamlAliasNodes) {
    const problem = `aliases expand to more than ${LIMITS.yamlAliasNodes} nodes`;
    throw yamlError(state, "text_too_deep", { problem, at, hint: "write the values out" });
  }
  addNodes(state, anchor.size - 1);
  state.deepest = Math.max(state.deepest, state.depth + anchor.height);
  if (anchor.height > 0) checkDepth(state, anchor.height - 1);
  return { ...withoutComments(anchor.node), start: startAt(state, at) };
}

function startAt(state: YamlState, at: number): Position {
  return state.positions.at(at);
}

function withoutComments(node: TextNode): TextNode {
  if (node.kind === "scalar") return node;
  if (node.kind === "seq") {
    const items = node.items.map(({ value }) => ({
      value: withoutComments(value),
      leadingComments: [],
    }));
    return { ...node, items };
  }
  const entries = node.entries.map(({ key, value }) => ({
    key,
    value: withoutComments(value),
    leadingComments: [],
  }));
  return { ...node, entries };
}
