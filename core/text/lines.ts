/**
 * Cutting a stream of bytes into text that ends with whole lines, in bounded memory.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";

const LINE_FEED = 0x0a;
/** The refusal of a line that is too long. */
export function lineTooLong(place: { readonly source: string; readonly line?: number }): GaitError {
  const state = `it exceeds ${LIMITS.jsonlLineBytes} bytes`;
  return new GaitError("input_too_large", `Cannot read a line: ${state}`, {
    place,
  });
}

/** Gathers pieces of bytes into runs of whole lines. */
export async function* wholeLines(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<Uint8Array[]> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const cut = chunk.lastIndexOf(LINE_FEED) + 1;
    if (cut > 0) {
      yield [...held, chunk.subarray(0, cut)];
      held = [];
      length = 0;
    }
    if (cut === chunk.length) continue;
    held.push(chunk.subarray(cut));
    length += chunk.length - cut;
    if (length > LIMITS.jsonlLineBytes) throw lineTooLong({ source });
  }
  if (length > 0) yield held;
}

/** Decodes pieces that together hold whole lines, and so whole characters. */
export function decodeLines(parts: readonly Uint8Array[], source: string): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    let text = "";
    for (const part of parts) text += decoder.decode(part, { stream: true });
    return text + decoder.decode();
  } catch (cause) {
    throw new GaitError("text_encoding", "Cannot read the lines: they are not well-formed UTF-8", {
      cause,
      place: { source },
    });
  }
}

/** Lines of a text without their line ends; a last one may lack it. */
export function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    yield text.slice(start, end);
    start = end + 1;
  }
}
