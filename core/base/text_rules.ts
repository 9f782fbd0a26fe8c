/**
 * Text rules that feed digests (spec 02 §1.5). They differ from the JavaScript built-ins on purpose:
 * `String.prototype.trim` strips U+FEFF and keeps U+0085, `toLowerCase` expands `İ` and knows a final
 * sigma, and the default sort compares UTF-16 units.
 *
 * @module
 */

/** Unicode `White_Space`, as the reference trims it. */
function isWhiteSpace(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  if (unit < 0x85) return false;
  return unit === 0x85 || unit === 0xa0 || unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) || unit === 0x2028 || unit === 0x2029 ||
    unit === 0x202f || unit === 0x205f || unit === 0x3000;
}

/**
 * Strips Unicode `White_Space` at both ends (spec 02 §1.5 "trim").
 *
 * @param text Any text.
 * @returns The same string object when nothing is stripped.
 */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start++;
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/**
 * Capital letters that Unicode 16 and 17 added. The reference's tables end at Unicode 15, and a digest must
 * not depend on how new a JavaScript engine is, so they stay as they are.
 */
const YOUNG_CAPITALS =
  /[\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\u{10d50}-\u{10d65}\u{16ea0}-\u{16eb8}]/u;

/** Lower-cases one code point by simple mapping: the result is always one code point. */
function lowerCodePoint(char: string): string {
  // U+0130 is the only code point whose full lower-case mapping is longer than one.
  if (char === "\u0130") return "i";
  const lowered = char.toLowerCase();
  return lowered !== char && YOUNG_CAPITALS.test(char) ? char : lowered;
}

/**
 * Lower-cases code point by code point with simple mappings (spec 02 §1.5 "lower").
 *
 * @param text Any text.
 * @returns The same string object when nothing changes.
 */
export function lower(text: string): string {
  let ascii = true;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) {
      ascii = false;
      break;
    }
  }
  if (ascii) return text.toLowerCase();
  let out = "";
  // Lower-casing code points one at a time keeps the final sigma rule out.
  for (const char of text) out += lowerCodePoint(char);
  return out;
}

/**
 * Compares two strings by code point, which is the order of their UTF-8 bytes.
 *
 * @returns Negative, zero or positive, as for `Array.prototype.sort`.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates sort above the rest of the basic plane in UTF-8, below U+E000 in UTF-16.
    const xs = x >= 0xd800 && x <= 0xdfff;
    const ys = y >= 0xd800 && y <= 0xdfff;
    if (xs !== ys) return xs ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

/** Whether a list is strictly ascending, so that sorting and de-duplicating would change nothing. */
function isStrictlySorted(list: readonly string[]): boolean {
  for (let i = 1; i < list.length; i++) {
    if (compareCodePoints(list[i - 1] as string, list[i] as string) >= 0) return false;
  }
  return true;
}

/**
 * Sorts by code point and drops duplicates; the input stays unchanged.
 *
 * @param list Any strings.
 */
export function sortedSet(list: readonly string[]): string[] {
  if (isStrictlySorted(list)) return [...list];
  return [...new Set(list)].sort(compareCodePoints);
}

/**
 * Trims each, drops empty ones, de-duplicates and sorts (spec 02 §1.5 "uniqueSorted").
 *
 * @param list Any strings.
 */
export function uniqueSorted(list: readonly string[]): string[] {
  // Of the lists of a policy most are empty.
  if (list.length === 0) return [];
  return sortedSet(list.map(trim).filter((text) => text !== ""));
}

/**
 * {@linkcode uniqueSorted} after {@linkcode lower} (spec 02 §1.5 "lowerList").
 *
 * @param list Any strings.
 */
export function lowerList(list: readonly string[]): string[] {
  return uniqueSorted(list.map(lower));
}
