/**
 * Whether the presented approvals suffice (spec 02 §9.4; divergence G5).
 *
 * @module
 */

import { lower, sortedSet, trim } from "../base/text_rules.ts";
import type { ApprovalTokenCode } from "./codes.ts";
import type { ApprovalCheck } from "./verify.ts";

/** The outcome for one decision. */
export interface ApprovalTally {
  /** Approvals that the rule asks for, at least 1. */
  readonly required: number;
  /** Presented tokens that verified; copies of one token are reported here, but count once. */
  readonly valid: number;
  /** Approvals that count: once per token id, signed digest and approver. */
  readonly counted: number;
  /** Whether `counted` reaches `required`. */
  readonly granted: boolean;
  /** Sorted; includes the codes of every token that failed, even when the others suffice. */
  readonly reason_codes: readonly string[];
  /** `approval_not_granted`, or nothing. */
  readonly violations: readonly string[];
  /** Ids of the valid tokens, sorted and joined with commas; "" unless granted. */
  readonly approval_ref: string;
  /** The valid tokens, each once: what single use spends together. */
  readonly tokens: readonly ApprovalCheck[];
}

/**
 * The identity under which an approver counts. Letter case, compatibility forms and invisible characters
 * do not make two people of one.
 */
function approverKey(check: ApprovalCheck): string {
  const plain = check.token.claims.approver_identity.normalize("NFKC");
  return trim(lower(plain.replace(/\p{Default_Ignorable_Code_Point}/gu, "")));
}

/** Valid tokens without copies. */
function withoutCopies(checks: readonly ApprovalCheck[]): ApprovalCheck[] {
  const seen = new Set<string>();
  return checks.filter(({ token, signed_digest }) => {
    const names = [`id:${token.claims.token_id}`, `digest:${signed_digest}`];
    const copy = names.some((name) => seen.has(name));
    names.forEach((name) => seen.add(name));
    return !copy;
  });
}

/**
 * Counts approvals for a rule. When none was presented the code is `approval_token_missing`; otherwise
 * too few valid tokens give `approval_chain_insufficient`, and too few different approvers give
 * `approval_distinct_approvers_required` where more than one approval is asked for.
 *
 * @param checks Outcomes of all presented tokens.
 * @param rule `min_approvals` of the rule.
 *
 * @example
 * ```ts
 * import { countApprovals } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const tally = countApprovals([], { min_approvals: 2 });
 * assertEquals(tally.granted, false);
 * assertEquals(tally.reason_codes, ["approval_token_missing"]);
 * ```
 */
export function countApprovals(
  checks: readonly ApprovalCheck[],
  rule: { readonly min_approvals: number },
): ApprovalTally {
  const required = Math.max(1, rule.min_approvals);
  const verified = checks.filter((check) => check.valid);
  const tokens = withoutCopies(verified);
  const counted = new Set(tokens.map(approverKey)).size;
  const granted = counted >= required;
  const codes: string[] = checks
    .map((check) => check.code)
    .filter((code): code is ApprovalTokenCode => code !== undefined);
  if (granted) codes.push("approval_granted");
  else if (checks.length === 0) codes.push("approval_token_missing");
  else {
    if (verified.length < required) codes.push("approval_chain_insufficient");
    if (required > 1) codes.push("approval_distinct_approvers_required");
  }
  return {
    required,
    valid: verified.length,
    counted,
    granted,
    reason_codes: sortedSet(codes),
    violations: granted ? [] : ["approval_not_granted"],
    approval_ref: granted
      ? sortedSet(tokens.map((check) => check.token.claims.token_id)).join(",")
      : "",
    tokens,
  };
}
