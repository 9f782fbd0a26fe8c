/**
 * Which regular expressions a schema may use: a flat sequence of characters and classes, so that a
 * match takes linear time whatever the text is.
 *
 * @module
 */

/** One atom: an escape, a class or a plain character. */
const ATOM = String.raw`(?:\\[^\dbBkpPxc]|\[(?:\\.|[^\]\\])+\]|[^\\[\](){}|*+?.^$])`;
/** An exact count; ranges and `?` would make the matcher choose. */
const EXACT = String.raw`(?:\{\d+\})?`;
const UNBOUNDED = String.raw`(?:[*+]|\{\d+,\})`;

/** `^`, atoms with an exact count, at most one open-ended atom as the last, `$`. */
const ANCHORED = new RegExp(`^\\^(?:${ATOM}${EXACT})*?(?:${ATOM}${UNBOUNDED})?\\$$`, "su");
/** A search for one character. */
const SINGLE = new RegExp(`^${ATOM}$`, "su");

/**
 * Refuses a pattern outside the linear forms.
 *
 * @param pattern Value of the keyword `pattern`.
 * @param place Where it stands, for the message.
 * @throws {TypeError} When the pattern is not of a linear form.
 */
export function assertLinearPattern(pattern: string, place: string): void {
  if (!ANCHORED.test(pattern) && !SINGLE.test(pattern)) {
    throw new TypeError(`Cannot compile schema ${place}: pattern is not of a linear form`);
  }
  new RegExp(pattern, "u");
}
