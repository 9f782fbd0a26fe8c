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
  /** Tells nodes apart. */
  readonly kind: "scalar";
  /** Type after resolution (YAML 1.2 core schema, or JSON). */
  readonly type: "null" | "bool" | "int" | "float" | "string";
  /** Resolved value; `int` and `float` are doubles. */
  readonly value: null | boolean | number | string;
  /** Spelling in the source of a plain scalar; decoded content of any other. */
  readonly text: string;
  /** How it was written. */
  readonly style: "plain" | "single" | "double" | "literal" | "folded";
  /** Where it begins in the text, for messages. */
  readonly start: Position;
}

/** One `key: value` of a mapping. */
export interface MapEntry {
  /** The key; `text` is what readers compare. */
  readonly key: ScalarNode;
  /** What the key stands for. */
  readonly value: TextNode;
  /** Comment lines before the entry, each with its `#` (or `//`), without indentation. */
  readonly leadingComments: readonly string[];
  /** Comment behind the entry on its (first) line. */
  readonly trailingComment?: string;
}

/** A mapping; keys are unique. */
export interface MapNode {
  /** Tells nodes apart. */
  readonly kind: "map";
  /** Entries in the order of the text. */
  readonly entries: readonly MapEntry[];
  /** Where it begins in the text, for messages. */
  readonly start: Position;
}

/** One item of a sequence. */
export interface SeqItem {
  /** The item itself. */
  readonly value: TextNode;
  /** Comment lines before the item, each with its `#` (or `//`), without indentation. */
  readonly leadingComments: readonly string[];
  /** Comment behind the item on its (first) line. */
  readonly trailingComment?: string;
}

/** A sequence. */
export interface SeqNode {
  /** Tells nodes apart. */
  readonly kind: "seq";
  /** Items in the order of the text. */
  readonly items: readonly SeqItem[];
  /** Where it begins in the text, for messages. */
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
