/**
 * What delegation tokens do to a decision (spec 02 §10.3; divergence G6).
 *
 * @module
 */

import type { VerifyKey } from "../token/token_signature.ts";
import { type Instant, parseTimestamp, ZERO_TIME } from "../base/instant.ts";
import { sortedSet } from "../base/text_rules.ts";
import type { Delegation, NormalizedIntent } from "../intent/intent.ts";
import type { SignPorts } from "../sign/signer.ts";
import type { DelegationToken } from "./token.ts";
import {
  type DelegationCheck,
  type DelegationExpectation,
  verifyDelegationToken,
} from "./verify.ts";

/** The intent and what its delegation is judged against. */
export interface DelegationCase {
  /** The intent, normalised. */
  readonly intent: Pick<NormalizedIntent, "tool_name" | "delegation">;
  /** Its digest, 64 hex digits. */
  readonly intent_digest: string;
  /** Digest of the policy in force, 64 hex digits. */
  readonly policy_digest: string;
  /** Whether the matched rule says `require_delegation`. */
  readonly required: boolean;
  /** Keys that count; no other key is ever tried. */
  readonly keys: readonly VerifyKey[];
  /** Time to judge expiry by. */
  readonly now: Instant;
}

/** The outcome for one decision. */
export interface DelegationOutcome {
  /**
   * `granted`: at least one token is valid. `not_required`: the rule does not ask and none was shown.
   * `missing` and `insufficient` mean block.
   */
  readonly kind: "granted" | "not_required" | "missing" | "insufficient";
  /** Sorted; includes the codes of every token that failed, even when another is valid. */
  readonly reason_codes: readonly string[];
  /** `delegation_not_granted`, or nothing. */
  readonly violations: readonly string[];
  /** Number of valid tokens, each counted once. */
  readonly valid: number;
  /** Ids of the valid tokens, sorted and joined with commas; "" when there are none. */
  readonly delegation_ref: string;
  /** Outcome of every presented token. */
  readonly checks: readonly DelegationCheck[];
}

/** Whether a time of the intent's delegation lies in the past; the zero time means "not given". */
function isPast(text: string, now: Instant): boolean {
  return text !== ZERO_TIME && text !== "" && now >= (parseTimestamp(text)?.instant ?? now);
}

/**
 * Looks for what is wrong with the chain in the intent itself: its links must follow one another and end
 * at the requester, and nothing in it may have expired. The reference looks at neither.
 *
 * @param delegation The normalised delegation of the intent.
 * @param now Present time.
 * @returns `delegation_chain_broken`, `delegation_chain_expired`, both or nothing.
 */
export function chainFindings(delegation: Delegation, now: Instant): string[] {
  const { chain, requester_identity } = delegation;
  const broken = chain.some((link, index) => {
    const next = chain[index + 1]?.delegator_identity ?? requester_identity;
    return link.delegate_identity !== next;
  });
  const expired = isPast(delegation.expires_at, now) ||
    chain.some((link) => isPast(link.expires_at, now));
  return [
    ...(broken ? ["delegation_chain_broken"] : []),
    ...(expired ? ["delegation_chain_expired"] : []),
  ];
}

/** What every token of one decision must say (spec 02 §10.3 step 3). */
function expectationOf(one: DelegationCase): DelegationExpectation {
  const { intent, intent_digest, policy_digest, keys, now } = one;
  const delegator = intent.delegation?.chain.at(-1)?.delegator_identity;
  return {
    keys,
    now,
    intent_digest,
    policy_digest,
    delegate_identity: intent.delegation?.requester_identity ?? "",
    ...(delegator === undefined ? {} : { delegator_identity: delegator }),
    scope: {
      kind: "intent",
      scope_class: intent.delegation?.scope_class ?? "",
      tool_name: intent.tool_name,
    },
  };
}

/** An outcome without any token. */
function withoutTokens(required: boolean): DelegationOutcome {
  return {
    kind: required ? "missing" : "not_required",
    reason_codes: required ? ["delegation_token_missing"] : [],
    violations: required ? ["delegation_not_granted"] : [],
    valid: 0,
    delegation_ref: "",
    checks: [],
  };
}

/**
 * Verifies the presented tokens for one decision. Presented tokens are verified whether or not the rule
 * asks for them: showing only invalid ones blocks. The caller skips this for a call that is blocked
 * already, as for approvals.
 *
 * @param tokens The tokens as read.
 * @param one The intent, its digests, the rule's demand, keys and time.
 * @param ports Hash and signature scheme.
 *
 * @example
 * ```ts
 * import { verifyDelegation, webDigester, webEd25519 } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const outcome = await verifyDelegation([], {
 *   intent: { tool_name: "file.read", delegation: undefined },
 *   intent_digest: "1".repeat(64),
 *   policy_digest: "2".repeat(64),
 *   required: true,
 *   keys: [],
 *   now: BigInt(Date.now()) * 1_000_000n,
 * }, { digester: webDigester, ed25519: webEd25519 });
 * assertEquals(outcome.kind, "missing"); // the call is blocked
 * ```
 */
export async function verifyDelegation(
  tokens: readonly DelegationToken[],
  one: DelegationCase,
  ports: SignPorts,
): Promise<DelegationOutcome> {
  if (tokens.length === 0) return withoutTokens(one.required);
  const expected = expectationOf(one);
  const checks: DelegationCheck[] = [];
  for (const token of tokens) checks.push(await verifyDelegationToken(token, expected, ports));
  const ids = sortedSet(checks.filter((check) => check.valid).map((c) => c.token.claims.token_id));
  const { delegation } = one.intent;
  const findings = delegation === undefined ? [] : chainFindings(delegation, one.now);
  const granted = ids.length > 0 && findings.length === 0;
  const codes: string[] = checks.flatMap((check) => check.code === undefined ? [] : [check.code]);
  codes.push(...findings, granted ? "delegation_granted" : "delegation_chain_insufficient");
  return {
    kind: granted ? "granted" : "insufficient",
    reason_codes: sortedSet(codes),
    violations: granted ? [] : ["delegation_not_granted"],
    valid: granted ? ids.length : 0,
    delegation_ref: granted ? ids.join(",") : "",
    checks,
  };
}
