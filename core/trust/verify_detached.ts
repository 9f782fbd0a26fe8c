/**
 * Verification of a record that has its signature in a file beside it (divergence E13). The outcome is a value
 * with every finding.
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import type { ErrorCode } from "../base/error_codes.ts";
import { isJsonObject } from "../base/json_value.ts";
import { printable } from "../base/printable.ts";
import { sha256Hex } from "../digest/digest.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import type { DetachedDocument } from "../sign/detached.ts";
import type { SignPorts } from "../sign/signer.ts";
import { decodeText } from "../text/decode.ts";
import { parseJson } from "../text/json.ts";
import type { TrustedKey } from "./trusted_key.ts";
import { type Signer, verifySignatures } from "./verify_signatures.ts";

/** What is to be verified. */
export interface DetachedRequest {
  readonly detached: DetachedDocument;
  /** Bytes of the record. */
  readonly record: Uint8Array;
  /** File name of the record, without its directory. */
  readonly name: string;
  /** Trusted keys, at least one. */
  readonly keys: readonly TrustedKey[];
  /** Refuses a signature that names no key. */
  readonly strict: boolean;
}

/** What was found. */
export interface DetachedReport {
  readonly ok: boolean;
  /** SHA-256 of the record, 64 hex digits. */
  readonly sha256: string;
  /** `schema_id` of the record; "" when it has none. */
  readonly recordKind: string;
  /** Trusted signers whose signature holds. */
  readonly signers: readonly Signer[];
  /** Key ids that nobody here trusts. */
  readonly unknownSigners: readonly string[];
  readonly findings: readonly DetachedFinding[];
}

/** One thing that does not hold. */
export interface DetachedFinding {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Members of the record that matter here; "" where it has none. Its kinds have their own readers. */
function membersOf(record: Uint8Array): { readonly created: string; readonly kind: string } {
  const text = (value: unknown): string => typeof value === "string" ? value : "";
  try {
    const source = "record";
    const value = parseJson(decodeText(record, { source }), { source });
    if (isJsonObject(value)) {
      return { created: text(value.created_at), kind: text(value.schema_id) };
    }
  } catch {
    // A file that is no JSON can be signed as well; it tells no time and no kind.
  }
  return { created: "", kind: "" };
}

/** Findings about what the statement says of the record. */
function statementFindings(
  { subject, subjectSha256 }: DetachedDocument,
  record: { readonly name: string; readonly sha256: string },
): DetachedFinding[] {
  const findings: DetachedFinding[] = [];
  if (subjectSha256 !== record.sha256) {
    const message = "the record is not what was signed: its SHA-256 differs";
    findings.push({ code: "digest_mismatch", message });
  }
  if (subject !== record.name) {
    const message = `the signature is for ${printable(subject, 128)}, not ${
      printable(record.name, 128)
    }`;
    findings.push({ code: "verification_failed", message });
  }
  return findings;
}

/**
 * Verifies a record against the signature beside it: bytes, name, and the signature of a trusted key.
 *
 * @param request Statement, record and trusted keys.
 * @param ports Hash and signature scheme.
 */
export async function verifyDetached(
  request: DetachedRequest,
  ports: SignPorts,
): Promise<DetachedReport> {
  const { detached, record, name, keys, strict } = request;
  const sha256 = await sha256Hex(ports.digester, record);
  const { created, kind } = membersOf(record);
  const signed = await verifySignatures({
    signatures: [detached.signature],
    digest: await ports.digester.sha256(utf8(canonicalize(detached.body))),
    keys,
    createdAt: created,
    strict,
  }, ports);
  const findings = statementFindings(detached, { name, sha256 });
  if (!signed.verified) {
    const [code = "signature_invalid"] = signed.codes;
    findings.push({ code, message: signed.errors[0] ?? "no trusted key signed the record" });
  }
  const { signers, unknownSigners } = signed;
  return { ok: findings.length === 0, sha256, recordKind: kind, signers, unknownSigners, findings };
}
