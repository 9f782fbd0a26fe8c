/**
 * Minting delegation tokens (spec 02 §10.1, §15.7).
 *
 * @module
 */

import {
  type MintOptions,
  readBoundDigest,
  tokenIdOf,
  tokenLife,
  type TokenTerms,
} from "../token/token_terms.ts";
import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { formatInstant } from "../base/instant.ts";
import { lower, trim } from "../base/text_rules.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import type { Digester } from "../ports/digest.ts";
import { signDigest } from "../sign/signature.ts";
import {
  DELEGATION_TOKEN_SCHEMA,
  type DelegationClaims,
  delegationPayload,
  type MintedDelegation,
} from "./token.ts";

/** What a delegator signs. Empty strings mean "not given". */
export interface DelegationRequest extends TokenTerms {
  /** Who hands on authority; trimmed, never empty. */
  readonly delegator_identity: string;
  /** Who receives it; trimmed, never empty. */
  readonly delegate_identity: string;
  /** Limits the token to intents of this class, lower-case. */
  readonly scope_class: string;
  /** Binds the token to one intent. */
  readonly intent_digest: string;
  /** Binds the token to one policy. */
  readonly policy_digest: string;
}

/**
 * Id of a delegation token: digest over identities, scope, bound digests and expiry (spec 02 §10.1).
 *
 * @param claims The token's claims; `token_id` itself is not read.
 * @param digester Computes SHA-256.
 * @returns 24 hex digits.
 */
export function delegationTokenId(
  claims: Omit<DelegationClaims, "token_id">,
  digester: Digester,
): Promise<string> {
  return tokenIdOf([
    claims.delegator_identity,
    claims.delegate_identity,
    claims.scope.join(","),
    claims.scope_class,
    claims.intent_digest,
    claims.policy_digest,
    formatInstant(claims.expires_at.instant),
  ], digester);
}

/**
 * Mints a delegation token.
 *
 * @param request Who delegates what; terms come from {@linkcode readTokenTerms}.
 * @param options Key, hash, time and version.
 * @throws GaitError `invalid_input` with the text of the first failing check; `signer_failed`
 *
 * @example
 * ```ts
 * import {
 *   encodeDelegationToken,
 *   mintDelegationToken,
 *   parseDelegationToken,
 *   readTokenTerms,
 *   signerFromSeed,
 *   verifyDelegationToken,
 *   verifyKey,
 *   webDigester,
 *   webEd25519,
 * } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const ports = { digester: webDigester, ed25519: webEd25519 };
 * const lead = await signerFromSeed(crypto.getRandomValues(new Uint8Array(32)), ports);
 * const now = BigInt(Date.now()) * 1_000_000n;
 * const minted = await mintDelegationToken({
 *   ...readTokenTerms({ ttl: "1h", scope: ["write"] }),
 *   delegator_identity: "lead",
 *   delegate_identity: "worker",
 *   scope_class: "write",
 *   intent_digest: "",
 *   policy_digest: "",
 * }, { signer: lead, digester: webDigester, now, version: "example" });
 *
 * const token = parseDelegationToken(encodeDelegationToken(minted), { source: "delegation.json" });
 * const keys = [await verifyKey(lead.publicKey, webDigester)];
 * const check = await verifyDelegationToken(token, {
 *   keys,
 *   now: now + 2n * 3_600_000_000_000n,
 *   delegate_identity: "worker",
 * }, ports);
 * assertEquals(check.code, "delegation_token_expired");
 * ```
 */
export async function mintDelegationToken(
  request: DelegationRequest,
  options: MintOptions,
): Promise<MintedDelegation> {
  const optional = { optional: true };
  const delegator_identity = trim(request.delegator_identity);
  const delegate_identity = trim(request.delegate_identity);
  if (delegator_identity === "" || delegate_identity === "") {
    throw new GaitError("invalid_input", "delegator and delegate identities are required");
  }
  const life = tokenLife(request, options.now);
  const draft = {
    schema_id: DELEGATION_TOKEN_SCHEMA,
    schema_version: "1.0.0",
    created_at: life.created_at,
    producer_version: options.version,
    delegator_identity,
    delegate_identity,
    scope: request.scope,
    scope_class: lower(trim(request.scope_class)),
    intent_digest: readBoundDigest("intent_digest", request.intent_digest, optional),
    policy_digest: readBoundDigest("policy_digest", request.policy_digest, optional),
    expires_at: life.expires_at,
  };
  const claims = { ...draft, token_id: await delegationTokenId(draft, options.digester) };
  const digest = await options.digester.sha256(utf8(canonicalize(delegationPayload(claims))));
  return { claims, signature: await signDigest(digest, options.signer) };
}
