/**
 * Items of a run that comes as lines (JSONL), one record per line, in bounded memory.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { parseJson } from "../text/json.ts";
import { decodeLines, linesOf, lineTooLong, wholeLines } from "../text/lines.ts";
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

/** JSON white space only: a byte order mark is none. */
const BLANK = /^[ \t\r]*$/;

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
    for (const content of linesOf(decodeLines(parts, source))) {
      line++;
      if (!BLANK.test(content)) yield itemOf(content, { source, line });
    }
  }
}
