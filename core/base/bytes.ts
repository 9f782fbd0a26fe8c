/**
 * Bytes and their text forms.
 *
 * @module
 */

const encoder = new TextEncoder();
const HEX_DIGITS = "0123456789abcdef";

/** A byte array over a plain (not shared) buffer, which is what the web platform's APIs accept. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Encodes text as UTF-8. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Hexadecimal of the platform (ES2026), where it has it. */
interface NativeHex {
  toHex?(): string;
}

/** Decoder of the platform (ES2026), where it has one. */
interface NativeHexDecoder {
  fromHex?(text: string): Bytes;
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  const native = (bytes as NativeHex).toHex?.();
  if (native !== undefined) return native;
  let out = "";
  for (const byte of bytes) out += HEX_DIGITS.charAt(byte >> 4) + HEX_DIGITS.charAt(byte & 15);
  return out;
}

/**
 * Decodes lower- or upper-case hexadecimal.
 *
 * @returns The bytes, or `undefined` when the text is not an even number of hex digits.
 */
export function fromHex(text: string): Bytes | undefined {
  const decoder = Uint8Array as NativeHexDecoder;
  if (decoder.fromHex !== undefined) {
    try {
      return decoder.fromHex(text);
    } catch {
      return undefined;
    }
  }
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

/** Base64 of the platform (ES2026), where it has one. */
interface NativeBase64 {
  toBase64?(): string;
}

/** Decoder of the platform (ES2026), where it has one. */
interface NativeDecoder {
  fromBase64?(text: string, options: { readonly lastChunkHandling: "strict" }): Bytes;
}

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  const native = (bytes as NativeBase64).toBase64?.();
  if (native !== undefined) return native;
  let binary = "";
  const step = 0x8000;
  for (let i = 0; i < bytes.length; i += step) {
    binary += String.fromCharCode(...bytes.subarray(i, i + step));
  }
  return btoa(binary);
}

/** Decodes with what the platform has: both decoders pass over white space, and `atob` over stray bits. */
function decodeBase64(text: string): Bytes | undefined {
  const decoder = Uint8Array as NativeDecoder;
  try {
    return decoder.fromBase64?.(text, { lastChunkHandling: "strict" }) ??
      Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/**
 * Decodes canonical standard base64: padded, no white space, no stray bits in the last digit
 * (RFC 4648 §3.5), so that one value has one spelling.
 *
 * @returns The bytes, or `undefined` when the text is anything else.
 */
export function fromBase64(text: string): Bytes | undefined {
  const out = decodeBase64(text);
  return out !== undefined && toBase64(out) === text ? out : undefined;
}

/**
 * Compares two byte arrays in time that depends on their lengths only.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** Byte arrays behind one another, as one. */
export function concatBytes(parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Content as pieces: a text as UTF-8, bytes as one piece. */
export function piecesOf(
  data: string | Uint8Array | readonly Uint8Array[],
): readonly Uint8Array[] {
  if (typeof data === "string") return [utf8(data)];
  return data instanceof Uint8Array ? [data] : data;
}
