/**
 * Verifying one delegation token (spec 02 §10.2; divergences E6, E10, G6).
 *
 * @module
 */

import { checkTokenSignature, type VerifyKey } from "../token/token_signature.ts";
import { type Instant, ZERO_INSTANT } from "../base/instant.ts";
import { isSha256Hex } from "../digest/hex.ts";
import type { SignPorts } from "../sign/signer.ts";
import type { DelegationTokenCode } from "./codes.ts";
import { delegationTokenId } from "./mint.ts";
import {
  DELEGATION_TOKEN_SCHEMA,
  type DelegationClaims,
  delegationPayload,
  type DelegationToken,
} from "./token.ts";

/** What the scope of a token must include. */
export type ScopeExpectation =
  /** Every one of these, or `*` (`delegate verify --scope`). */
  | { readonly kind: "all"; readonly scopes: readonly string[] }
  /** What one intent needs (divergence G6). */
  | { readonly kind: "intent"; readonly scope_class: string; readonly tool_name: string };

/** What a token must fit; absent members are not compared. */
export interface DelegationExpectation {
  /** Keys that count; no other key is ever tried. */
  readonly keys: readonly VerifyKey[];
  /** Time to judge expiry by. */
  readonly now: Instant;
  /** Who must have handed on authority. */
  readonly delegator_identity?: string;
  /** Who must have received it. */
  readonly delegate_identity?: string;
  /** The call to be decided, 64 hex digits; a token bound to another one fails. */
  readonly intent_digest?: string;
  /** The policy in force, 64 hex digits; a token bound to another one fails. */
  readonly policy_digest?: string;
  /** Refuse tokens that are not bound to an expected digest (`delegate verify`). */
  readonly requireBinding?: boolean;
  /** What the token must be good for. */
  readonly scope?: ScopeExpectation;
}

/** What became of one token. */
export interface DelegationCheck {
  /** Whether the token counts. */
  readonly valid: boolean;
  /** Why the token does not count; `undefined` when it does. */
  readonly code: DelegationTokenCode | undefined;
  /** One phrase for people; "" when the token counts. */
  readonly detail: string;
  /** The token that was checked. */
  readonly token: DelegationToken;
  /** Key that signed; "" until the signature has been verified. */
  readonly key_id: string;
}

/** A finding that ends the checks. */
interface Refusal {
  readonly code: DelegationTokenCode;
  readonly detail: string;
}

/** A refusal. */
function refuse(code: DelegationTokenCode, detail: string): Refusal {
  return { code, detail };
}

/** Every field is there and well-formed, and nothing else is. */
function findDefect(token: DelegationToken): string | undefined {
  const { claims, unknown } = token;
  if (unknown.length > 0) return `unknown member ${unknown[0]}`;
  if (claims.schema_id !== DELEGATION_TOKEN_SCHEMA) return "schema_id is not a delegation token's";
  if (claims.schema_version !== "1.0.0") return "schema_version is not supported";
  if (claims.token_id === "") return "token_id is missing";
  if (claims.delegator_identity === "") return "delegator_identity is missing";
  if (claims.delegate_identity === "") return "delegate_identity is missing";
  if (claims.scope.length === 0) return "scope is empty";
  for (const name of ["intent_digest", "policy_digest"] as const) {
    if (claims[name] !== "" && !isSha256Hex(claims[name])) return `${name} is not sha256 hex`;
  }
  if (claims.created_at.instant === ZERO_INSTANT) return "created_at is missing";
  if (claims.expires_at.instant === ZERO_INSTANT) return "expires_at is missing";
  return undefined;
}

/** Whether a bound digest contradicts the expected one. */
function misbound(bound: string, expected: string | undefined, required: boolean): boolean {
  if (expected === undefined) return false;
  return bound === "" ? required : bound !== expected;
}

/** Identities and digests, in the order of spec 02 §10.2. */
function checkParties(
  claims: DelegationClaims,
  expected: DelegationExpectation,
): Refusal | undefined {
  const { delegator_identity: delegator, delegate_identity: delegate } = expected;
  if (delegator !== undefined && claims.delegator_identity !== delegator) {
    return refuse("delegation_token_delegator_mismatch", "someone else delegated");
  }
  if (delegate !== undefined && claims.delegate_identity !== delegate) {
    return refuse("delegation_token_delegate_mismatch", "someone else was delegated to");
  }
  const required = expected.requireBinding === true;
  if (misbound(claims.intent_digest, expected.intent_digest, required)) {
    return refuse("delegation_token_intent_mismatch", "the token is not bound to this intent");
  }
  if (misbound(claims.policy_digest, expected.policy_digest, required)) {
    return refuse("delegation_token_policy_mismatch", "the token is not bound to this policy");
  }
  return undefined;
}

/** Whether the scope includes what is asked for (divergence G6). */
function scopeFits(claims: DelegationClaims, expected: ScopeExpectation): boolean {
  const { scope, scope_class } = claims;
  const any = scope.includes("*");
  if (expected.kind === "all") return any || expected.scopes.every((one) => scope.includes(one));
  if (scope_class !== "" && scope_class !== expected.scope_class) return false;
  const byClass = expected.scope_class !== "" && scope.includes(expected.scope_class);
  return any || byClass || scope.includes(`tool:${expected.tool_name}`);
}

/**
 * Verifies a token. The checks run in the order of spec 02 §10.2; the first that fails decides the code.
 * The token id is recomputed after the signature.
 *
 * @param token The token as read.
 * @param expected Keys, time, and what the token must say.
 * @param ports Hash and signature scheme.
 */
export async function verifyDelegationToken(
  token: DelegationToken,
  expected: DelegationExpectation,
  ports: SignPorts,
): Promise<DelegationCheck> {
  const { claims, signature, file } = token;
  const failed = (refusal: Refusal, key_id = ""): DelegationCheck => ({
    valid: false,
    ...refusal,
    token,
    key_id,
  });
  const defect = findDefect(token);
  if (defect !== undefined) return failed(refuse("delegation_token_invalid", defect));
  if (signature === undefined) {
    return failed(refuse("delegation_token_signature_missing", "the token has no signature"));
  }
  const form = { file, payload: delegationPayload(claims), signature };
  // Side by side: with an asynchronous hash this halves the waiting.
  const [check, tokenId] = await Promise.all([
    checkTokenSignature(form, expected.keys, ports),
    delegationTokenId(claims, ports.digester),
  ]);
  if (!check.ok) return failed(refuse("delegation_token_signature_invalid", check.detail));
  const key_id = check.key.keyId;
  if (claims.token_id !== tokenId) {
    const detail = "token_id does not follow from the other fields";
    return failed(refuse("delegation_token_invalid", detail), key_id);
  }
  if (expected.now >= claims.expires_at.instant) {
    const detail = `the token expired at ${claims.expires_at.text}`;
    return failed(refuse("delegation_token_expired", detail), key_id);
  }
  const refusal = checkParties(claims, expected);
  if (refusal !== undefined) return failed(refusal, key_id);
  if (expected.scope !== undefined && !scopeFits(claims, expected.scope)) {
    const detail = "the scope does not include what is asked for";
    return failed(refuse("delegation_token_scope_mismatch", detail), key_id);
  }
  return { valid: true, code: undefined, detail: "", token, key_id };
}
