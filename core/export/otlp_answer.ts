/**
 * What an OTLP/HTTP collector says about a request (OTLP specification, "OTLP/HTTP Response"). Its words are
 * foreign: whatever they are, an answer means one of four things.
 *
 * @module
 */

import { parseHttpDate } from "../base/http_date.ts";
import type { Instant } from "../base/instant.ts";
import { LIMITS } from "../base/limits.ts";
import { trim } from "../base/text_rules.ts";
import type { HttpAnswer } from "../ports/http_client.ts";

/** What follows from an answer. */
export type OtlpReply =
  /** It took the request, except for some records; `isReadable` when the body was what the protocol wants. */
  | { readonly kind: "accepted"; readonly rejected: number; readonly isReadable: boolean }
  /** The same may be sent again, not sooner than `afterMs`; 0 when it does not say. */
  | { readonly kind: "retry"; readonly afterMs: number }
  /** The request was too long for it. */
  | { readonly kind: "too_large" }
  /** Sending it again does not help. */
  | { readonly kind: "refused"; readonly status: number };

/** Statuses after which the same may be sent again ("Retryable Response Codes"); 0 is "no answer". */
const RETRYABLE: ReadonlySet<number> = new Set([0, 429, 502, 503, 504]);

/** Length of white space and digits that a sane header has. */
const MAX_HEADER_UNITS = 64;

/**
 * Time that `Retry-After` asks for (RFC 9110 §10.2.3), ms: seconds or a date, never more than
 * `otlpRetryAfterMs`; 0 for none, a past date, or anything else.
 *
 * @param now Current time.
 */
export function retryAfterMs(header: string, now: Instant): number {
  if (header.length > MAX_HEADER_UNITS) return 0;
  const text = trim(header);
  const nowMs = Number(now / 1_000_000n);
  const wait = /^\d+$/.test(text)
    ? Number(text) * 1000
    : (parseHttpDate(text, nowMs) ?? nowMs) - nowMs;
  return Math.min(Math.max(wait, 0), LIMITS.otlpRetryAfterMs);
}

/** A member of a JSON object. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** A 64-bit integer of the JSON mapping: decimal text or a number; `undefined` for anything else. */
function integer(value: unknown): number | undefined {
  if (typeof value === "string") return /^-?\d{1,19}$/.test(value) ? Number(value) : undefined;
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

/**
 * Records that an `ExportLogsServiceResponse` says were rejected; `undefined` when the text is no such
 * message. Members that we do not know are ignored, as the protocol wants.
 */
function rejectedRecords(body: string): number | undefined {
  // Many receivers answer success with nothing, which is what the binary form of an empty message looks like.
  if (trim(body) === "") return 0;
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) return undefined;
  const partial = member(message, "partialSuccess") ?? {};
  if (typeof partial !== "object" || Array.isArray(partial)) return undefined;
  return integer(member(partial, "rejectedLogRecords") ?? 0);
}

/**
 * Reads an answer.
 *
 * @param sent How many records the request had, and the current time.
 */
export function readOtlpAnswer(
  answer: HttpAnswer,
  sent: { readonly records: number; readonly now: Instant },
): OtlpReply {
  const { status, retryAfter, body } = answer;
  if (RETRYABLE.has(status)) return { kind: "retry", afterMs: retryAfterMs(retryAfter, sent.now) };
  if (status === 413) return { kind: "too_large" };
  if (status < 200 || status > 299) return { kind: "refused", status };
  const rejected = body === undefined ? undefined : rejectedRecords(body);
  return {
    kind: "accepted",
    rejected: Math.min(Math.max(rejected ?? 0, 0), sent.records),
    isReadable: rejected !== undefined,
  };
}
