/**
 * The one table from error category to process exit code, HTTP status and JSON-RPC code
 * (spec 01 §2.1; divergences C1, W2).
 *
 * @module
 */

import type { ErrorCategory } from "./error_codes.ts";

/** How a category is reported to the outside. */
export interface ErrorMapping {
  /** Process exit code, 0–8. */
  readonly exit: number;
  /** HTTP status. */
  readonly http: number;
  /** JSON-RPC 2.0 error code; server errors use the range -32000 to -32099. */
  readonly jsonRpc: number;
}

/** Mapping of every category. */
export const ERROR_MAP: Readonly<Record<ErrorCategory, ErrorMapping>> = {
  invalid_input: { exit: 6, http: 400, jsonRpc: -32602 },
  verification_failed: { exit: 2, http: 422, jsonRpc: -32002 },
  policy_blocked: { exit: 3, http: 403, jsonRpc: -32003 },
  approval_required: { exit: 4, http: 403, jsonRpc: -32004 },
  dependency_missing: { exit: 7, http: 503, jsonRpc: -32007 },
  io_failure: { exit: 1, http: 500, jsonRpc: -32001 },
  state_contention: { exit: 1, http: 503, jsonRpc: -32005 },
  network_transient: { exit: 1, http: 503, jsonRpc: -32006 },
  network_permanent: { exit: 1, http: 502, jsonRpc: -32008 },
  internal_failure: { exit: 1, http: 500, jsonRpc: -32603 },
};

/** Exit codes that are not errors of a category. */
export const EXIT = {
  ok: 0,
  internal: 1,
  verification: 2,
  blocked: 3,
  approval: 4,
  regress: 5,
  usage: 6,
  dependency: 7,
  unsafe: 8,
} as const;
