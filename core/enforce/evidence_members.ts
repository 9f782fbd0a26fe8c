/**
 * What approvals, delegations, limits and credentials contributed, as every driver tells it (spec 02 §14.4).
 *
 * @module
 */

import { orAbsent } from "../base/or_absent.ts";
import type { EnforceOutcome } from "./request.ts";

/** Members in the order of the output; what says nothing is `undefined`. */
export function evidenceMembers(
  { approval, delegation, quota, credential }: EnforceOutcome,
): Readonly<Record<string, unknown>> {
  return {
    approval_ref: orAbsent(approval.reference),
    required_approvals: orAbsent(approval.required),
    valid_approvals: orAbsent(approval.valid),
    approval_audit_path: orAbsent(approval.auditPath),
    delegation_ref: orAbsent(delegation.reference),
    delegation_required: orAbsent(delegation.required),
    valid_delegations: orAbsent(delegation.valid),
    delegation_audit_path: orAbsent(delegation.auditPath),
    rate_limit_scope: orAbsent(quota?.scope),
    rate_limit_key: orAbsent(quota?.key),
    rate_limit_used: orAbsent(quota?.used),
    rate_limit_remaining: orAbsent(quota?.remaining),
    credential_issuer: orAbsent(credential?.issued.issuer),
    credential_ref: orAbsent(credential?.issued.credential_ref),
    credential_evidence_path: orAbsent(credential?.evidencePath),
  };
}
