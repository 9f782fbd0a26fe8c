/**
 * The syntax tree that our JSON, JSONC and YAML readers share. It keeps what a plain value loses:
 * positions, spelling and comments.
 *
 * @module
 */

/** A place in a text. */
export interface Position {
  /** Line, counted from 1. */
  readonly line: number;
  /** Column in code points, counted from 1. */
  readonly column: number;
}

/** A scalar. */
export interface ScalarNode {
  readonly kind: "scalar";
  /** Type after resolution (YAML 1.2 core schema, or JSON). */
  readonly type: "null" | "bool" | "int" | "float" | "string";
  /** Resolved value; `int` and `float` are doubles. */
  readonly value: null | boolean | number | string;
  /** Spelling in the source of a plain scalar; decoded content of any other. */
  readonly text: string;
  /** How it was written. */
  readonly style: "plain" | "single" | "double" | "literal" | "folded";
  readonly start: Position;
}

/** One `key: value` of a mapping. */
export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: TextNode;
  /** Comment lines before the entry, each with its `#` (or `//`), without indentation. */
  readonly leadingComments: readonly string[];
  /** Comment behind the entry on its (first) line. */
  readonly trailingComment?: string;
}

/** A mapping; keys are unique. */
export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
  readonly start: Position;
}

/** One item of a sequence. */
export interface SeqItem {
  readonly value: TextNode;
  readonly leadingComments: readonly string[];
  readonly trailingComment?: string;
}

/** A sequence. */
export interface SeqNode {
  readonly kind: "seq";
  readonly items: readonly SeqItem[];
  readonly start: Position;
}

/** Any node. */
export type TextNode = MapNode | SeqNode | ScalarNode;

/** A parsed document. */
export interface TextDocument {
  /** Name of the input as the caller spelled it, for messages. */
  readonly source: string;
  /** The content; `undefined` when the text holds nothing but comments and white space. */
  readonly root: TextNode | undefined;
  /** Comments after the last node. */
  readonly trailingComments: readonly string[];
}
