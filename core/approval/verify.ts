/**
 * Verifying one approval token (spec 02 §9.2; divergences E6, E10, G14).
 *
 * @module
 */

import type { Duration } from "../base/duration.ts";
import { type Instant, ZERO_INSTANT } from "../base/instant.ts";
import { LIMITS } from "../base/limits.ts";
import { isSha256Hex } from "../digest/hex.ts";
import type { SignPorts } from "../sign/signer.ts";
import type { ApprovalTokenCode } from "./codes.ts";
import type { ApprovalKeys } from "./keys.ts";
import { approvalTokenId } from "./mint.ts";
import {
  APPROVAL_TOKEN_SCHEMA,
  type ApprovalClaims,
  approvalPayload,
  type ApprovalToken,
} from "./token.ts";
import { checkTokenSignature } from "../token/token_signature.ts";

/** What a token must fit. */
export interface ApprovalExpectation {
  /** Keys that count; no other key is ever tried. */
  readonly keys: ApprovalKeys;
  /** The call to be decided, 64 hex digits. */
  readonly intent_digest: string;
  /** The policy in force, 64 hex digits. */
  readonly policy_digest: string;
  /** Chain digest of the intent's delegation; `undefined` when the intent has none. */
  readonly delegation_binding_digest: string | undefined;
  /** Normalised tool name; the scope must hold `tool:<name>` or `*`. */
  readonly tool_name: string;
  /** Time to judge expiry by. */
  readonly now: Instant;
  /** Longest life that the rule accepts, nanoseconds; `undefined` means no limit. */
  readonly maxTtl?: Duration;
  /** Refuse tokens created after `now` (`oss-prod`). */
  readonly refuseFuture?: boolean;
}

/** What became of one token. */
export interface ApprovalCheck {
  /** Whether the token counts for this call. */
  readonly valid: boolean;
  /** Why the token does not count; `undefined` when it does. */
  readonly code: ApprovalTokenCode | undefined;
  /** One phrase for people; "" when the token counts. */
  readonly detail: string;
  /** The token that was checked. */
  readonly token: ApprovalToken;
  /** Digest that was signed, hex; "" until the signature has been verified. */
  readonly signed_digest: string;
  /** Key that signed; "" until the signature has been verified. */
  readonly key_id: string;
}

/** A finding that ends the checks. */
interface Refusal {
  readonly code: ApprovalTokenCode;
  readonly detail: string;
}

/** A refusal. */
function refuse(code: ApprovalTokenCode, detail: string): Refusal {
  return { code, detail };
}

/** Step 1: every field is there and well-formed, and nothing else is. */
function findDefect(token: ApprovalToken): string | undefined {
  const { claims, unknown } = token;
  if (unknown.length > 0) return `unknown member ${unknown[0]}`;
  if (claims.schema_id !== APPROVAL_TOKEN_SCHEMA) return "schema_id is not an approval token's";
  if (claims.schema_version !== "1.0.0") return "schema_version is not supported";
  if (claims.token_id === "") return "token_id is missing";
  if (claims.approver_identity === "") return "approver_identity is missing";
  if (claims.approver_identity.length > LIMITS.approverNameUnits) {
    return `approver_identity is longer than ${LIMITS.approverNameUnits}`;
  }
  if (claims.reason_code === "") return "reason_code is missing";
  if (!isSha256Hex(claims.intent_digest)) return "intent_digest is not sha256 hex";
  if (!isSha256Hex(claims.policy_digest)) return "policy_digest is not sha256 hex";
  const binding = claims.delegation_binding_digest;
  if (binding !== "" && !isSha256Hex(binding)) return "delegation_binding_digest is not sha256 hex";
  if (claims.scope.length === 0) return "scope is empty";
  if (claims.created_at.instant === ZERO_INSTANT) return "created_at is missing";
  if (claims.expires_at.instant === ZERO_INSTANT) return "expires_at is missing";
  return undefined;
}

/** Steps 4 to 6: the token speaks about this call. */
function checkBinding(claims: ApprovalClaims, expected: ApprovalExpectation): Refusal | undefined {
  if (claims.intent_digest !== expected.intent_digest) {
    return refuse("approval_token_intent_mismatch", "the token approves another intent");
  }
  if (claims.policy_digest !== expected.policy_digest) {
    return refuse("approval_token_policy_mismatch", "the token approves under another policy");
  }
  const binding = expected.delegation_binding_digest;
  if (binding !== undefined && claims.delegation_binding_digest !== binding) {
    return refuse(
      "approval_token_delegation_binding_mismatch",
      "the token is not bound to the delegation of the intent",
    );
  }
  return undefined;
}

/** Step 7 and its additions: the token is in its life, and its life is short enough. */
function checkLife(claims: ApprovalClaims, expected: ApprovalExpectation): Refusal | undefined {
  const created = claims.created_at.instant;
  const expires = claims.expires_at.instant;
  const { now, maxTtl } = expected;
  if (now >= expires) {
    return refuse("approval_token_expired", `the token expired at ${claims.expires_at.text}`);
  }
  if (expected.refuseFuture === true && created > now) {
    return refuse("approval_token_from_future", `created_at ${claims.created_at.text} lies ahead`);
  }
  // Counted from now when the token is dated ahead: a future date must not stretch its life.
  const start = created < now ? created : now;
  if (maxTtl !== undefined && expires - start > maxTtl) {
    return refuse("approval_token_ttl_exceeded", "the token lives longer than the rule accepts");
  }
  return undefined;
}

/** Step 8: the scope includes the tool. */
function checkScope(claims: ApprovalClaims, expected: ApprovalExpectation): Refusal | undefined {
  if (claims.scope.includes("*") || claims.scope.includes(`tool:${expected.tool_name}`)) {
    return undefined;
  }
  return refuse("approval_token_scope_mismatch", `the scope lacks tool:${expected.tool_name}`);
}

/**
 * Verifies a token against what one decision needs. The checks run in the order of spec 02 §9.2; the
 * first that fails decides the code. The token id is recomputed after the signature, so that an edited
 * id reads as a broken signature and a wrongly derived one as an invalid token.
 *
 * @param token The token as read.
 * @param expected Keys, digests, tool and time.
 * @param ports Hash and signature scheme.
 */
export async function verifyApprovalToken(
  token: ApprovalToken,
  expected: ApprovalExpectation,
  ports: SignPorts,
): Promise<ApprovalCheck> {
  const { claims, signature, file } = token;
  const failed = (refusal: Refusal, signed = { signed_digest: "", key_id: "" }): ApprovalCheck => ({
    valid: false,
    ...refusal,
    token,
    ...signed,
  });
  const defect = findDefect(token);
  if (defect !== undefined) return failed(refuse("approval_token_invalid", defect));
  if (signature === undefined) {
    return failed(refuse("approval_token_signature_missing", "the token has no signature"));
  }
  const form = { file, payload: approvalPayload(claims), signature };
  // Side by side: with an asynchronous hash this halves the waiting.
  const [check, tokenId] = await Promise.all([
    checkTokenSignature(form, expected.keys.keys, ports),
    approvalTokenId(claims, ports.digester),
  ]);
  if (!check.ok) return failed(refuse("approval_token_signature_invalid", check.detail));
  const signed = { signed_digest: check.signedDigest, key_id: check.key.keyId };
  if (claims.token_id !== tokenId) {
    const detail = "token_id does not follow from the other fields";
    return failed(refuse("approval_token_invalid", detail), signed);
  }
  const refusal = checkApprover(claims, expected.keys, signed.key_id) ??
    checkBinding(claims, expected) ?? checkLife(claims, expected) ?? checkScope(claims, expected);
  if (refusal !== undefined) return failed(refusal, signed);
  return { valid: true, code: undefined, detail: "", token, ...signed };
}

/** A key that is bound to an approver speaks for that approver alone (divergence G14). */
function checkApprover(
  claims: ApprovalClaims,
  keys: ApprovalKeys,
  signedBy: string,
): Refusal | undefined {
  if (keys.kind === "shared") return undefined;
  const bound = keys.keys.some((key) =>
    key.keyId === signedBy && key.identity === claims.approver_identity
  );
  if (bound) return undefined;
  return refuse(
    "approval_token_approver_mismatch",
    "the key that signed is not bound to the approver that the token names",
  );
}
