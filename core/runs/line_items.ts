/**
 * Items of a run that comes as lines (JSONL), one record per line, in bounded memory.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { parseJson } from "../text/json.ts";
import type { RunItem } from "./run_items.ts";

/** Kind by the `type` of a line. */
const KINDS: ReadonlyMap<string, RunItem["kind"]> = new Map([
  ["run", "run"],
  ["call", "intent"],
  ["intent", "intent"],
  ["result", "result"],
  ["receipt", "receipt"],
  ["event", "event"],
]);

const LINE_FEED = 0x0a;
/** JSON white space only: a byte order mark is none. */
const BLANK = /^[ \t\r]*$/;

/** The refusal of a line that is too long. */
function lineTooLong(place: { readonly source: string; readonly line?: number }): GaitError {
  const state = `it exceeds ${LIMITS.jsonlLineBytes} bytes`;
  return new GaitError("input_too_large", `Cannot read a line: ${state}`, {
    place,
  });
}

/** Gathers pieces of bytes into runs of whole lines. */
async function* wholeLines(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<Uint8Array[]> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const cut = chunk.lastIndexOf(LINE_FEED) + 1;
    if (cut > 0) {
      yield [...held, chunk.subarray(0, cut)];
      held = [];
      length = 0;
    }
    if (cut === chunk.length) continue;
    held.push(chunk.subarray(cut));
    length += chunk.length - cut;
    if (length > LIMITS.jsonlLineBytes) throw lineTooLong({ source });
  }
  if (length > 0) yield held;
}

/** Decodes pieces that together hold whole lines, and so whole characters. */
function decodeLines(parts: readonly Uint8Array[], source: string): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    let text = "";
    for (const part of parts) text += decoder.decode(part, { stream: true });
    return text + decoder.decode();
  } catch (cause) {
    throw new GaitError("text_encoding", "Cannot read the lines: they are not well-formed UTF-8", {
      cause,
      place: { source },
    });
  }
}

/** Reads one line. */
function itemOf(text: string, place: { readonly source: string; readonly line: number }): RunItem {
  const { source, line } = place;
  if (text.length > LIMITS.jsonlLineBytes) throw lineTooLong(place);
  const name = `${source}:${line}`;
  const value = parseJson(text, { source: name, maxBytes: LIMITS.jsonlLineBytes });
  const type = isJsonObject(value) && Object.hasOwn(value, "type") ? value.type : undefined;
  const kind = typeof type === "string" ? KINDS.get(type) : undefined;
  if (kind === undefined) {
    throw new GaitError("schema_violation", "Cannot record a line: its type is not listed", {
      hint: "give each line a type: run, call, result, receipt or event",
      place: { source, line, path: "type" },
    });
  }
  return { kind, value, path: name };
}

/**
 * Reads lines. White space around a line and empty lines are skipped; each other line is an object whose
 * `type` says what it is.
 *
 * @param chunks UTF-8, cut anywhere.
 * @param source Name of the input, for messages.
 * @throws GaitError `json_syntax`, `json_duplicate_key`, `text_encoding`, `schema_violation`,
 *   `input_too_large` when a line exceeds `LIMITS.jsonlLineBytes`
 */
export async function* lineItems(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<RunItem> {
  let line = 0;
  for await (const parts of wholeLines(chunks, source)) {
    const text = decodeLines(parts, source);
    let start = 0;
    while (start < text.length) {
      const found = text.indexOf("\n", start);
      const end = found < 0 ? text.length : found;
      const content = text.slice(start, end);
      start = end + 1;
      line++;
      if (!BLANK.test(content)) yield itemOf(content, { source, line });
    }
  }
}
