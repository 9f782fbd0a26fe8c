/**
 * Minting approval tokens (spec 02 §9.1, §15.6).
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { formatInstant } from "../base/instant.ts";
import { LIMITS } from "../base/limits.ts";
import { trim } from "../base/text_rules.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import type { Digester } from "../ports/digest.ts";
import { signDigest } from "../sign/signature.ts";
import {
  type MintOptions,
  readBoundDigest,
  tokenIdOf,
  tokenLife,
  type TokenTerms,
} from "../token/token_terms.ts";
import {
  APPROVAL_TOKEN_SCHEMA,
  type ApprovalClaims,
  approvalPayload,
  type MintedApproval,
} from "./token.ts";

/** What an approver signs. */
export interface ApprovalRequest extends TokenTerms {
  /** The call that is approved, 64 hex digits. */
  readonly intent_digest: string;
  /** The policy that it is approved under, 64 hex digits. */
  readonly policy_digest: string;
  /** Chain digest of the intent's delegation; "" when it has none. */
  readonly delegation_binding_digest: string;
  /** Who approves; trimmed, never empty. */
  readonly approver_identity: string;
  /** Why, e.g. a ticket number; trimmed, never empty. */
  readonly reason_code: string;
}

/**
 * Id of an approval token: digest over digests, approver, reason, scope and expiry (spec 02 §9.1).
 *
 * @param claims The token's claims; `token_id` itself is not read.
 * @param digester Computes SHA-256.
 * @returns 24 hex digits.
 */
export function approvalTokenId(
  claims: Omit<ApprovalClaims, "token_id">,
  digester: Digester,
): Promise<string> {
  return tokenIdOf([
    claims.intent_digest,
    claims.policy_digest,
    claims.approver_identity,
    claims.reason_code,
    claims.scope.join(","),
    formatInstant(claims.expires_at.instant),
  ], digester);
}

/** The checks that follow loading the key, in the order of the command (spec 02 §15.6). */
function checkedRequest(request: ApprovalRequest): ApprovalRequest {
  const intent_digest = readBoundDigest("intent_digest", request.intent_digest);
  const policy_digest = readBoundDigest("policy_digest", request.policy_digest);
  const binding = request.delegation_binding_digest;
  const optional = { optional: true };
  const delegation_binding_digest = readBoundDigest("delegation_binding_digest", binding, optional);
  const approver_identity = trim(request.approver_identity);
  if (approver_identity === "") {
    throw new GaitError("invalid_input", "approver identity is required");
  }
  if (approver_identity.length > LIMITS.approverNameUnits) {
    const limit = `at most ${LIMITS.approverNameUnits} characters`;
    throw new GaitError("invalid_input", `approver identity is too long: ${limit}`);
  }
  const reason_code = trim(request.reason_code);
  if (reason_code === "") throw new GaitError("invalid_input", "reason code is required");
  return {
    ...request,
    intent_digest,
    policy_digest,
    delegation_binding_digest,
    approver_identity,
    reason_code,
  };
}

/**
 * Mints an approval token.
 *
 * @param request What is approved; terms come from {@linkcode readTokenTerms}.
 * @param options Key, hash, time and version.
 * @throws GaitError `invalid_input` with the text of the first failing check; `signer_failed`
 *
 * @example
 * ```ts
 * import {
 *   encodeApprovalToken,
 *   mintApprovalToken,
 *   parseApprovalToken,
 *   readTokenTerms,
 *   signerFromSeed,
 *   verifyApprovalToken,
 *   verifyKey,
 *   webDigester,
 *   webEd25519,
 * } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const ports = { digester: webDigester, ed25519: webEd25519 };
 * const alice = await signerFromSeed(crypto.getRandomValues(new Uint8Array(32)), ports);
 * const now = BigInt(Date.now()) * 1_000_000n;
 * const call = { intent_digest: "1".repeat(64), policy_digest: "2".repeat(64) };
 * const minted = await mintApprovalToken({
 *   ...readTokenTerms({ ttl: "30m", scope: ["tool:pay.send"] }),
 *   ...call,
 *   delegation_binding_digest: "",
 *   approver_identity: "alice",
 *   reason_code: "invoice-7",
 * }, { signer: alice, digester: webDigester, now, version: "example" });
 *
 * const token = parseApprovalToken(encodeApprovalToken(minted), { source: "approval.json" });
 * const expected = {
 *   ...call,
 *   keys: { kind: "shared", keys: [await verifyKey(alice.publicKey, webDigester)] },
 *   delegation_binding_digest: undefined,
 *   now,
 * } as const;
 * const good = await verifyApprovalToken(token, { ...expected, tool_name: "pay.send" }, ports);
 * assertEquals(good.valid, true);
 * const other = await verifyApprovalToken(token, { ...expected, tool_name: "db.drop" }, ports);
 * assertEquals(other.code, "approval_token_scope_mismatch");
 * ```
 */
export async function mintApprovalToken(
  request: ApprovalRequest,
  options: MintOptions,
): Promise<MintedApproval> {
  const checked = checkedRequest(request);
  const life = tokenLife(checked, options.now);
  const draft = {
    schema_id: APPROVAL_TOKEN_SCHEMA,
    schema_version: "1.0.0",
    created_at: life.created_at,
    producer_version: options.version,
    approver_identity: checked.approver_identity,
    reason_code: checked.reason_code,
    intent_digest: checked.intent_digest,
    policy_digest: checked.policy_digest,
    delegation_binding_digest: checked.delegation_binding_digest,
    scope: checked.scope,
    expires_at: life.expires_at,
  };
  const claims = { ...draft, token_id: await approvalTokenId(draft, options.digester) };
  const digest = await options.digester.sha256(utf8(canonicalize(approvalPayload(claims))));
  return { claims, signature: await signDigest(digest, options.signer) };
}
