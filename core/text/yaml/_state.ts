/**
 * What the YAML reader knows while it reads, and how it fails.
 *
 * @module
 */

import type { ErrorCode } from "../../base/error_codes.ts";
import { GaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import type { ScalarNode, TextNode } from "../node.ts";
import { type PositionTracker, trackPositions } from "../place.ts";

/** A node that aliases may repeat. */
export interface Anchor {
  readonly node: TextNode;
  /** Nodes of the subtree, aliases inside it expanded. */
  readonly size: number;
  /** Levels below the node. */
  readonly height: number;
}

/** State of one reading. */
export interface YamlState {
  /** Checked text; every line ends with `\n`. */
  readonly text: string;
  /** Name of the input, for messages. */
  readonly source: string;
  readonly positions: PositionTracker;
  readonly anchors: Map<string, Anchor>;
  /** UTF-16 offset of the next unread unit. */
  pos: number;
  /** Offset of the first unit of the current line. */
  lineStart: number;
  /** Comment lines that wait for the next entry. */
  pending: string[];
  /** Comment behind the node read last, for its entry to take. */
  trailing: string | undefined;
  /** Open nodes. */
  depth: number;
  /** Deepest level reached since it was last set. */
  deepest: number;
  /** Nodes so far, aliases expanded. */
  nodes: number;
  /** Nodes that came from aliases. */
  aliasNodes: number;
}

/** Starts reading a checked text. */
export function openYaml(text: string, source: string): YamlState {
  return {
    text,
    source,
    positions: trackPositions(text),
    anchors: new Map(),
    pos: 0,
    lineStart: 0,
    pending: [],
    trailing: undefined,
    depth: 0,
    deepest: 0,
    nodes: 0,
    aliasNodes: 0,
  };
}

/** What an error says beyond its code. */
export interface YamlProblem {
  /** What is wrong, to follow "Cannot parse YAML: ". */
  readonly problem: string;
  /** Where; the reader's place when absent. */
  readonly at?: number;
  readonly hint?: string;
}

/** Makes an error with line and column. */
export function yamlError(state: YamlState, code: ErrorCode, options: YamlProblem): GaitError {
  const { problem, at = state.pos, hint } = options;
  const { line, column } = state.positions.at(at);
  return new GaitError(code, `Cannot parse YAML: ${problem}`, {
    ...(hint === undefined ? {} : { hint }),
    place: { source: state.source, line, column },
  });
}

/** A `yaml_syntax` error. */
export function syntaxError(state: YamlState, options: YamlProblem): GaitError {
  return yamlError(state, "yaml_syntax", options);
}

/** A `yaml_unsupported` error. */
export function unsupported(state: YamlState, options: YamlProblem): GaitError {
  return yamlError(state, "yaml_unsupported", options);
}

/** Counts one node and one level; pair with {@linkcode leaveNode}. */
export function enterNode(state: YamlState): void {
  state.depth++;
  state.deepest = Math.max(state.deepest, state.depth);
  addNodes(state, 1);
}

/** Leaves one level. */
export function leaveNode(state: YamlState): void {
  state.depth--;
}

/** Counts nodes against the limit of one document. */
export function addNodes(state: YamlState, count: number): void {
  state.nodes += count;
  if (state.nodes <= LIMITS.textNodes) return;
  throw yamlError(state, "text_too_deep", {
    problem: `it holds more than ${LIMITS.textNodes} nodes`,
  });
}

/**
 * Bounds nesting; every collection calls it before it reads its first entry.
 *
 * @param below Further levels that the collection is known to have.
 */
export function checkDepth(state: YamlState, below = 0): void {
  if (state.depth + below <= LIMITS.textDepth) return;
  const problem = `it nests deeper than ${LIMITS.textDepth} levels`;
  throw yamlError(state, "text_too_deep", { problem });
}

/** A scalar that is text whatever it looks like. */
export function stringNode(
  state: YamlState,
  options: { value: string; style: ScalarNode["style"]; at: number },
): ScalarNode {
  const { value, style, at } = options;
  if (value.length > LIMITS.scalarLength) {
    const problem = `a scalar exceeds ${LIMITS.scalarLength} UTF-16 units`;
    throw yamlError(state, "input_too_large", { problem, at });
  }
  const start = state.positions.at(at);
  return { kind: "scalar", type: "string", value, text: value, style, start };
}
