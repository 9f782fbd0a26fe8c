/**
 * The records of one decision: built, signed and written in one place.
 *
 * @module
 */

import { toBase64 } from "../base/bytes.ts";
import { type ApprovalAuditRecord, encodeApprovalAudit } from "../approval/audit.ts";
import { type CredentialRecord, encodeCredentialRecord } from "../credential/record.ts";
import { type DelegationAuditRecord, encodeDelegationAudit } from "../delegation/audit.ts";
import type { Ports } from "../ports/ports.ts";
import { encodeDetached, signaturePath, signDetached, signedName } from "../sign/detached.ts";
import { buildTrace, type TraceFacts } from "../trace/build_trace.ts";
import { encodeTrace } from "../trace/encode_trace.ts";
import { signTrace } from "../trace/sign_trace.ts";
import type { TraceRecord } from "../trace/trace_record.ts";
import { isNameTaken, type RecordFile, writeRecords } from "./record_writer.ts";
import type { EnforceRequest, OutputSetup, RecordKind, SigningSetup } from "./request.ts";

type EvidencePorts = Pick<Ports, "files" | "clock" | "digester" | "version">;

/** How often another event id is tried when a default name is taken. */
const NAME_ATTEMPTS = 5;

/** Head of a side record: what ties it to its trace. */
export interface RecordHead {
  readonly created_at: string;
  readonly producer_version: string;
  readonly trace_id: string;
  readonly tool_name: string;
  readonly intent_digest: string;
  readonly policy_digest: string;
}

/** Side records, made once the trace id is known; `undefined` when there is nothing to record. */
export interface SideRecords {
  approvalAudit(head: RecordHead): ApprovalAuditRecord | undefined;
  delegationAudit(head: RecordHead): DelegationAuditRecord | undefined;
  credentialEvidence(head: RecordHead): CredentialRecord | undefined;
}

/** What was written where; "" where nothing was. */
export interface WrittenEvidence {
  readonly trace: TraceRecord;
  readonly tracePath: string;
  readonly approvalAuditPath: string;
  readonly delegationAuditPath: string;
  readonly credentialEvidencePath: string;
  /** Every file, the trace last. */
  readonly paths: readonly string[];
}

/** Facts of the trace without what each attempt adds. */
export type TraceContent = Omit<TraceFacts, "observedAt" | "producerVersion">;

/** One side record with its name. */
interface SideFile {
  readonly kind: "approval_audit" | "delegation_audit" | "credential_evidence";
  readonly explicit: string;
  readonly text: string | undefined;
}

/** Default name of a record: unique, because the event id is in it (divergence C9). */
function defaultName(kind: RecordKind, trace: TraceRecord, outputs: OutputSetup): string {
  return outputs.defaultName?.(kind, trace) ?? `${kind}_${trace.trace_id}_${trace.event_id}.json`;
}

/** Path of the public key beside a trace that an ephemeral key signs. */
export function ephemeralKeyPath(trace: string): string {
  return `${trace.replace(/\.json$/, "")}.public.key`;
}

/** Texts of the side records. */
function sideFiles(side: SideRecords, head: RecordHead, request: EnforceRequest): SideFile[] {
  const { outputs } = request;
  const approval = side.approvalAudit(head);
  const delegation = side.delegationAudit(head);
  const credential = side.credentialEvidence(head);
  return [
    {
      kind: "approval_audit",
      explicit: outputs.approvalAudit,
      text: approval && encodeApprovalAudit(approval),
    },
    {
      kind: "delegation_audit",
      explicit: outputs.delegationAudit,
      text: delegation && encodeDelegationAudit(delegation),
    },
    {
      kind: "credential_evidence",
      explicit: outputs.credentialEvidence,
      text: credential && encodeCredentialRecord(credential),
    },
  ];
}

/** What writing evidence needs. */
export interface EvidenceContext {
  readonly request: EnforceRequest;
  readonly signing: SigningSetup;
  readonly ports: EvidencePorts;
}

/** A side record and its detached signature (divergence E13). */
async function withSignature(
  file: RecordFile,
  { signing, ports }: EvidenceContext,
): Promise<RecordFile[]> {
  const detached = await signDetached({
    subject: signedName(file.path),
    text: file.text,
    producerVersion: ports.version,
  }, { signer: signing.signer, digester: ports.digester });
  const path = signaturePath(file.path);
  return [file, { path, text: encodeDetached(detached), explicit: file.explicit }];
}

/** Signs the trace and writes everything, once. */
async function attempt(
  content: TraceContent,
  side: SideRecords,
  context: EvidenceContext,
): Promise<WrittenEvidence> {
  const { request, signing, ports } = context;
  const facts = { ...content, observedAt: ports.clock.now(), producerVersion: ports.version };
  const { signer, ephemeral } = signing;
  const { digester } = ports;
  const trace = await signTrace(await buildTrace(facts, digester), { signer, digester });
  const list: RecordFile[] = [];
  const paths: Record<SideFile["kind"], string> = {
    approval_audit: "",
    delegation_audit: "",
    credential_evidence: "",
  };
  for (const { kind, explicit, text } of sideFiles(side, trace, request)) {
    if (text === undefined) continue;
    const path = explicit || defaultName(kind, trace, request.outputs);
    paths[kind] = path;
    const file = { path, text, explicit: explicit !== "" };
    list.push(...await withSignature(file, context));
  }
  const traceKind = request.simulate ? "simulated_trace" : "trace";
  const tracePath = request.outputs.trace ||
    defaultName(traceKind, trace, request.outputs);
  const explicit = request.outputs.trace !== "" && request.outputs.keepsExisting !== true;
  if (ephemeral) {
    list.push({
      path: ephemeralKeyPath(tracePath),
      text: `${toBase64(signer.publicKey)}\n`,
      explicit,
    });
  }
  list.push({ path: tracePath, text: encodeTrace(trace), explicit });
  await writeRecords(list, ports.files);
  return {
    trace,
    tracePath,
    approvalAuditPath: paths.approval_audit,
    delegationAuditPath: paths.delegation_audit,
    credentialEvidencePath: paths.credential_evidence,
    paths: list.map((file) => file.path),
  };
}

/**
 * Signs and writes the evidence of a decision.
 *
 * @throws GaitError `signer_failed`, or of the write that failed; then nothing new is left behind
 */
export async function writeEvidence(
  content: TraceContent,
  side: SideRecords,
  context: EvidenceContext,
): Promise<WrittenEvidence> {
  for (let tries = 1;; tries++) {
    try {
      return await attempt(content, side, context);
    } catch (error) {
      // Another process took the name at the same instant: the next event has another id.
      if (tries >= NAME_ATTEMPTS || !isNameTaken(error)) throw error;
    }
  }
}
