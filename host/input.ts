/**
 * Bounded input from any runtime: collecting it, and refusing what is too long.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";

/** The failure for an input that is longer than allowed. */
export function tooLarge(name: string, maxBytes: number): GaitError {
  return new GaitError(
    "input_too_large",
    `Cannot read ${name}: it is larger than ${maxBytes} bytes`,
    { details: { path: name, limit_bytes: maxBytes } },
  );
}

/**
 * Reads standard input to its end.
 *
 * @throws GaitError `input_too_large`
 */
export async function collectInput(
  chunks: AsyncIterable<Uint8Array>,
  limit: { readonly maxBytes: number },
): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of chunks) {
    length += part.length;
    if (length > limit.maxBytes) throw tooLarge("standard input", limit.maxBytes);
    parts.push(part);
  }
  return concatBytes(parts);
}
