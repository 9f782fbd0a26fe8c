/**
 * Reason codes of delegation tokens (spec 02 §7, §10.2).
 *
 * @module
 */

/** Why a delegation token does not count, in the order of the checks. */
export const DELEGATION_TOKEN_CODES = [
  /** The fields are incomplete or malformed, or there are unknown members. */
  "delegation_token_invalid",
  /** There is no signature. */
  "delegation_token_signature_missing",
  /** The signature does not cover this text with a trusted key. */
  "delegation_token_signature_invalid",
  /** The token has expired. */
  "delegation_token_expired",
  /** Someone else delegated. */
  "delegation_token_delegator_mismatch",
  /** Someone else was delegated to. */
  "delegation_token_delegate_mismatch",
  /** The token is bound to another intent, or not bound where it must be. */
  "delegation_token_intent_mismatch",
  /** The token is bound to another policy, or not bound where it must be. */
  "delegation_token_policy_mismatch",
  /** The token's scope does not include what is asked for. */
  "delegation_token_scope_mismatch",
] as const;

/** Why a delegation token does not count. */
export type DelegationTokenCode = typeof DELEGATION_TOKEN_CODES[number];
