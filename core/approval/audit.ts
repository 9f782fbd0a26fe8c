/**
 * The approval audit record (spec 02 §9.5).
 *
 * @module
 */

import { formatInstant } from "../base/instant.ts";
import { encodeJsonPretty } from "../base/json_text.ts";
import { uniqueSorted } from "../base/text_rules.ts";
import { type AuditHead, compareTexts, unlessEmpty } from "../token/audit_parts.ts";
import type { ApprovalTally } from "./count.ts";
import type { ApprovalCheck } from "./verify.ts";

/** One presented token; members are absent when empty. */
export interface ApprovalAuditEntry {
  readonly token_id?: string;
  readonly approver_identity?: string;
  readonly reason_code?: string;
  readonly scope?: readonly string[];
  /** UTC. */
  readonly expires_at: string;
  readonly valid: boolean;
  readonly error_code?: string;
}

/** Record `gait.gate.approval_audit_record`; members in file order. */
export interface ApprovalAuditRecord {
  readonly schema_id: "gait.gate.approval_audit_record";
  readonly schema_version: "1.0.0";
  /** Time of the gate result, UTC RFC 3339. */
  readonly created_at: string;
  readonly producer_version: string;
  readonly trace_id: string;
  readonly tool_name: string;
  readonly intent_digest: string;
  readonly policy_digest: string;
  readonly required_approvals: number;
  readonly valid_approvals: number;
  /** Whether the approvals suffice, different approvers included. */
  readonly approved: boolean;
  /** Approvers of the valid tokens; absent when there are none. */
  readonly approvers?: readonly string[];
  /** Never `null`. */
  readonly entries: readonly ApprovalAuditEntry[];
}

/** The entry of one presented token. */
function entryOf(check: ApprovalCheck): ApprovalAuditEntry {
  const { claims, writtenScope } = check.token;
  const scope = uniqueSorted(writtenScope);
  return {
    ...unlessEmpty("token_id", claims.token_id),
    ...unlessEmpty("approver_identity", claims.approver_identity),
    ...unlessEmpty("reason_code", claims.reason_code),
    ...(scope.length === 0 ? {} : { scope }),
    expires_at: formatInstant(claims.expires_at.instant),
    valid: check.valid,
    ...unlessEmpty("error_code", check.code ?? ""),
  };
}

/** Order of entries: token id, approver, reason, expiry, scope. */
function sortKey(entry: ApprovalAuditEntry): string[] {
  return [
    entry.token_id ?? "",
    entry.approver_identity ?? "",
    entry.reason_code ?? "",
    entry.expires_at,
    (entry.scope ?? []).join(","),
  ];
}

/**
 * Builds the audit record of a decision that asked for approvals or was shown any.
 *
 * @param checks Outcomes of all presented tokens; copies are listed each.
 * @param tally What {@linkcode countApprovals} made of them, or `required` alone when they were not
 *   looked at.
 * @param head Trace and digests.
 */
export function approvalAudit(
  checks: readonly ApprovalCheck[],
  tally: Pick<ApprovalTally, "required"> & Partial<Pick<ApprovalTally, "valid" | "granted">>,
  head: AuditHead,
): ApprovalAuditRecord {
  const valid = checks.filter((check) => check.valid);
  const approvers = uniqueSorted(valid.map((check) => check.token.claims.approver_identity));
  const entries = checks.map(entryOf).sort((a, b) => compareTexts(sortKey(a), sortKey(b)));
  return {
    schema_id: "gait.gate.approval_audit_record",
    schema_version: "1.0.0",
    created_at: head.created_at,
    producer_version: head.producer_version,
    trace_id: head.trace_id,
    tool_name: head.tool_name,
    intent_digest: head.intent_digest,
    policy_digest: head.policy_digest,
    required_approvals: tally.required,
    valid_approvals: tally.valid ?? 0,
    approved: tally.granted ?? false,
    ...(approvers.length === 0 ? {} : { approvers }),
    entries,
  };
}

/** Text of an audit record's file: two-space indentation, final newline (spec 02 §1.5). */
export function encodeApprovalAudit(record: ApprovalAuditRecord): string {
  return encodeJsonPretty(record);
}
