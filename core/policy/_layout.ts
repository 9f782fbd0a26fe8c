/**
 * The output side of the formatter: a tree of keys, lists and scalars with comments, and its printing in
 * block style (spec 02 §15.3).
 *
 * @module
 */

import { type YamlString, yamlString } from "./_yaml_string.ts";

/** Comments around a key or list item, each with its `#`. */
export interface Comments {
  readonly leading: readonly string[];
  readonly trailing?: string | undefined;
}

/** One `key: value`. */
export interface OutEntry {
  readonly key: string;
  readonly value: OutNode;
  readonly comments: Comments;
}

/** One list item. */
export interface OutItem {
  readonly value: OutNode;
  readonly comments: Comments;
}

/** A node to print. */
export type OutNode =
  | { readonly kind: "scalar"; readonly text: YamlString }
  | { readonly kind: "list"; readonly items: readonly OutItem[] }
  | { readonly kind: "map"; readonly entries: readonly OutEntry[] };

/** A text as a node. */
export function outText(text: string): OutNode {
  return { kind: "scalar", text: yamlString(text) };
}

/** A number, truth value or null as a node. */
export function outLiteral(value: number | boolean | null): OutNode {
  return { kind: "scalar", text: { kind: "inline", text: String(value) } };
}

/** Comments of something that has none. */
export const NO_COMMENTS: Comments = { leading: [] };

// deno-lint-ignore no-control-regex -- a comment must stay one printable line
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Brings a `#`, `//` or block comment into the form of YAML, one line each. */
export function yamlComments(comment: string): string[] {
  if (comment.startsWith("#")) return [comment.replace(UNPRINTABLE, " ").trimEnd()];
  const isBlock = comment.startsWith("/*");
  const body = isBlock ? comment.slice(2).replace(/\*\/\s*$/, "") : comment.replace(/^\/\//, "");
  return body.split(/\r\n|[\r\n]/)
    .map((line) => (isBlock ? line.replace(/^\s*\*(?!\/) ?/, "") : line).replace(UNPRINTABLE, " "))
    .map((line) => `# ${line.trim()}`.trimEnd())
    .filter((line) => !isBlock || line !== "#");
}

function pushComments(lines: string[], pad: string, comments: readonly string[]): void {
  for (const comment of comments) lines.push(`${pad}${comment}`);
}

/** What stands before a value on its line, and how deep its continuation lines are. */
interface Head {
  /** Indentation, dash or key, e.g. `  tool_names:` or `- `. */
  readonly text: string;
  /** Indentation of the key or dash, columns. */
  readonly indent: number;
  readonly trailing: string;
}

function printScalar(lines: string[], text: YamlString, head: Head): void {
  if (text.kind === "inline") {
    lines.push(`${head.text} ${text.text}${head.trailing}`);
    return;
  }
  lines.push(`${head.text} |-${head.trailing}`);
  const pad = " ".repeat(head.indent + 2);
  for (const line of text.lines) lines.push(line === "" ? "" : `${pad}${line}`);
}

function printEntry(
  lines: string[],
  entry: OutEntry,
  place: { indent: number; lead: string },
): void {
  const { indent, lead } = place;
  const { comments, key, value } = entry;
  const trailing = comments.trailing === undefined ? "" : ` ${comments.trailing}`;
  const head: Head = { text: `${lead}${key}:`, indent, trailing };
  if (value.kind === "scalar") return printScalar(lines, value.text, head);
  const isEmptyList = value.kind === "list" && value.items.length === 0;
  lines.push(`${head.text}${isEmptyList ? " []" : ""}${trailing}`);
  if (value.kind === "map") printEntries(lines, value.entries, indent + 2);
  else for (const item of value.items) printItem(lines, item, indent);
}

/** Prints entries below one another. */
function printEntries(lines: string[], entries: readonly OutEntry[], indent: number): void {
  const pad = " ".repeat(indent);
  for (const entry of entries) {
    pushComments(lines, pad, entry.comments.leading);
    printEntry(lines, entry, { indent, lead: pad });
  }
}

/** Prints an item; its first line carries the dash, so comments of its first key move before it. */
function printItem(lines: string[], item: OutItem, indent: number): void {
  const pad = " ".repeat(indent);
  const { value, comments } = item;
  pushComments(lines, pad, comments.leading);
  if (value.kind === "scalar") {
    const trailing = comments.trailing === undefined ? "" : ` ${comments.trailing}`;
    return printScalar(lines, value.text, { text: `${pad}-`, indent, trailing });
  }
  if (value.kind === "list") throw new TypeError("a policy has no list of lists");
  if (comments.trailing !== undefined) pushComments(lines, pad, [comments.trailing]);
  const [first, ...rest] = value.entries;
  if (first === undefined) return;
  pushComments(lines, pad, first.comments.leading);
  printEntry(lines, first, { indent: indent + 2, lead: `${pad}- ` });
  printEntries(lines, rest, indent + 2);
}

/**
 * Prints a document in block style: two columns of indentation, dashes in the column of the parent key,
 * final newline.
 *
 * @param entries Entries of the document's mapping.
 * @param comments Comments after the last entry.
 */
export function printDocument(entries: readonly OutEntry[], comments: readonly string[]): string {
  const lines: string[] = [];
  printEntries(lines, entries, 0);
  pushComments(lines, "", comments);
  return `${lines.join("\n")}\n`;
}
