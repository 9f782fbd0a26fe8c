/**
 * Foreign text in messages.
 *
 * @module
 */

/**
 * Cuts a hostile text and replaces what a terminal acts on or hides: control and formatting characters,
 * lone surrogates, private use and unassigned code points.
 *
 * @param text Any text.
 * @param maxLength Most UTF-16 units that are kept.
 */
export function printable(text: string, maxLength = 64): string {
  return text.slice(0, maxLength).replace(/\p{C}/gu, "?");
}
