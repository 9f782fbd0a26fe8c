/**
 * Delegation tokens (spec 02 §10.1): a signed statement that one identity lets another act for it, within
 * a scope and for a limited time.
 *
 * @module
 */

import {
  digestText,
  encodeTokenFile,
  listMember,
  parseTokenFile,
  signatureMember,
  textMember,
  timeMember,
  type TokenFile,
  type TokenTime,
  unknownMembers,
} from "../token/token_file.ts";
import type { JsonObject } from "../base/json_value.ts";
import { lower, lowerList, trim } from "../base/text_rules.ts";
import type { Signature } from "../sign/signature.ts";

/** Schema id of delegation tokens. */
export const DELEGATION_TOKEN_SCHEMA = "gait.gate.delegation_token";

/** Members of a token file, in file order. */
const MEMBERS: readonly string[] = [
  "schema_id",
  "schema_version",
  "created_at",
  "producer_version",
  "token_id",
  "delegator_identity",
  "delegate_identity",
  "scope",
  "scope_class",
  "intent_digest",
  "policy_digest",
  "expires_at",
  "signature",
];

/** What a token says, normalised. Empty strings mean "not given". */
export interface DelegationClaims {
  /** `gait.gate.delegation_token`. */
  readonly schema_id: string;
  /** `1.0.0`. */
  readonly schema_version: string;
  /** Start of the token's life. */
  readonly created_at: TokenTime;
  /** Version of the program that minted it. */
  readonly producer_version: string;
  /** 24 hex digits derived from the other claims. */
  readonly token_id: string;
  /** Who handed on authority, trimmed. */
  readonly delegator_identity: string;
  /** Who received it, trimmed. */
  readonly delegate_identity: string;
  /** Lower-cased, sorted, free of duplicates. */
  readonly scope: readonly string[];
  /** Class of intents that the token is limited to, lower-case. */
  readonly scope_class: string;
  /** Intent that the token is bound to, 64 hex digits. */
  readonly intent_digest: string;
  /** Policy that the token is bound to, 64 hex digits. */
  readonly policy_digest: string;
  /** The token counts strictly before this time. */
  readonly expires_at: TokenTime;
}

/** A token as read from a file; nothing is verified yet. */
export interface DelegationToken {
  /** What the token says. */
  readonly claims: DelegationClaims;
  /** Scope as written, for the audit record. */
  readonly writtenScope: readonly string[];
  /** The signature object as found; `undefined` when there is none. */
  readonly signature: JsonObject | undefined;
  /** Members that no field explains. */
  readonly unknown: readonly string[];
  /** The file itself. */
  readonly file: TokenFile;
}

/**
 * Reads a delegation token. Absent fields and unknown members are findings of
 * {@linkcode verifyDelegationToken}, with a reason code.
 *
 * @param text Content of the file.
 * @param options `source` names the file in messages.
 * @throws GaitError `json_syntax` and other codes of the JSON reader, `schema_violation` when a member
 *   has the wrong type. On a decision path both mean block.
 */
export function parseDelegationToken(
  text: string | Uint8Array,
  options: { readonly source: string },
): DelegationToken {
  const file = parseTokenFile(text, options);
  const writtenScope = listMember(file, "scope");
  const claims: DelegationClaims = {
    schema_id: textMember(file, "schema_id"),
    schema_version: textMember(file, "schema_version"),
    created_at: timeMember(file, "created_at"),
    producer_version: textMember(file, "producer_version"),
    token_id: trim(textMember(file, "token_id")),
    delegator_identity: trim(textMember(file, "delegator_identity")),
    delegate_identity: trim(textMember(file, "delegate_identity")),
    scope: lowerList(writtenScope),
    scope_class: lower(trim(textMember(file, "scope_class"))),
    intent_digest: digestText(textMember(file, "intent_digest")),
    policy_digest: digestText(textMember(file, "policy_digest")),
    expires_at: timeMember(file, "expires_at"),
  };
  const signature = signatureMember(file);
  return { claims, writtenScope, signature, unknown: unknownMembers(file, MEMBERS), file };
}

/** The signed form of a token: its claims in file order, without signature (spec 02 §12.3). */
export function delegationPayload(claims: DelegationClaims): JsonObject {
  const { scope_class, intent_digest, policy_digest } = claims;
  return {
    schema_id: claims.schema_id,
    schema_version: claims.schema_version,
    created_at: claims.created_at.text,
    producer_version: claims.producer_version,
    token_id: claims.token_id,
    delegator_identity: claims.delegator_identity,
    delegate_identity: claims.delegate_identity,
    scope: [...claims.scope],
    ...(scope_class === "" ? {} : { scope_class }),
    ...(intent_digest === "" ? {} : { intent_digest }),
    ...(policy_digest === "" ? {} : { policy_digest }),
    expires_at: claims.expires_at.text,
  };
}

/** A token that was just minted. */
export interface MintedDelegation {
  /** What the token says. */
  readonly claims: DelegationClaims;
  /** Covers the claims. */
  readonly signature: Signature;
}

/** Text of a token file, as the reference writes it. */
export function encodeDelegationToken(minted: MintedDelegation): string {
  return encodeTokenFile(delegationPayload(minted.claims), minted.signature);
}
