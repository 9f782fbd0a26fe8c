/**
 * JSON and JSONC to the shared syntax tree, with positions and comments: for policies and
 * configuration written as JSON.
 *
 * @module
 */

import { decodeText } from "./decode.ts";
import {
  countJson,
  enterJson,
  type JsonCursor,
  jsonError,
  openJson,
  readJsonString,
  skipJsonNumber,
  skipJsonSpace,
  toJsonNumber,
  unexpected,
} from "./_json_scan.ts";
import type { MapEntry, MapNode, ScalarNode, SeqItem, SeqNode } from "./node.ts";
import type { TextDocument, TextNode } from "./node.ts";
import { integerSurvives } from "./number.ts";
import { type PositionTracker, trackPositions } from "./place.ts";

/** How {@linkcode parseJsonDocument} names, bounds and reads its input. */
export interface ParseJsonDocumentOptions {
  /** Name of the input as the caller spelled it, for messages. */
  readonly source: string;
  /** Most bytes accepted; `LIMITS.textBytes` when absent. */
  readonly maxBytes?: number;
  /** Also accept `//` and block comments and one trailing comma per list or object. */
  readonly jsonc?: boolean;
}

interface TreeCursor extends JsonCursor {
  readonly jsonc: boolean;
  readonly positions: PositionTracker;
  /** Comments that wait for the next entry. */
  pending: string[];
  /** First comment since the last token, when it began on the token's line. */
  sameLine: string | undefined;
}

/**
 * Parses one JSON or JSONC text into a tree. The same rules as `parseJson` hold, and integers that a
 * double cannot hold are refused.
 *
 * @param input UTF-8 bytes or text.
 * @throws {GaitError} The codes of `parseJson`.
 */
export function parseJsonDocument(
  input: string | Uint8Array,
  options: ParseJsonDocumentOptions,
): TextDocument {
  const text = decodeText(input, options);
  const cursor: TreeCursor = {
    ...openJson(text, options.source),
    jsonc: options.jsonc ?? false,
    positions: trackPositions(text),
    pending: [],
    sameLine: undefined,
  };
  skipTrivia(cursor);
  keepSameLine(cursor);
  const root = readNode(cursor);
  skipTrivia(cursor);
  keepSameLine(cursor);
  if (cursor.pos < cursor.text.length) throw unexpected(cursor, "the end of the text");
  return { source: options.source, root, trailingComments: cursor.pending };
}

/** Moves over white space and, in JSONC, comments. */
function skipTrivia(cursor: TreeCursor): void {
  const line = cursor.positions.at(cursor.pos).line;
  for (;;) {
    skipJsonSpace(cursor);
    if (!cursor.jsonc || cursor.text.charAt(cursor.pos) !== "/") return;
    const beginsAt = cursor.positions.at(cursor.pos).line;
    const comment = readComment(cursor);
    if (beginsAt === line && cursor.sameLine === undefined && cursor.pending.length === 0) {
      cursor.sameLine = comment;
    } else {
      cursor.pending.push(comment);
    }
  }
}

function readComment(cursor: TreeCursor): string {
  const { text, pos } = cursor;
  const block = text.startsWith("/*", pos);
  if (!block && !text.startsWith("//", pos)) throw unexpected(cursor, "a comment");
  const end = block ? text.indexOf("*/", pos + 2) : lineEnd(text, pos);
  if (end < 0) throw jsonError(cursor, "json_syntax", "Cannot parse JSON: unclosed comment");
  cursor.pos = block ? end + 2 : end;
  return text.slice(pos, cursor.pos);
}

function lineEnd(text: string, from: number): number {
  let pos = from;
  while (pos < text.length && text.charCodeAt(pos) !== 0x0a && text.charCodeAt(pos) !== 0x0d) pos++;
  return pos;
}

/** Turns a comment that belongs to no earlier entry into one of the next. */
function keepSameLine(cursor: TreeCursor): void {
  if (cursor.sameLine !== undefined) cursor.pending.unshift(cursor.sameLine);
  cursor.sameLine = undefined;
}

function readNode(cursor: TreeCursor): TextNode {
  countJson(cursor);
  const unit = cursor.text.charAt(cursor.pos);
  if (unit === "{") return readMap(cursor);
  if (unit === "[") return readSeq(cursor);
  if (unit === '"') return readString(cursor);
  return readWord(cursor) ?? readNumber(cursor);
}

function readString(cursor: TreeCursor): ScalarNode {
  const start = cursor.positions.at(cursor.pos);
  const value = readJsonString(cursor);
  return { kind: "scalar", type: "string", value, text: value, style: "double", start };
}

function readWord(cursor: TreeCursor): ScalarNode | undefined {
  const start = cursor.positions.at(cursor.pos);
  for (const [text, value] of [["null", null], ["true", true], ["false", false]] as const) {
    if (!cursor.text.startsWith(text, cursor.pos)) continue;
    cursor.pos += text.length;
    const type = value === null ? "null" : "bool";
    return { kind: "scalar", type, value, text, style: "plain", start };
  }
  return undefined;
}

function readNumber(cursor: TreeCursor): ScalarNode {
  const at = cursor.pos;
  if (!/^[-0-9]/.test(cursor.text.charAt(at))) throw unexpected(cursor, "a value");
  const start = cursor.positions.at(at);
  const type = skipJsonNumber(cursor) ? "float" : "int";
  const value = toJsonNumber(cursor, at);
  const text = cursor.text.slice(at, cursor.pos);
  if (integerSurvives(text)) return { kind: "scalar", type, value, text, style: "plain", start };
  const message = "Cannot parse JSON: an integer does not survive conversion to a double";
  throw jsonError(cursor, "json_unsafe_number", { message, at });
}

/** Comments of one entry while it is being read. */
interface Comments {
  readonly leadingComments: string[];
  trailingComment?: string;
}

function takeLeading(cursor: TreeCursor): Comments {
  keepSameLine(cursor);
  const leadingComments = cursor.pending;
  cursor.pending = [];
  return { leadingComments };
}

/**
 * Reads `,` or the closing bracket after an entry and gives the entry the comment on its line.
 *
 * @returns Whether another entry follows.
 */
function endEntry(cursor: TreeCursor, options: { entry: Comments; closing: string }): boolean {
  const { entry, closing } = options;
  skipTrivia(cursor);
  takeTrailing(cursor, entry);
  const char = cursor.text.charAt(cursor.pos);
  if (char === closing) return false;
  if (char !== ",") throw unexpected(cursor, `',' or '${closing}'`);
  cursor.pos++;
  skipTrivia(cursor);
  takeTrailing(cursor, entry);
  return !(cursor.jsonc && cursor.text.charAt(cursor.pos) === closing);
}

function takeTrailing(cursor: TreeCursor, entry: Comments): void {
  if (cursor.sameLine === undefined) return;
  if (entry.trailingComment !== undefined) return keepSameLine(cursor);
  entry.trailingComment = cursor.sameLine;
  cursor.sameLine = undefined;
}

function readSeq(cursor: TreeCursor): SeqNode {
  const start = cursor.positions.at(cursor.pos);
  const items: SeqItem[] = [];
  let more = openContainer(cursor, "]");
  while (more) {
    const comments = takeLeading(cursor);
    const value = readNode(cursor);
    more = endEntry(cursor, { entry: comments, closing: "]" });
    items.push({ value, ...comments });
  }
  closeContainer(cursor);
  return { kind: "seq", items, start };
}

function readMap(cursor: TreeCursor): MapNode {
  const start = cursor.positions.at(cursor.pos);
  const entries: MapEntry[] = [];
  const seen = new Set<string>();
  let more = openContainer(cursor, "}");
  while (more) {
    const comments = takeLeading(cursor);
    const key = readKey(cursor, seen);
    const value = readNode(cursor);
    more = endEntry(cursor, { entry: comments, closing: "}" });
    entries.push({ key, value, ...comments });
  }
  closeContainer(cursor);
  return { kind: "map", entries, start };
}

function readKey(cursor: TreeCursor, seen: Set<string>): ScalarNode {
  const at = cursor.pos;
  if (cursor.text.charAt(at) !== '"') throw unexpected(cursor, "a member name in quotes");
  const key = readString(cursor);
  if (seen.has(key.text)) {
    const message = `Cannot parse JSON: duplicate key ${JSON.stringify(key.text.slice(0, 64))}`;
    throw jsonError(cursor, "json_duplicate_key", { message, at });
  }
  seen.add(key.text);
  skipTrivia(cursor);
  keepSameLine(cursor);
  if (cursor.text.charAt(cursor.pos) !== ":") throw unexpected(cursor, "':'");
  cursor.pos++;
  skipTrivia(cursor);
  keepSameLine(cursor);
  return key;
}

function openContainer(cursor: TreeCursor, closing: string): boolean {
  enterJson(cursor);
  cursor.pos++;
  skipTrivia(cursor);
  return cursor.text.charAt(cursor.pos) !== closing;
}

function closeContainer(cursor: TreeCursor): void {
  keepSameLine(cursor);
  cursor.depth--;
  cursor.pos++;
}
