/**
 * What every driver hands to the one enforcement path, and what it gets back.
 *
 * @module
 */

import type { ApprovalKeys } from "../approval/keys.ts";
import type { VerifyKey } from "../token/token_signature.ts";
import type { IssuedCredential } from "../credential/issue.ts";
import type { Decision } from "../gate/decision.ts";
import type { Verdict } from "../policy/policy.ts";
import type { Signer } from "../ports/sign.ts";
import type { QuotaOutcome } from "../quota/admit.ts";
import type { TraceRecord } from "../trace/trace_record.ts";
import type { BrokerSetup } from "./credential_stage.ts";
import type { LoadedIntent } from "./loaded_intent.ts";
import type { LoadedPolicy } from "./loaded_policy.ts";

/** Profiles (spec 02 §12.2). */
export type Profile = "standard" | "oss-prod";

/** A token as it was presented. */
export interface PresentedToken {
  /** Path or other name, for messages. */
  readonly source: string;
  readonly data: Uint8Array;
}

/** The key that signs the evidence. */
export interface SigningSetup {
  readonly signer: Signer;
  /** Whether the key vanishes with this process (divergence E14). */
  readonly ephemeral: boolean;
}

/** Approvals that were presented, and who may give them. */
export interface ApprovalSetup {
  /** Reads the presented tokens; called only when the verdict asks for approval (spec 02 §9.2). */
  tokens(): Promise<readonly PresentedToken[]>;
  /** `undefined` when none are configured: in `standard` the gate's own key counts then (spec 02 §9.3). */
  readonly keys: ApprovalKeys | undefined;
  /** Free text of `--approval-token-ref`. */
  readonly reference: string;
  /**
   * Whether a call without any token keeps the policy's own reasons, without approval codes and audit: what
   * the reference's MCP commands report.
   */
  readonly quietWithoutTokens?: boolean;
  /** Store of spent tokens; "" when the user has no state directory. */
  readonly storePath: string;
}

/** Delegation tokens that were presented, and whose signatures count. */
export interface DelegationSetup {
  /** Reads the presented tokens. */
  tokens(): Promise<readonly PresentedToken[]>;
  /** `undefined` when none are configured: in `standard` the gate's own key counts then. */
  readonly keys: readonly VerifyKey[] | undefined;
}

/** Where records go; "" means a default name in the working directory. */
export interface OutputSetup {
  readonly trace: string;
  readonly approvalAudit: string;
  readonly delegationAudit: string;
  readonly credentialEvidence: string;
  /** Whether a named trace must be new: for names that strangers choose. */
  readonly keepsExisting?: boolean;
  /** Default name of a record, where it is not `<kind>_<trace_id>_<event_id>.json`; must be unique. */
  defaultName?(kind: RecordKind, trace: TraceRecord): string;
}

/** Records of a decision. */
export type RecordKind =
  | "trace"
  | "simulated_trace"
  | "approval_audit"
  | "delegation_audit"
  | "credential_evidence";

/** One call to decide about. */
export interface EnforceRequest {
  readonly policy: LoadedPolicy;
  readonly intent: LoadedIntent;
  readonly profile: Profile;
  readonly simulate: boolean;
  /** Loads the signing key; called once, after the quota was counted (spec 02 §14.2). */
  signing(): Promise<SigningSetup>;
  /** Variables that hold private keys, which no child may see. */
  readonly keyVariables: readonly string[];
  readonly approval: ApprovalSetup;
  readonly delegation: DelegationSetup;
  readonly broker: BrokerSetup;
  readonly rateLimitState: string;
  readonly outputs: OutputSetup;
  /** Joins the trace to other records; "" leaves it out. */
  readonly correlationId: string;
  /** Whether the trace tells how long the policy took; absent means yes. */
  readonly recordsLatency?: boolean;
}

/** What became of the call. */
export interface EnforceOutcome {
  readonly verdict: Verdict;
  readonly reason_codes: readonly string[];
  readonly violations: readonly string[];
  /** What the policy alone said. */
  readonly decision: Decision;
  readonly intentDigest: string;
  readonly trace: TraceRecord;
  readonly tracePath: string;
  /** Every file that was written, the trace last: what a driver takes back when a later step fails. */
  readonly evidencePaths: readonly string[];
  readonly approval: {
    readonly reference: string;
    readonly required: number;
    readonly valid: number;
    readonly auditPath: string;
  };
  readonly delegation: {
    readonly required: boolean;
    readonly reference: string;
    readonly valid: number;
    readonly auditPath: string;
  };
  readonly quota: QuotaOutcome | undefined;
  readonly credential:
    | { readonly issued: IssuedCredential; readonly evidencePath: string }
    | undefined;
  readonly simulation: {
    readonly would_have_blocked: boolean;
    readonly simulated_verdict: Verdict;
    readonly simulated_reason_codes: readonly string[];
  } | undefined;
}
