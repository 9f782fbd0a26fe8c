/**
 * Encoding of answers (spec 04 §3): member order is part of the contract, and every answer says that it must
 * not be cached or sniffed.
 *
 * @module
 */

import { encodeJsonRecord } from "../../base/json_text.ts";
import type { HttpReply } from "../../ports/http.ts";
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
): HttpReply {
  return { status, headers: { ...JSON_HEADERS, ...headers }, body: `${JSON.stringify(value)}\n` };
}

/** A decision. Only the SSE line escapes `<`, `>` and `&`, as the reference does. */
export function decisionResponse(status: number, value: unknown, framing: Framing): HttpReply {
  const body = framing === "sse"
    ? `event: evaluate\ndata: ${encodeJsonRecord(value)}\n\n`
    : `${JSON.stringify(value)}\n`;
  return { status, headers: FRAMES[framing], body };
}

/** A failure: always plain JSON, on the streaming routes too. */
export function faultResponse(
  fault: Fault,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  const { status, ...members } = fault;
  const { error, ...others } = members;
  const extra: Record<string, string> = { ...headers };
  if (status === 401) extra["www-authenticate"] = "Bearer";
  if (status === 413 || status === 408) extra.connection = "close";
  if (status === 503) extra["retry-after"] = "1";
  return jsonResponse(status, { error, ok: false, executed: false, ...others }, extra);
}

/** Plain text, for metrics. */
export function textResponse(body: string): HttpReply {
  const type = "text/plain; version=0.0.4; charset=utf-8";
  return { status: 200, headers: { ...COMMON, "content-type": type }, body };
}

/** The answer to unknown routes. */
export function notFoundResponse(): HttpReply {
  const headers = { ...COMMON, "content-type": "text/plain; charset=utf-8" };
  return { status: 404, headers, body: "404 page not found\n" };
}

/**
 * The answer to paths that are not in their clean form. A backslash is percent-encoded, as the reference
 * does: browsers take `/\host` for another host.
 */
export function redirectResponse(path: string): HttpReply {
  const location = path.replaceAll("\\", "%5C");
  return { status: 307, headers: { ...COMMON, location }, body: "" };
}
