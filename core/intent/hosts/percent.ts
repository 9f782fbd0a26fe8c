/**
 * Percent escapes (RFC 3986 §2.1).
 *
 * @module
 */

import { utf8 } from "../../base/bytes.ts";

const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** Least and greatest second byte after a lead byte (RFC 3629 §4). */
function secondByteRange(lead: number): readonly [number, number] {
  switch (lead) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}

/** Length of the well-formed UTF-8 sequence at an index; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, start: number): number {
  const lead = bytes[start] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const [least, greatest] = secondByteRange(lead);
  const second = bytes[start + 1] ?? 0;
  if (second < least || second > greatest) return 0;
  for (let i = 2; i < length; i++) if (((bytes[start + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Decodes one piece of UTF-8, or `undefined` when it is malformed. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Decodes UTF-8 with one U+FFFD for each byte that belongs to no character (spec 01 §3). It works on bytes,
 * because a failed call of the decoder per byte would take minutes for a long hostile text.
 */
function decodeBytewise(bytes: Uint8Array): string {
  const out = new Uint8Array(3 * bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length;) {
    const count = sequenceLength(bytes, i);
    if (count === 0) {
      out[length++] = 0xef;
      out[length++] = 0xbf;
      out[length++] = 0xbd;
      i++;
    }
    const end = i + count;
    for (; i < end; i++) out[length++] = bytes[i] as number;
  }
  return strict.decode(out.subarray(0, length));
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
