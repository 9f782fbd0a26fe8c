/**
 * From failures to HTTP answers (divergences W2, W6): the client's mistakes are 4xx with their message, the
 * service's own faults are 5xx with a fixed text, because messages of files and keys name paths. No answer
 * of this module carries a verdict.
 *
 * @module
 */

import { ERROR_CODES, type ErrorCode } from "../../base/error_codes.ts";
import { ERROR_MAP } from "../../base/error_map.ts";
import { type GaitError, toGaitError } from "../../base/errors.ts";

/** Codes with a status of their own. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  body_too_large: 413,
  request_incomplete: 408,
  unauthenticated: 401,
  method_not_allowed: 405,
  media_type_unsupported: 415,
  host_not_allowed: 403,
  origin_not_allowed: 403,
  service_busy: 503,
  policy_unavailable: 503,
  evidence_unavailable: 503,
  evidence_stalled: 503,
  evidence_directory_lost: 503,
  state_contention: 503,
};

/**
 * Codes that may speak of what the client sent. Every other code of the category `invalid_input` is about
 * the service's own files, keys and settings, and therefore a fault of the service.
 */
const CLIENT_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "invalid_input",
  "input_too_large",
  "path_not_allowed",
  "json_syntax",
  "json_duplicate_key",
  "json_unsafe_number",
  "json_unsupported",
  "text_encoding",
  "text_too_deep",
  "schema_violation",
  "call_invalid",
  "intent_invalid",
  "unsupported_value",
  "session_mismatch",
  "profile_refused",
  "body_too_large",
  "request_incomplete",
  "unauthenticated",
  "method_not_allowed",
  "media_type_unsupported",
  "host_not_allowed",
  "origin_not_allowed",
]);

/**
 * Whether the client can mend it. A path is the client's when it stands in a field of the request; any other
 * is one of the service's own files.
 */
function isOfClient({ code, details }: GaitError): boolean {
  return CLIENT_CODES.has(code) && (code !== "path_not_allowed" || details.field !== undefined);
}

/** A failure as it is answered. */
export interface Fault {
  readonly status: number;
  readonly error: string;
  readonly error_code: ErrorCode;
  readonly error_category: string;
  readonly retryable: boolean;
  readonly hint: string;
}

/** Status of a failure. */
function statusOf(error: GaitError, isClients: boolean): number {
  const own = STATUS[error.code];
  if (own !== undefined) return own;
  if (isClients) return ERROR_MAP[error.category].http;
  // A fault of the service in a category that means "your input": the client cannot mend it.
  return error.category === "invalid_input" ? 500 : Math.max(500, ERROR_MAP[error.category].http);
}

/** Texts that a client may read. */
function messageOf(error: GaitError, isClients: boolean): string {
  if (isClients) return error.message;
  return ERROR_CODES[error.code].summary.replace(/\.$/, "");
}

/**
 * Describes a failure for the client.
 *
 * @param thrown Whatever was thrown.
 * @returns A status from 400 to 599 and texts without paths.
 */
export function faultOf(thrown: unknown): Fault {
  const error = toGaitError(thrown);
  const isClients = isOfClient(error);
  return {
    status: statusOf(error, isClients),
    error: messageOf(error, isClients),
    error_code: error.code,
    error_category: isClients || error.category !== "invalid_input"
      ? error.category
      : "internal_failure",
    retryable: error.retryable,
    hint: isClients ? error.hint : error.retryable ? "try again later" : "see the service's log",
  };
}
