/**
 * Reading a request body within a limit of bytes and time, whatever its framing.
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { RequestBody } from "../ports/http.ts";

/** Bounds of a body. */
export interface BodyLimits {
  /** Most bytes, inclusive. */
  readonly maxBytes: number;
  /** Time until the last byte, ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** The body, when the server handed it over. */
  readonly handed?: RequestBody;
}

/** The refusal of a long body. */
function tooLarge(maxBytes: number): GaitError {
  return new GaitError("body_too_large", "request body exceeds max-request-bytes", {
    details: { max_request_bytes: maxBytes },
  });
}

/** The refusal of a body that never came to its end. */
function incomplete(state: string, cause?: unknown): GaitError {
  return new GaitError("request_incomplete", `the request body ${state}`, { cause });
}

/** Joins pieces. */
function join(pieces: readonly Bytes[], length: number): Bytes {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const out = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** Reads to the end or to the limit. */
async function readAll(
  reader: ReadableStreamDefaultReader<Bytes>,
  maxBytes: number,
): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(pieces, length);
    length += value.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    pieces.push(value);
  }
}

/** Whether the announced length alone is over the limit. */
function announcesTooMuch(headers: Headers, maxBytes: number): boolean {
  const announced = headers.get("content-length");
  return announced !== null && /^\d+$/.test(announced) && Number(announced) > maxBytes;
}

/** Reads a body that the server handed over; the server itself bounds the time. */
async function readHanded(body: RequestBody, maxBytes: number): Promise<Bytes> {
  let data: Bytes | undefined;
  try {
    data = await body.read(maxBytes);
  } catch (error) {
    throw incomplete("ended early", error);
  }
  if (data === undefined) throw tooLarge(maxBytes);
  return data;
}

/**
 * Reads the whole body. The limit covers every byte, padding behind the JSON value too (F-03).
 *
 * @throws GaitError `body_too_large`, `request_incomplete`
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Bytes> {
  if (announcesTooMuch(request.headers, limits.maxBytes)) throw tooLarge(limits.maxBytes);
  if (limits.handed !== undefined) return await readHanded(limits.handed, limits.maxBytes);
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const timer = new AbortController();
  try {
    return await Promise.race([
      readAll(reader, limits.maxBytes),
      limits.clock.sleep(limits.timeoutMs, timer.signal).then(() => {
        throw incomplete("came too slowly");
      }),
    ]);
  } catch (error) {
    // Not awaited: a peer that sends nothing would keep us waiting for its end.
    void reader.cancel().catch(() => {});
    throw error instanceof GaitError ? error : incomplete("ended early", error);
  } finally {
    // With a reason of our own, no exception object is made for every request.
    timer.abort("over");
  }
}
