/**
 * The records of a write-ahead segment: one JSON line each. A line counts only with its line end; a torn last
 * line was never acknowledged.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject } from "../base/json_value.ts";
import { parseJson } from "../text/json.ts";

/** A file that was created, or one that was removed on purpose. */
export type SegmentRecord =
  | { readonly kind: "create"; readonly name: string; readonly text: string }
  | { readonly kind: "remove"; readonly name: string };

/** Name of a segment; hidden, and no file that retention or readers of traces look at. */
const SEGMENT_NAME = /^\.gait-[0-9a-f]{16}-\d{6}\.wal$/;

/** Whether a file is a segment. */
export function isSegmentName(name: string): boolean {
  return SEGMENT_NAME.test(name);
}

/** Name of the n-th segment of one process. */
export function segmentName(owner: string, index: number): string {
  return `.gait-${owner}-${String(index).padStart(6, "0")}.wal`;
}

/** The line of a record. */
export function encodeSegmentRecord(record: SegmentRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Names that a record may carry: a plain file of the directory, never a path. */
function isPlainName(name: string): boolean {
  return name !== "" && !/[/\\\p{Cc}]/u.test(name) && name !== "." && name !== "..";
}

/** Reads one line. */
function decodeLine(line: string, source: string): SegmentRecord {
  const value = parseJson(line, { source });
  if (isJsonObject(value) && typeof value.name === "string" && isPlainName(value.name)) {
    const { kind, name, text } = value;
    if (kind === "remove") return { kind, name };
    if (kind === "create" && typeof text === "string") return { kind, name, text };
  }
  throw new GaitError("state_corrupt", `Cannot read segment ${source}: a record is malformed`);
}

/**
 * Reads a segment.
 *
 * @param text Content.
 * @throws GaitError `state_corrupt`, `json_*` for damage in front of the last line
 */
export function decodeSegment(text: string, source: string): SegmentRecord[] {
  const lines = text.split("\n");
  // What follows the last line end is a torn line, or nothing.
  lines.pop();
  return lines.map((line) => decodeLine(line, source));
}
