/**
 * The reason code that names a matched rule (spec 02 §6).
 *
 * @module
 */

import { lower } from "../base/text_rules.ts";

/** Characters that the reference's JSON encoder escapes and `JSON.stringify` leaves alone. */
const HTML_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["<", "\\u003c"],
  [">", "\\u003e"],
  ["&", "\\u0026"],
  ["\u2028", "\\u2028"],
  ["\u2029", "\\u2029"],
]);

/** Drops quotation marks at both ends. */
function stripQuotes(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === '"') start++;
  while (end > start && text[end - 1] === '"') end--;
  return text.slice(start, end);
}

/**
 * Reason code of a rule without `reason_codes`: the name as a JSON string without its quotation marks,
 * space and `-` replaced by `_`, lower-cased (spec 02 §6, last paragraphs).
 *
 * @param name Name of the rule.
 * @returns For example `matched_rule_my_rule_1`.
 */
export function ruleReasonCode(name: string): string {
  let encoded = "";
  for (const char of JSON.stringify(name)) encoded += HTML_ESCAPES.get(char) ?? char;
  const words = stripQuotes(encoded).replaceAll(" ", "_").replaceAll("-", "_");
  return `matched_rule_${lower(words)}`;
}
