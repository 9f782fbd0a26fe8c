/**
 * Percent escapes (RFC 3986 §2.1).
 *
 * @module
 */

import { utf8 } from "../../base/bytes.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Undoes well-formed percent escapes; bytes that are no UTF-8 become U+FFFD.
 *
 * @param text Text in which every `%` is followed by two hex digits.
 */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  const bytes = utf8(text);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 0x25) {
      bytes[length++] = parseInt(String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0), 16);
      i += 2;
    } else {
      bytes[length++] = bytes[i] as number;
    }
  }
  return decoder.decode(bytes.subarray(0, length));
}
