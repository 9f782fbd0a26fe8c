/**
 * The delegation audit record (spec 02 §10.4).
 *
 * @module
 */

import { type AuditHead, compareTexts, unlessEmpty } from "../token/audit_parts.ts";
import { formatInstant } from "../base/instant.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { uniqueSorted } from "../base/text_rules.ts";
import type { DelegationOutcome } from "./decide.ts";
import type { DelegationCheck } from "./verify.ts";

/** One presented token; members are absent when empty. */
export interface DelegationAuditEntry {
  readonly token_id?: string;
  readonly delegator_identity?: string;
  readonly delegate_identity?: string;
  readonly scope?: readonly string[];
  /** UTC. */
  readonly expires_at: string;
  readonly valid: boolean;
  readonly error_code?: string;
}

/** Record `gait.gate.delegation_audit_record`; members in file order. */
export interface DelegationAuditRecord {
  readonly schema_id: "gait.gate.delegation_audit_record";
  readonly schema_version: "1.0.0";
  /** Time of the gate result, UTC RFC 3339. */
  readonly created_at: string;
  readonly producer_version: string;
  readonly trace_id: string;
  readonly tool_name: string;
  readonly intent_digest: string;
  readonly policy_digest: string;
  readonly delegation_required: boolean;
  readonly valid_delegations: number;
  readonly delegated: boolean;
  readonly delegation_ref?: string;
  readonly entries: readonly DelegationAuditEntry[];
}

/** The entry of one presented token. */
function entryOf(check: DelegationCheck): DelegationAuditEntry {
  const { claims, writtenScope } = check.token;
  const scope = uniqueSorted(writtenScope);
  return {
    ...unlessEmpty("token_id", claims.token_id),
    ...unlessEmpty("delegator_identity", claims.delegator_identity),
    ...unlessEmpty("delegate_identity", claims.delegate_identity),
    ...(scope.length === 0 ? {} : { scope }),
    expires_at: formatInstant(claims.expires_at.instant),
    valid: check.valid,
    ...unlessEmpty("error_code", check.code ?? ""),
  };
}

/** Order of entries: delegator, delegate, token id; then expiry, so that copies sort the same way. */
function sortKey(entry: DelegationAuditEntry): string[] {
  return [
    entry.delegator_identity ?? "",
    entry.delegate_identity ?? "",
    entry.token_id ?? "",
    entry.expires_at,
  ];
}

/**
 * Builds the audit record of a decision that asked for a delegation or was shown a token.
 *
 * @param outcome What {@linkcode verifyDelegation} found.
 * @param required Whether the rule asked for a delegation.
 * @param head Trace and digests.
 */
export function delegationAudit(
  outcome: DelegationOutcome,
  options: { readonly required: boolean },
  head: AuditHead,
): DelegationAuditRecord {
  const entries = outcome.checks.map(entryOf)
    .sort((a, b) => compareTexts(sortKey(a), sortKey(b)));
  return {
    schema_id: "gait.gate.delegation_audit_record",
    schema_version: "1.0.0",
    created_at: head.created_at,
    producer_version: head.producer_version,
    trace_id: head.trace_id,
    tool_name: head.tool_name,
    intent_digest: head.intent_digest,
    policy_digest: head.policy_digest,
    delegation_required: options.required,
    valid_delegations: outcome.valid,
    delegated: outcome.valid > 0,
    ...unlessEmpty("delegation_ref", outcome.delegation_ref),
    entries,
  };
}

/** Text of an audit record's file: two-space indentation, final newline (spec 02 §1.5). */
export function encodeDelegationAudit(record: DelegationAuditRecord): string {
  return encodeJsonPretty(record);
}
