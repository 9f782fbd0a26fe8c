/**
 * Reason codes of approvals (spec 02 §7, §9.2; the last five are additions for divergences G13 and G14).
 *
 * @module
 */

/** Why an approval token does not count, in the order of the checks. */
export const APPROVAL_TOKEN_CODES = [
  /** The fields are incomplete or malformed, or there are unknown members. */
  "approval_token_invalid",
  /** There is no signature. */
  "approval_token_signature_missing",
  /** The signature does not cover this text with a trusted key. */
  "approval_token_signature_invalid",
  /** The key that signed is bound to another identity than the token claims. */
  "approval_token_approver_mismatch",
  /** The token approves another intent. */
  "approval_token_intent_mismatch",
  /** The token approves under another policy. */
  "approval_token_policy_mismatch",
  /** The token is not bound to the delegation of the intent. */
  "approval_token_delegation_binding_mismatch",
  /** The token has expired. */
  "approval_token_expired",
  /** The token says that it was created in the future. */
  "approval_token_from_future",
  /** The token lives longer than the rule accepts. */
  "approval_token_ttl_exceeded",
  /** The token's scope does not include the tool. */
  "approval_token_scope_mismatch",
  /** The token was spent before. */
  "approval_token_consumed",
  /** The token was minted before the store of spent tokens was lost. */
  "approval_token_predates_store",
] as const;

/** Why an approval token does not count. */
export type ApprovalTokenCode = typeof APPROVAL_TOKEN_CODES[number];
