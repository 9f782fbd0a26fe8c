/**
 * Summaries of bounded length.
 *
 * @module
 */

import { utf8 } from "../../base/bytes.ts";

/** Longest summary, bytes (spec 02 §15.4). */
const MAX_BYTES = 240;

/**
 * Cuts a text to 240 bytes with the suffix `...(+N)`, N being the bytes beyond; never inside a character.
 */
export function cutSummary(text: string): string {
  const bytes = utf8(text);
  if (bytes.length <= MAX_BYTES) return text;
  const suffix = `...(+${bytes.length - MAX_BYTES})`;
  let end = MAX_BYTES - suffix.length;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end)) + suffix;
}
