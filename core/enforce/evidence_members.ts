/**
 * What approvals, delegations, limits and credentials contributed, as every driver tells it (spec 02 §14.4).
 *
 * @module
 */

import type { EnforceOutcome } from "./request.ts";

/** Members in the order of the output; values may be empty, drivers leave those out. */
export function evidenceMembers(
  { approval, delegation, quota, credential }: EnforceOutcome,
): Readonly<Record<string, unknown>> {
  return {
    approval_ref: approval.reference,
    required_approvals: approval.required,
    valid_approvals: approval.valid,
    approval_audit_path: approval.auditPath,
    delegation_ref: delegation.reference,
    delegation_required: delegation.required,
    valid_delegations: delegation.valid,
    delegation_audit_path: delegation.auditPath,
    rate_limit_scope: quota?.scope,
    rate_limit_key: quota?.key,
    rate_limit_used: quota?.used,
    rate_limit_remaining: quota?.remaining,
    credential_issuer: credential?.issued.issuer,
    credential_ref: credential?.issued.credential_ref,
    credential_evidence_path: credential?.evidencePath,
  };
}
