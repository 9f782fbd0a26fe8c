/**
 * Where a base64 text breaks, in the words that other implementations of the format use.
 *
 * @module
 */

const DIGIT = /^[A-Za-z0-9+/]$/;

/** Offset behind line breaks, which count as nothing. */
function skipBreaks(text: string, from: number): number {
  let at = from;
  while (text[at] === "\r" || text[at] === "\n") at++;
  return at;
}

/** Offset of a fault in the padding that begins at `at`, after `digits` digits of a group. */
function paddingFault(text: string, at: number, digits: number): number | undefined {
  if (digits < 2) return at;
  let next = skipBreaks(text, at + 1);
  if (digits === 2) {
    if (next >= text.length) return text.length;
    if (text[next] !== "=") return next - 1;
    next = skipBreaks(text, next + 1);
  }
  return next < text.length ? next : undefined;
}

/**
 * Describes what is wrong with a text that is no canonical padded standard base64 (RFC 4648 §4).
 *
 * @param text The text; any length, read once.
 */
export function base64Fault(text: string): string {
  let digits = 0;
  let fault: number | undefined;
  let at = skipBreaks(text, 0);
  for (; at < text.length; at = skipBreaks(text, at + 1)) {
    const char = text.charAt(at);
    if (DIGIT.test(char)) {
      digits = (digits + 1) % 4;
      continue;
    }
    fault = char === "=" ? paddingFault(text, at, digits) : at;
    digits = 0;
    break;
  }
  if (fault === undefined && digits > 0) fault = text.length - digits;
  return fault === undefined
    ? "not canonical standard base64"
    : `illegal base64 data at input byte ${fault}`;
}
