/**
 * What the `oss-prod` profile refuses once the policy has spoken (spec 02 §12.2, divergence G14).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Decision } from "../gate/decision.ts";
import { ossProdFindings, refusalsFor } from "../policy/profile_checks.ts";
import type { Signer } from "../ports/sign.ts";
import type { EnforceRequest } from "./request.ts";

/** A refusal of the profile. */
function refuse(message: string, code: string): GaitError {
  return new GaitError("profile_refused", message, { details: { finding: code } });
}

/** Refuses approvals that nobody could verify. */
function checkApprovalKeys(request: EnforceRequest, decision: Decision): void {
  const keys = request.approval.keys?.keys ?? [];
  if (decision.verdict === "require_approval" && keys.length === 0) {
    throw refuse(
      "oss-prod profile requires explicit approval verify key " +
        "(--approval-public-key/--approval-public-key-env or approval private key source)",
      "approval_key_missing",
    );
  }
}

/** Refuses a delegation that nobody could verify. */
function checkDelegationKeys(request: EnforceRequest, decision: Decision): void {
  const required = decision.rule?.match.require_delegation ?? false;
  if (required && (request.delegation.keys ?? []).length === 0) {
    throw refuse(
      "oss-prod profile requires explicit delegation verify key " +
        "(--delegation-public-key/--delegation-public-key-env or private key source)",
      "delegation_key_missing",
    );
  }
}

/**
 * Checks a decided call against its profile.
 *
 * @throws GaitError `profile_refused`
 */
export function checkDecidedProfile(request: EnforceRequest, decision: Decision): void {
  if (request.profile !== "oss-prod") return;
  const findings = ossProdFindings(request.policy.parsed.policy, {
    brokerConfigured: request.broker.kind !== "off",
    approverKeysBound: request.approval.keys?.kind === "bound",
  });
  const [first] = refusalsFor(findings, decision);
  if (first !== undefined) throw refuse(first.message, first.code);
  checkDelegationKeys(request, decision);
  checkApprovalKeys(request, decision);
}

/**
 * Refuses keys that would let the gate approve its own calls; called once the signing key is known.
 *
 * @throws GaitError `profile_refused`
 */
export function checkGateKey(request: EnforceRequest, signer: Signer): void {
  if (request.profile !== "oss-prod") return;
  if (request.approval.keys?.keys.some((key) => key.keyId === signer.keyId)) {
    throw refuse(
      "oss-prod profile refuses an approval key that equals the gate's signing key",
      "approval_key_is_gate_key",
    );
  }
}
