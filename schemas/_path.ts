/**
 * Places in a document: compared in document order, written so that hostile member names stay harmless.
 *
 * @module
 */

import { compareCodePoints } from "../core/base/text_rules.ts";

/** Steps from the root: member names and item numbers. */
export type Segments = readonly (string | number)[];

/** Longest member name that is written in full, UTF-16 units. */
const NAME_LENGTH = 64;

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Controls, format characters (bidirectional overrides), lone surrogates, line separators. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Writes a code point as an escape. */
function escapeCodePoint(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Quotes a member name, escapes what a terminal must not see and cuts what is long. */
export function quoteName(name: string): string {
  const cut = name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name;
  const escaped = cut.replaceAll(/["\\]/g, (char) => `\\${char}`);
  return `"${escaped.replaceAll(UNPRINTABLE, escapeCodePoint)}"`;
}

/** Writes a place, for example `rules[2].match["odd name"]`. */
export function renderPath(segments: Segments): string {
  let out = "";
  for (const segment of segments) {
    if (typeof segment === "number") out += `[${segment}]`;
    else if (segment.length > NAME_LENGTH || !PLAIN_NAME.test(segment)) {
      out += `[${quoteName(segment)}]`;
    } else out += out === "" ? segment : `.${segment}`;
  }
  return out;
}

/** Orders two places: outer before inner, items by number, members by code point. */
export function compareSegments(a: Segments, b: Segments): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a[i] as string | number;
    const y = b[i] as string | number;
    if (x === y) continue;
    if (typeof x === "number" && typeof y === "number") return x - y;
    return compareCodePoints(String(x), String(y));
  }
  return a.length - b.length;
}
