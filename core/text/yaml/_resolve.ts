/**
 * What a plain scalar means. A spelling that YAML readers disagree about is refused, so that a policy
 * has one meaning.
 *
 * @module
 */

import { beginsLikeNumber, integerSurvives, isPlainInteger } from "../number.ts";

/** Meaning of a plain scalar, or why it is refused. */
export type Resolved =
  | { readonly type: "null"; readonly value: null }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int" | "float"; readonly value: number }
  | { readonly type: "string" }
  | { readonly refused: string; readonly hint: string };

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...["", "~", "null", "Null", "NULL"].map((word) =>
    [word, { type: "null", value: null }] satisfies [string, Resolved]
  ),
  ...["true", "True", "TRUE"].map((word) =>
    [word, { type: "bool", value: true }] satisfies [string, Resolved]
  ),
  ...["false", "False", "FALSE"].map((word) =>
    [word, { type: "bool", value: false }] satisfies [string, Resolved]
  ),
]);

const INTEGER = /^[-+]?(?:0|[1-9][0-9]*)$/;
/** Octal in YAML 1.1, decimal in 1.2: accepted where both give the same number. */
const ZERO_PADDED = /^0+[0-7]$/;
const RADIX = /^0(?:x[0-9a-fA-F]+|o[0-7]+|b[01]+)$/;
const FLOAT = /^(?:[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;
/** Spellings that some readers take as a number and others as text or as another number. */
const DISPUTED = [
  /^[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]+)?$/,
  /^[-+]?\.[0-9_]+(?:[eE][-+]?[0-9_]+)?$/,
  /^[-+]?0[xXoObB][0-9a-fA-F_.pP+-]*$/,
  /^[-+]?\.(?:inf|nan)$/i,
];

/**
 * Resolves a plain scalar by the YAML 1.2 core schema, widened by the spellings `007`, `0b1`, `+1`
 * and `1.`, which js-yaml and the reference both read as numbers (spec 02 §4.1).
 *
 * @param text Spelling without surrounding spaces.
 */
export function resolvePlain(text: string): Resolved {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (!beginsLikeNumber(text)) return { type: "string" };
  if (isPlainInteger(text)) return { type: "int", value: Number(text) };
  if (INTEGER.test(text) || ZERO_PADDED.test(text)) return number("int", text);
  if (RADIX.test(text)) return radix(text);
  if (FLOAT.test(text)) return number("float", text);
  if (!DISPUTED.some((pattern) => pattern.test(text))) return { type: "string" };
  return {
    refused: `readers disagree whether ${short(text)} is a number`,
    hint: "quote it if it is text; otherwise write plain decimal digits",
  };
}

function number(type: "int" | "float", text: string): Resolved {
  const value = Number(text);
  if (Number.isFinite(value) && integerSurvives(text.replace("+", ""))) return { type, value };
  return tooLong(text);
}

function radix(text: string): Resolved {
  const value = Number(text);
  return Number.isSafeInteger(value) ? { type: "int", value } : tooLong(text);
}

function tooLong(text: string): Resolved {
  return {
    refused: `the number ${short(text)} does not survive conversion to a double`,
    hint: "quote it if it is text; otherwise write a smaller number",
  };
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
