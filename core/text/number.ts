/**
 * Which decimal literals survive as doubles (divergence P6).
 *
 * @module
 */

/** Longest literal whose digits always survive: every integer of 15 digits is a safe integer. */
const ALWAYS_EXACT_LENGTH = 15;

/** Whether a text begins as numbers do; most scalars are words, which no pattern for numbers has to see. */
export function beginsLikeNumber(text: string): boolean {
  const first = text.charAt(0);
  return first !== "" && "+-.0123456789".includes(first);
}

/** Whether a text is a decimal integer in its plainest form, short enough for any reader. */
export function isPlainInteger(text: string): boolean {
  if (text.length > ALWAYS_EXACT_LENGTH || (text.startsWith("0") && text !== "0")) return false;
  for (const char of text) if (char < "0" || char > "9") return false;
  return text !== "";
}

/**
 * Tells whether a JSON number literal that denotes an integer comes back as the same number after
 * conversion to a double and shortest printing (RFC 8785 §3.2.2.3), so that the digest names the
 * number which was written. `9007199254740993`, its spelling `9007199254740993.0` and
 * `123456789012345678901` do not. Fractions always pass: `0.1` prints as `0.1`, and a fraction with
 * more digits than a double holds is rounded as every JSON reader rounds it.
 *
 * @param literal A number in JSON syntax.
 */
export function integerSurvives(literal: string): boolean {
  if (literal.length <= ALWAYS_EXACT_LENGTH && !/[eE]/.test(literal)) return true;
  const written = decimal(literal);
  if (written.digits === "" || written.exponent < 0) return true;
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  const printed = decimal(String(value));
  return written.digits === printed.digits && written.exponent === printed.exponent;
}

/** A decimal number as significant digits without outer zeros, times a power of ten. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

function decimal(literal: string): Decimal {
  const unsigned = literal.startsWith("-") ? literal.slice(1) : literal;
  const [mantissa = "", power = "0"] = unsigned.split(/[eE]/);
  const [whole = "", fraction = ""] = mantissa.split(".");
  const all = whole + fraction;
  const last = lastNonZero(all);
  const digits = all.slice(firstNonZero(all), last + 1);
  return { digits, exponent: Number(power) - fraction.length + (all.length - 1 - last) };
}

function firstNonZero(digits: string): number {
  let at = 0;
  while (digits[at] === "0") at++;
  return at;
}

function lastNonZero(digits: string): number {
  let at = digits.length - 1;
  while (digits[at] === "0") at--;
  return at;
}
