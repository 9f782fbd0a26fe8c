/**
 * What the catalogue of error codes says about each.
 *
 * @module
 */

/** What kind of failure a code belongs to (spec 01 §2.2). */
export type ErrorCategory =
  | "invalid_input"
  | "verification_failed"
  | "policy_blocked"
  | "approval_required"
  | "dependency_missing"
  | "io_failure"
  | "state_contention"
  | "network_transient"
  | "network_permanent"
  | "internal_failure";

/** One row of the catalogue. */
export interface ErrorCodeEntry {
  /** Category, which alone decides how the failure is reported to the outside. */
  readonly category: ErrorCategory;
  /** What happened, for the documentation. */
  readonly summary: string;
  /** What to do about it, used when the failure carries no better hint. */
  readonly hint: string;
}
