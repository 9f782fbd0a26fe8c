/**
 * Percent escapes (RFC 3986 §2.1).
 *
 * @module
 */

import { utf8 } from "../../base/bytes.ts";

const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** Length of the UTF-8 sequence that a byte starts; 1 for bytes that start none. */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

/** Decodes one piece of UTF-8, or `undefined` when it is malformed. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Decodes UTF-8 with one U+FFFD for each byte that belongs to no character (spec 01 §3). */
function decodeBytewise(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes[i] as number);
    const char = decode(bytes.subarray(i, i + length));
    out += char ?? "\ufffd";
    i += char === undefined ? 1 : length;
  }
  return out;
}

/**
 * Undoes well-formed percent escapes; each byte that is no UTF-8 becomes U+FFFD.
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
  const plain = bytes.subarray(0, length);
  return decode(plain) ?? decodeBytewise(plain);
}
