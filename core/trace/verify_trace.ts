/**
 * Verification of a trace against a trusted key. The outcome is a value with every finding.
 *
 * @module
 */

import { toHex, utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { printable } from "../base/printable.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import type { SignPorts } from "../sign/signer.ts";
import { PLAIN_FAILURE, verifySignature } from "../sign/verify_signature.ts";
import { checkContent } from "./_check_content.ts";
import type { TraceDocument } from "./parse_trace.ts";
import { SIMULATE_MARKER } from "./trace_record.ts";
import type { TraceFinding, TraceReport } from "./trace_report.ts";

/** What is to be verified, and how strictly. */
export interface TraceRequest {
  /** The trace as `parseTrace` reads it. */
  readonly record: TraceDocument;
  /** Raw public key that the caller trusts, 32 bytes. */
  readonly publicKey: Uint8Array | undefined;
  /** Waives the signature of a trace that has none; a signature that is there must hold (E12). */
  readonly allowUnsigned?: boolean;
  /** Refuses members that this version does not know, even under the signature (E6). */
  readonly strict?: boolean;
}

/** What the signature says. */
interface SignatureFindings {
  readonly findings: readonly TraceFinding[];
  readonly keyId: string;
  readonly unknownSigned: readonly string[];
}

/** One finding per member that nothing covers. */
function notCovered(names: readonly string[]): TraceFinding[] {
  return names.slice(0, LIMITS.findings).map((name) => ({
    code: "unsigned_member",
    message: `member not covered by the signature: ${printable(name)}`,
  }));
}

/**
 * Digest of the form that the signature claims to cover. Unknown members count only if the claimed
 * digest is the one with all of them; the signature itself then decides whether the claim is true.
 */
async function claimedForm(
  document: TraceDocument,
  ports: SignPorts,
): Promise<{ digest: Uint8Array; coversUnknown: boolean }> {
  const digest = await ports.digester.sha256(utf8(canonicalize(document.known)));
  const claimed = document.signature?.signed_digest;
  if (document.unknownMembers.length > 0 && claimed !== toHex(digest)) {
    const full = await ports.digester.sha256(utf8(canonicalize(document.full)));
    if (claimed === toHex(full)) return { digest: full, coversUnknown: true };
  }
  return { digest, coversUnknown: false };
}

/** Verifies the signature and what it covers. */
async function checkSignature(
  document: TraceDocument,
  publicKey: Uint8Array,
  ports: SignPorts,
): Promise<SignatureFindings> {
  const { digest, coversUnknown } = await claimedForm(document, ports);
  const { signature, unknownMembers } = document;
  const outcome = await verifySignature({ signature, digest, publicKey }, ports);
  const findings: TraceFinding[] = coversUnknown ? [] : notCovered(unknownMembers);
  if (!outcome.ok) findings.unshift({ code: outcome.code, message: outcome.reason });
  const ran = outcome.ok || outcome.reason === PLAIN_FAILURE;
  const named = signature?.key_id;
  return {
    findings,
    keyId: ran && typeof named === "string" ? named : "",
    unknownSigned: outcome.ok && coversUnknown ? unknownMembers : [],
  };
}

/** Findings about a signature, or about there being none. */
async function signatureFindings(
  request: TraceRequest,
  ports: SignPorts,
): Promise<SignatureFindings> {
  const { record: document, publicKey, allowUnsigned = false } = request;
  if (document.signature === undefined && (allowUnsigned || publicKey !== undefined)) {
    const missing = { code: "signature_missing", message: "trace signature missing" } as const;
    return { findings: allowUnsigned ? [] : [missing], keyId: "", unknownSigned: [] };
  }
  if (publicKey === undefined) throw new GaitError("key_invalid", "public key not configured");
  return await checkSignature(document, publicKey, ports);
}

/**
 * Verifies a trace: its signature covers everything in it, its ids are derived from its content, its
 * fixed members have their values.
 *
 * @param request The trace, the trusted key, and how strict to be.
 * @param ports Hash and signature scheme.
 * @throws GaitError `key_invalid` when a signature is there and no key
 */
export async function verifyTrace(request: TraceRequest, ports: SignPorts): Promise<TraceReport> {
  const { record: document, strict = false } = request;
  const { keyId, unknownSigned, ...signature } = await signatureFindings(request, ports);
  const findings = [
    ...signature.findings,
    ...await checkContent(document.record, ports.digester),
    ...(strict ? unknownMembers(document) : []),
  ];
  const ok = findings.length === 0;
  const signed = document.signature === undefined ? "unsigned" : "verified";
  return {
    ok,
    signatureStatus: ok ? signed : "failed",
    traceId: document.record.trace_id,
    verdict: document.record.verdict,
    ...(document.record.violations?.includes(SIMULATE_MARKER) ? { simulated: true } : {}),
    keyId,
    findings,
    unknownSignedMembers: unknownSigned,
  };
}

/** Findings of a strict reader: members that this version does not know. */
function unknownMembers(document: TraceDocument): TraceFinding[] {
  return document.unknownMembers.slice(0, LIMITS.findings).map((name) => ({
    code: "verification_failed",
    message: `unknown member: ${printable(name)}`,
  }));
}
