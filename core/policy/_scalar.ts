/**
 * How plain scalars become the texts and integers of a policy (spec 02 §4.1).
 *
 * The digest depends on it, so this follows the reference's number grammar, which is neither YAML 1.1 nor
 * YAML 1.2: `007` is octal, `1_000` a number, `1e3` a text. It works on the spelling that the syntax tree
 * keeps, hence JSON and YAML policies mean the same.
 *
 * @module
 */

import type { ScalarNode } from "../text/node.ts";
import { beginsLikeNumber, isPlainInteger } from "../text/number.ts";

const UINT64_MAX = (1n << 64n) - 1n;
const INT64_MIN = -(1n << 63n);

/** Longest spelling that can be a number of interest; keeps BigInt conversion cheap. */
const MAX_LENGTH = 400;

/** Digits of each integer notation; a `BigInt` prefix, or plain decimal. */
const NOTATIONS: readonly (readonly [start: RegExp, digits: RegExp, prefix: string])[] = [
  [/^0x/, /^[0-9a-fA-F]+$/, "0x"],
  [/^0o/, /^[0-7]+$/, "0o"],
  [/^0b/, /^[01]+$/, "0b"],
];

/** Reads the digits after sign and underscores are gone. */
function integerOf(body: string): bigint | undefined {
  for (const [start, digits, prefix] of NOTATIONS) {
    if (!start.test(body)) continue;
    const rest = body.slice(2);
    return digits.test(rest) ? BigInt(prefix + rest) : undefined;
  }
  if (body.length > 1 && body.startsWith("0")) {
    return /^[0-7]+$/.test(body) ? BigInt(`0o${body}`) : undefined;
  }
  return /^\d+$/.test(body) ? BigInt(body) : undefined;
}

/**
 * Resolves the spelling of a plain scalar as the reference does.
 *
 * @param text Spelling of a plain scalar.
 * @returns An integer, a float, or `undefined` when the scalar is a text.
 */
export function referenceNumber(text: string): bigint | number | undefined {
  if (isPlainInteger(text)) return BigInt(text);
  if (text.length > MAX_LENGTH || !beginsLikeNumber(text)) return undefined;
  const negative = text.startsWith("-");
  const body = text.replace(/^[-+]/, "").replaceAll("_", "");
  const dots = body.split(".").length - 1;
  if (dots === 1 && !/^0[xob]/.test(body)) {
    if (!/^(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(body)) return undefined;
    const value = Number(negative ? `-${body}` : body);
    return Number.isFinite(value) ? value : undefined;
  }
  if (dots > 0) return undefined;
  const size = integerOf(body);
  if (size === undefined) return undefined;
  if (!negative) return size <= UINT64_MAX ? size : undefined;
  return -size >= INT64_MIN ? -size : undefined;
}

/** Prints a double in the shortest form with the reference's choice of exponent. */
function floatText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  // JavaScript writes this whole range without exponent, too.
  if (exponent >= -4 && exponent < 21) return String(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/**
 * The text that a scalar means in a place where a text is asked for: `1` → `1`, `1.50` → `1.5`, `007` → `7`,
 * `0x10` → `16`, `true` → `true`, `1e3` → `1e3`, null → "" (spec 02 §4.1).
 *
 * @returns `undefined` for `.inf` and `.nan`, which have no agreed text.
 */
export function scalarText(node: ScalarNode): string | undefined {
  if (node.type === "null") return "";
  if (node.type === "bool") return String(node.value);
  if (node.style !== "plain") return node.text;
  if (node.type === "float" && /^[-+]?\.(?:inf|nan)$/i.test(node.text)) return undefined;
  const number = referenceNumber(node.text);
  if (number === undefined) return node.text;
  return typeof number === "bigint" ? String(number) : floatText(number);
}

/**
 * The integer that a scalar means in a place where one is asked for; quoted digits are accepted, null is 0
 * (spec 02 §4.1), fractions are refused instead of cut (divergence P4).
 *
 * @returns `undefined` when it is no integer, or not one that a double holds exactly.
 */
export function scalarInteger(node: ScalarNode): number | undefined {
  if (node.type === "null") return 0;
  if (node.type === "bool") return undefined;
  const value = node.style === "plain" ? plainInteger(node.text) : quotedInteger(node.text);
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

function plainInteger(text: string): number | undefined {
  const number = referenceNumber(text);
  if (number !== undefined) return Number(number) + 0;
  // Scientific notation without a dot is a text to the reference, but a number where one is asked for.
  return /^\d{1,20}[eE]\+?\d{1,2}$/.test(text) ? Number(text) : undefined;
}

function quotedInteger(text: string): number | undefined {
  return /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}
