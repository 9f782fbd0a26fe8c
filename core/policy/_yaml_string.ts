/**
 * How a text of a normalised policy is written in YAML (spec 02 §15.3).
 *
 * @module
 */

import { parseTimestamp } from "../base/instant.ts";
import { integerSurvives } from "../text/number.ts";
import { referenceNumber } from "./_scalar.ts";

/** Null and truth words of YAML 1.1 and 1.2. */
const WORDS: ReadonlySet<string> = new Set(
  "~ null Null NULL true True TRUE false False FALSE y Y yes Yes YES n N no No NO on On ON off Off OFF"
    .split(" "),
);

/** Characters that cannot start a plain scalar. */
const INDICATORS = "*&[{}],!|>%'\"@` ";

/** Characters that YAML readers refuse or take as a line end; the line feed is handled before. */
// deno-lint-ignore no-control-regex -- control characters are the subject
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
/** The same without the tab, which a literal block holds as it is. */
// deno-lint-ignore no-control-regex -- control characters are the subject
const CONTROL_IN_BLOCK = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

/** Characters that a double-quoted text holds unescaped. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ['"', '\\"'],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\v", "\\v"],
]);

/** Plain scalars that would not come back as themselves; the reference writes them bare. */
function isHazard(text: string): boolean {
  return /^(?:---|\.\.\.)(?:\s|$)/.test(text) || /^\?(?:\s|$)/.test(text) || text === "<<" ||
    /^[-+]?\.(?:inf|nan)$/i.test(text);
}

/**
 * Spellings that readers of YAML disagree about, so that ours refuses them plain: `08`, `0BAD`, `1e400`.
 * Whole numbers with an exponent are the exception that the reference writes bare and ours reads as text.
 */
function isDisputedNumber(text: string): boolean {
  if (!/^[-+.\d]/.test(text)) return false;
  const scientific = /^[-+]?((?:0|[1-9]\d*)[eE][-+]?\d{1,4})$/.exec(text)?.[1];
  if (scientific !== undefined) {
    return !Number.isFinite(Number(scientific)) || !integerSurvives(scientific);
  }
  return /^[-+]?0[xXoObB][\da-fA-F_.pP+-]*$/.test(text) ||
    /^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.[\d_]+)(?:[eE][-+]?[\d_]+)?$/.test(text);
}

/** Dates, times of day and timestamps, which YAML 1.1 readers resolve. */
function looksLikeTime(text: string): boolean {
  const clock = /^(\d{1,2}):(\d{1,2})$/.exec(text);
  if (clock !== null) return Number(clock[1]) < 24 && Number(clock[2]) < 60;
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return false;
  if (text.length === 10) return parseTimestamp(`${text}T00:00:00Z`) !== undefined;
  const spaced = text.charAt(10) === " ";
  const joined = `${text.slice(0, 10)}T${text.slice(11)}`;
  return /^[ tT]$/.test(text.charAt(10)) &&
    parseTimestamp(spaced ? `${joined}Z` : joined) !== undefined;
}

/** Whether a plain scalar would read back as something else, or the reference quotes it. */
function needsQuotes(text: string): boolean {
  return text === "" || text === "-" || WORDS.has(text) || INDICATORS.includes(text.charAt(0)) ||
    text.endsWith(":") || text.endsWith(" ") || /[#\\]|[:-] /.test(text) || CONTROL.test(text) ||
    isHazard(text) || looksLikeTime(text) || referenceNumber(text) !== undefined ||
    isDisputedNumber(text);
}

function escapeCharacter(char: string): string {
  const short = SHORT_ESCAPES.get(char);
  if (short !== undefined) return short;
  if (PRINTABLE.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

/** Writes a text in double quotes. */
function doubleQuoted(text: string): string {
  let out = '"';
  for (const char of text) out += escapeCharacter(char);
  return `${out}"`;
}

/** A text in YAML: on one line, or as the lines of a `|-` block. */
export type YamlString =
  | { readonly kind: "inline"; readonly text: string }
  | { readonly kind: "block"; readonly lines: readonly string[] };

/**
 * Writes a text as a plain, double-quoted or literal scalar, whichever the reference would use; a plain
 * scalar that would not read back is quoted instead.
 *
 * @param text A text without white space at its ends.
 */
export function yamlString(text: string): YamlString {
  if (text.includes("\n")) {
    const clean = !CONTROL_IN_BLOCK.test(text) && !/^[ \t\n]|[ \t\n]$/.test(text);
    return clean
      ? { kind: "block", lines: text.split("\n") }
      : { kind: "inline", text: doubleQuoted(text) };
  }
  return { kind: "inline", text: needsQuotes(text) ? doubleQuoted(text) : text };
}
