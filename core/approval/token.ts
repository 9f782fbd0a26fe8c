/**
 * Approval tokens (spec 02 §9.1): a signed statement that one approver accepts one intent under one
 * policy, for a limited time and scope.
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";
import { lowerList, trim } from "../base/text_rules.ts";
import type { Signature } from "../sign/signature.ts";
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

/** Schema id of approval tokens. */
export const APPROVAL_TOKEN_SCHEMA = "gait.gate.approval_token";

/** Members of a token file, in file order. */
const MEMBERS: readonly string[] = [
  "schema_id",
  "schema_version",
  "created_at",
  "producer_version",
  "token_id",
  "approver_identity",
  "reason_code",
  "intent_digest",
  "policy_digest",
  "delegation_binding_digest",
  "scope",
  "expires_at",
  "signature",
];

/** What a token says, normalised. Empty strings mean "not given". */
export interface ApprovalClaims {
  /** `gait.gate.approval_token`. */
  readonly schema_id: string;
  /** `1.0.0`. */
  readonly schema_version: string;
  /** Start of the token's life. */
  readonly created_at: TokenTime;
  /** Version of the program that minted it. */
  readonly producer_version: string;
  /** 24 hex digits derived from the other claims. */
  readonly token_id: string;
  /** Who approved, trimmed. */
  readonly approver_identity: string;
  /** Why, trimmed. */
  readonly reason_code: string;
  /** The call that is approved, 64 hex digits. */
  readonly intent_digest: string;
  /** The policy that it is approved under, 64 hex digits. */
  readonly policy_digest: string;
  /** Delegation of the approved call, 64 hex digits. */
  readonly delegation_binding_digest: string;
  /** Lower-cased, sorted, free of duplicates. */
  readonly scope: readonly string[];
  /** The token counts strictly before this time. */
  readonly expires_at: TokenTime;
}

/** A token as read from a file; nothing is verified yet. */
export interface ApprovalToken {
  /** What the token says. */
  readonly claims: ApprovalClaims;
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
 * Reads an approval token. Absent fields and unknown members are no failure here: they are findings of
 * {@linkcode verifyApprovalToken}, with a reason code.
 *
 * @param text Content of the file.
 * @param options `source` names the file in messages.
 * @throws GaitError `json_syntax` and other codes of the JSON reader, `schema_violation` when a member
 *   has the wrong type. On a decision path both mean block.
 */
export function parseApprovalToken(
  text: string | Uint8Array,
  options: { readonly source: string },
): ApprovalToken {
  const file = parseTokenFile(text, options);
  const writtenScope = listMember(file, "scope");
  const claims: ApprovalClaims = {
    schema_id: textMember(file, "schema_id"),
    schema_version: textMember(file, "schema_version"),
    created_at: timeMember(file, "created_at"),
    producer_version: textMember(file, "producer_version"),
    token_id: trim(textMember(file, "token_id")),
    approver_identity: trim(textMember(file, "approver_identity")),
    reason_code: trim(textMember(file, "reason_code")),
    intent_digest: digestText(textMember(file, "intent_digest")),
    policy_digest: digestText(textMember(file, "policy_digest")),
    delegation_binding_digest: digestText(textMember(file, "delegation_binding_digest")),
    scope: lowerList(writtenScope),
    expires_at: timeMember(file, "expires_at"),
  };
  const signature = signatureMember(file);
  return { claims, writtenScope, signature, unknown: unknownMembers(file, MEMBERS), file };
}

/** The signed form of a token: its claims in file order, without signature (spec 02 §12.3). */
export function approvalPayload(claims: ApprovalClaims): JsonObject {
  const binding = claims.delegation_binding_digest;
  return {
    schema_id: claims.schema_id,
    schema_version: claims.schema_version,
    created_at: claims.created_at.text,
    producer_version: claims.producer_version,
    token_id: claims.token_id,
    approver_identity: claims.approver_identity,
    reason_code: claims.reason_code,
    intent_digest: claims.intent_digest,
    policy_digest: claims.policy_digest,
    ...(binding === "" ? {} : { delegation_binding_digest: binding }),
    scope: [...claims.scope],
    expires_at: claims.expires_at.text,
  };
}

/** A token that was just minted. */
export interface MintedApproval {
  /** What the token says. */
  readonly claims: ApprovalClaims;
  /** Covers the claims. */
  readonly signature: Signature;
}

/** Text of a token file, as the reference writes it. */
export function encodeApprovalToken(minted: MintedApproval): string {
  return encodeTokenFile(approvalPayload(minted.claims), minted.signature);
}
