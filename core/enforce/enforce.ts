/**
 * The one enforcement path that every driver shares: decide, count, check tokens, ask for a credential,
 * sign, persist (design §3).
 *
 * @module
 */

import { uniqueSorted } from "../base/text_rules.ts";
import { approvalAudit } from "../approval/audit.ts";
import { credentialRecord } from "../credential/record.ts";
import { delegationAudit } from "../delegation/audit.ts";
import type { Decision } from "../gate/decision.ts";
import { decide } from "../gate/decide.ts";
import { type IntentDigests, intentDigests } from "../intent/digests.ts";
import type { Ports } from "../ports/ports.ts";
import {
  applyApproval,
  type ApprovalStage,
  refuseSpent,
  spendApprovals,
} from "./approval_stage.ts";
import { applyCredential, type CredentialStage } from "./credential_stage.ts";
import { applyDelegation, type DelegationStage } from "./delegation_stage.ts";
import { type Draft, startDraft } from "./draft.ts";
import { type SideRecords, type TraceContent, writeEvidence } from "./evidence.ts";
import { checkDecidedProfile, checkGateKey } from "./profile_stage.ts";
import { applyQuota, type QuotaStage } from "./quota_stage.ts";
import type { EnforceOutcome, EnforceRequest, SigningSetup } from "./request.ts";
import { SIMULATE_MARKER } from "../trace/trace_record.ts";
import { simulateOutcome, type Simulation } from "./simulate_stage.ts";

/** What enforcing needs of the world. */
export type EnforcePorts = Pick<
  Ports,
  "files" | "locks" | "clock" | "digester" | "ed25519" | "env" | "processes" | "version"
>;

/** The verdict of the policy and how long it took. */
interface Evaluated {
  readonly decision: Decision;
  readonly digests: IntentDigests;
  readonly latencyMs: number;
}

/** Outcomes of all stages. */
interface Stages extends Evaluated {
  readonly signing: SigningSetup;
  readonly quota: QuotaStage;
  readonly delegation: DelegationStage;
  readonly approval: ApprovalStage;
  readonly credential: CredentialStage;
  readonly simulation: Simulation | undefined;
  readonly draft: Draft;
}

/** Asks the policy. */
async function evaluate(request: EnforceRequest, ports: EnforcePorts): Promise<Evaluated> {
  const { intent } = request.intent;
  const began = ports.clock.monotonic();
  const decision = decide(request.policy.compiled, intent);
  const latencyMs = ports.clock.monotonic() - began;
  return { decision, digests: await intentDigests(intent, ports.digester), latencyMs };
}

/** Runs all stages in the order of spec 02 §14.2. */
async function runStages(request: EnforceRequest, ports: EnforcePorts): Promise<Stages> {
  const evaluated = await evaluate(request, ports);
  const { decision, digests } = evaluated;
  const { intent } = request.intent;
  const { rule } = decision;
  const { simulate } = request;
  checkDecidedProfile(request, decision);
  const quota = await applyQuota(
    startDraft(decision),
    { rule, intent, statePath: request.rateLimitState, simulate },
    ports,
  );
  const signing = await request.signing();
  checkGateKey(request, signing.signer);
  const own = request.profile === "standard" ? [signing.signer] : [];
  const facts = {
    request,
    decision,
    digests,
    keys: request.approval.keys ?? { kind: "shared", keys: own } as const,
  };
  const delegation = await applyDelegation(
    quota.draft,
    { ...facts, keys: request.delegation.keys ?? own },
    ports,
  );
  const approved = await refuseSpent(
    await applyApproval(delegation.draft, facts, ports),
    facts,
    ports,
  );
  const credential = await applyCredential(
    approved.draft,
    {
      rule,
      intent: request.intent,
      broker: request.broker,
      keyVariables: request.keyVariables,
      signer: signing.signer,
      keyedOnly: request.profile === "oss-prod",
      simulate,
    },
    ports,
  );
  const approval = await spendApprovals({ ...approved, draft: credential.draft }, facts, ports);
  const simulation = simulate ? simulateOutcome(approval.draft) : undefined;
  const draft = simulation?.draft ?? approval.draft;
  return { ...evaluated, signing, quota, delegation, approval, credential, simulation, draft };
}

/** Ids of the delegation tokens that verified. */
function grantedIds(delegation: DelegationStage): readonly string[] {
  const reference = delegation.outcome?.delegation_ref ?? "";
  return reference === "" ? [] : reference.split(",");
}

/** What the trace tells. */
function traceContent(stages: Stages, request: EnforceRequest): TraceContent {
  const { draft, digests, delegation, approval, latencyMs } = stages;
  const { intent } = request.intent;
  const violations = request.simulate ? [...draft.violations, SIMULATE_MARKER] : draft.violations;
  return {
    createdAt: intent.created_at,
    correlationId: request.correlationId,
    toolName: intent.tool_name,
    argsDigest: digests.args_digest,
    intentDigest: digests.intent_digest,
    policyDigest: request.policy.digest,
    verdict: draft.verdict,
    violations,
    ...((request.recordsLatency ?? true) && { latencyMs }),
    approvalTokenRef: approval.reference,
    ...(intent.delegation === undefined ? {} : {
      delegation: {
        delegation: intent.delegation,
        grantedTokenIds: grantedIds(delegation),
        chainDigest: digests.delegation_binding_digest ?? "",
        reasonCodes: draft.reasons,
      },
    }),
    ...(intent.skill_provenance && { skillProvenance: intent.skill_provenance }),
  };
}

/** Side records of the decision. */
function sideRecords(stages: Stages, request: EnforceRequest): SideRecords {
  const { decision, approval, delegation, credential } = stages;
  const { checks, tally } = approval;
  const required = decision.min_approvals;
  const quiet = required === 0 || request.approval.quietWithoutTokens === true;
  return {
    approvalAudit: (head) =>
      quiet && checks.length === 0 ? undefined : approvalAudit(checks, tally ?? { required }, head),
    delegationAudit: (head) =>
      delegation.outcome === undefined
        ? undefined
        : delegationAudit(delegation.outcome, { required: delegation.required }, head),
    credentialEvidence: (head) =>
      credential.request === undefined || credential.issued === undefined
        ? undefined
        : credentialRecord(credential.request, credential.issued, head),
  };
}

/**
 * Decides about one call and leaves its evidence.
 *
 * @param request The call, the policy, and everything that was presented with it.
 * @returns The verdict; its trace is on disk when this returns.
 * @throws GaitError when no decision could be made or its evidence not be written: then the call is blocked
 *   (divergence G12) and no trace is left
 */
export async function enforce(
  request: EnforceRequest,
  ports: EnforcePorts,
): Promise<EnforceOutcome> {
  const stages = await runStages(request, ports);
  const { draft, decision, approval, delegation, credential, quota } = stages;
  const evidence = await writeEvidence(
    traceContent(stages, request),
    sideRecords(stages, request),
    {
      request,
      signing: stages.signing,
      ports,
    },
  );
  return {
    verdict: draft.verdict,
    reason_codes: uniqueSorted(draft.reasons),
    violations: uniqueSorted(draft.violations),
    decision,
    intentDigest: stages.digests.intent_digest,
    trace: evidence.trace,
    tracePath: evidence.tracePath,
    evidencePaths: evidence.paths,
    approval: {
      reference: approval.reference,
      required: approval.tally?.required ?? decision.min_approvals,
      valid: approval.tally?.valid ?? 0,
      auditPath: evidence.approvalAuditPath,
    },
    delegation: {
      required: delegation.required,
      reference: delegation.outcome?.delegation_ref ?? "",
      valid: delegation.outcome?.valid ?? 0,
      auditPath: evidence.delegationAuditPath,
    },
    quota: quota.quota,
    credential: credential.issued && {
      issued: credential.issued,
      evidencePath: evidence.credentialEvidencePath,
    },
    simulation: stages.simulation,
  };
}
