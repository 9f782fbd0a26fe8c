/**
 * What the verification of a trace found.
 *
 * @module
 */

import type { ErrorCode } from "../base/error_codes.ts";

/** One reason why a trace does not hold. */
export interface TraceFinding {
  /** Code of the catalogue. */
  readonly code: ErrorCode;
  /** Text for people; for signatures one of the fixed strings of spec 01 §6.3. */
  readonly message: string;
}

/** Outcome of a verification. */
export interface TraceReport {
  /** Whether the trace may be relied on: no finding, and signed unless that was waived. */
  readonly ok: boolean;
  /** `verified` only when `ok`; `unsigned` only when a missing signature was waived. */
  readonly signatureStatus: "verified" | "failed" | "unsigned";
  /** `trace_id` as the record claims it; "" when it has none. */
  readonly traceId: string;
  /** `verdict` as the record claims it; "" when it has none. */
  readonly verdict: string;
  /** Whether the record says that it comes from a simulation: then its verdict allowed nothing. */
  readonly simulated?: boolean;
  /** Key that the signature names; "" unless its check ran to the arithmetic. */
  readonly keyId: string;
  /** Every finding, signature first. */
  readonly findings: readonly TraceFinding[];
  /** Members that this version does not know and the signature covers. */
  readonly unknownSignedMembers: readonly string[];
}
