/**
 * Reading a request body within a limit of bytes, whatever its framing. The server bounds the time.
 *
 * @module
 */

import type { Bytes } from "../../base/bytes.ts";
import { GaitError } from "../../base/errors.ts";
import type { HttpHeaders, HttpRequest } from "../../ports/http.ts";

/** The refusal of a long body. */
function tooLarge(maxBytes: number): GaitError {
  return new GaitError("body_too_large", "request body exceeds max-request-bytes", {
    details: { max_request_bytes: maxBytes },
  });
}

/** Whether the announced length alone is over the limit. */
function announcesTooMuch(headers: HttpHeaders, maxBytes: number): boolean {
  const announced = headers.get("content-length");
  return announced !== null && /^\d+$/.test(announced) && Number(announced) > maxBytes;
}

/**
 * Reads the whole body. The limit covers every byte, padding behind the JSON value too (F-03).
 *
 * @param maxBytes Most bytes, inclusive.
 * @throws GaitError `body_too_large`, `request_incomplete`
 */
export async function readBody(request: HttpRequest, maxBytes: number): Promise<Bytes> {
  if (announcesTooMuch(request.headers, maxBytes)) throw tooLarge(maxBytes);
  let data: Bytes | undefined;
  try {
    data = await request.read(maxBytes);
  } catch (cause) {
    throw new GaitError("request_incomplete", "the request body ended early", { cause });
  }
  if (data === undefined) throw tooLarge(maxBytes);
  return data;
}
