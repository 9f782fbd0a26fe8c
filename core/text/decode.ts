/**
 * From bytes to text: size limit first, then exact UTF-8 (divergence P5).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";

/** How {@linkcode decodeText} names and bounds its input. */
export interface DecodeOptions {
  /** Name of the input as the caller spelled it, for messages. */
  readonly source: string;
  /** Most bytes accepted; `LIMITS.textBytes` when absent. */
  readonly maxBytes?: number;
}

/**
 * Decodes UTF-8 exactly: nothing is replaced, nothing is stripped. A byte order mark is kept as
 * U+FEFF, for the reader of the language to refuse.
 *
 * @param input UTF-8 bytes, or text whose UTF-8 form counts against the limit.
 * @throws {GaitError} `input_too_large` above the limit.
 * @throws {GaitError} `text_encoding` for malformed UTF-8 or a lone surrogate.
 */
export function decodeText(input: string | Uint8Array, options: DecodeOptions): string {
  const maxBytes = options.maxBytes ?? LIMITS.textBytes;
  if (typeof input === "string") {
    if (exceeds(input, maxBytes)) throw tooLarge(maxBytes, options.source);
    if (!input.isWellFormed()) {
      throw badEncoding("the text contains a lone surrogate", options.source);
    }
    return input;
  }
  if (input.length > maxBytes) throw tooLarge(maxBytes, options.source);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(input);
  } catch (cause) {
    throw badEncoding("the bytes are not well-formed UTF-8", options.source, { cause });
  }
}

/** Whether the UTF-8 form of a text is longer than a limit, without encoding it. */
function exceeds(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  if (text.length * 3 <= maxBytes) return false;
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A surrogate pair is two units and four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes > maxBytes;
}

function tooLarge(maxBytes: number, source: string): GaitError {
  return new GaitError("input_too_large", `Cannot read the text: it exceeds ${maxBytes} bytes`, {
    place: { source },
  });
}

function badEncoding(state: string, source: string, options: { cause?: unknown } = {}): GaitError {
  return new GaitError("text_encoding", `Cannot read the text: ${state}`, {
    ...options,
    place: { source },
  });
}
