/**
 * Foreign text in messages.
 *
 * @module
 */

/** Whether a text is nothing but visible ASCII; asking this first spares the table of all Unicode. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}

/**
 * Cuts a hostile text and replaces what a terminal acts on or hides: control and formatting characters,
 * lone surrogates, private use and unassigned code points.
 *
 * @param text Any text.
 * @param maxLength Most UTF-16 units that are kept.
 */
export function printable(text: string, maxLength = 64): string {
  const cut = text.slice(0, maxLength);
  return isPlain(cut) ? cut : cut.replace(/\p{C}/gu, "?");
}

/** A list of foreign texts for a message: the first few, each cut. */
export function printableList(texts: readonly string[], most = 16): string {
  const shown = texts.slice(0, most).map((text) => printable(text));
  if (texts.length > most) shown.push(`and ${texts.length - most} more`);
  return shown.join(", ");
}

/** Control characters, line separators and marks that turn the direction of text. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const ACTS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Writes one character as an escape. */
function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * Keeps foreign text on its line: whatever moves a terminal's cursor, ends the line or turns its direction
 * becomes a visible escape, so that no name or path can forge another line of output.
 *
 * @param text Any text.
 */
export function onOneLine(text: string): string {
  return isPlain(text) ? text : text.replace(ACTS, escaped);
}

/**
 * Keeps a terminal from acting on a text of several lines; line ends and tabs stay.
 *
 * @param text Any text.
 */
export function withoutControls(text: string): string {
  // deno-lint-ignore no-control-regex -- they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, escaped);
}
