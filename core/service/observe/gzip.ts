/**
 * Compression (RFC 1952), a piece at a time: whoever waits for a decision gets their turn in between.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../base/bytes.ts";

/** Bytes that are compressed in one go. */
const PIECE_BYTES = 64 * 1024;

/** Reads everything. */
async function collect(stream: ReadableStream<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(parts);
    parts.push(value);
  }
}

/**
 * Compresses.
 *
 * @param pause Lets others have their turn.
 */
export async function gzip(data: Bytes, pause: () => Promise<void>): Promise<Bytes> {
  const { readable, writable } = new CompressionStream("gzip");
  const compressed = collect(readable);
  const writer = writable.getWriter();
  for (let at = 0; at < data.length; at += PIECE_BYTES) {
    if (at > 0) await pause();
    await writer.write(data.subarray(at, at + PIECE_BYTES));
  }
  await writer.close();
  return await compressed;
}
