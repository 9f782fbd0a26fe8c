/**
 * Encoding of answers (spec 04 §3): member order is part of the contract, and every answer says that it must
 * not be cached or sniffed.
 *
 * @module
 */

import { encodeJsonRecord } from "../base/json_text.ts";
import type { Fault } from "./fault.ts";

/** How a decision is framed. */
export type Framing = "json" | "sse" | "ndjson";

const COMMON: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
const JSON_HEADERS: Readonly<Record<string, string>> = {
  ...COMMON,
  "content-type": "application/json",
};

/** Headers of a framing (spec 04 §3). */
const FRAMES: Readonly<Record<Framing, Readonly<Record<string, string>>>> = {
  json: JSON_HEADERS,
  sse: {
    ...COMMON,
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    "connection": "keep-alive",
  },
  ndjson: { ...COMMON, "content-type": "application/x-ndjson" },
};

/** A JSON answer. */
export function jsonResponse(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(`${JSON.stringify(value)}\n`, {
    status,
    headers: { ...JSON_HEADERS, ...headers },
  });
}

/** A decision. Only the SSE line escapes `<`, `>` and `&`, as the reference does. */
export function decisionResponse(status: number, value: unknown, framing: Framing): Response {
  const body = framing === "sse"
    ? `event: evaluate\ndata: ${encodeJsonRecord(value)}\n\n`
    : `${JSON.stringify(value)}\n`;
  return new Response(body, { status, headers: FRAMES[framing] });
}

/** A failure: always plain JSON, on the streaming routes too. */
export function faultResponse(
  fault: Fault,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { status, ...members } = fault;
  const { error, ...others } = members;
  const extra: Record<string, string> = { ...headers };
  if (status === 401) extra["www-authenticate"] = "Bearer";
  if (status === 413 || status === 408) extra.connection = "close";
  if (status === 503) extra["retry-after"] = "1";
  return jsonResponse(status, { error, ok: false, executed: false, ...others }, extra);
}

/** Plain text, for metrics. */
export function textResponse(text: string): Response {
  const type = "text/plain; version=0.0.4; charset=utf-8";
  return new Response(text, { headers: { ...COMMON, "content-type": type } });
}

/** The answer to unknown routes. */
export function notFoundResponse(): Response {
  return new Response("404 page not found\n", {
    status: 404,
    headers: { ...COMMON, "content-type": "text/plain; charset=utf-8" },
  });
}

/** The answer to paths that are not in their clean form. */
export function redirectResponse(location: string): Response {
  return new Response(null, { status: 307, headers: { ...COMMON, location } });
}
