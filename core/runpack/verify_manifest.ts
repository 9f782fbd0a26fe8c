/**
 * Checks of the manifest itself: its kind, its own digest, and who signed it.
 *
 * @module
 */

import { equalHex } from "../digest/hex.ts";
import { printable } from "../base/printable.ts";
import { trim } from "../base/text_rules.ts";
import type { SignPorts } from "../sign/signer.ts";
import type { TrustedKey } from "../trust/trusted_key.ts";
import { type SignatureSetReport, verifySignatures } from "../trust/verify_signatures.ts";
import { manifestDigest, signedDigest } from "./manifest_digest.ts";
import {
  CAPTURE_MODES,
  MEMBER,
  RUN_ID_PATTERN,
  RUNPACK_SCHEMA_VERSION,
  SCHEMA_ID,
} from "./model.ts";
import type { ManifestDocument } from "./read_manifest.ts";
import type { Notes, SignatureStatus } from "./verify_report.ts";

/** How signatures are judged. */
export interface SignaturePolicy {
  /** Keys that the caller trusts; none means that signatures cannot be checked. */
  readonly keys: readonly TrustedKey[];
  /** A signature must be there and hold. */
  readonly requireSignature?: boolean;
  /** Waives a missing signature although a key is given (divergence E12). */
  readonly allowUnsigned?: boolean;
  /** Something beside the pack needs a key: without one signatures are `skipped`, not `unverified`. */
  readonly keyNeeded?: boolean;
  /** The strict profile: requires a signature and refuses every doubt. */
  readonly strict?: boolean;
}

/** What the signatures of a manifest say. */
export interface ManifestSignatures extends Omit<SignatureSetReport, "verified" | "codes"> {
  readonly status: SignatureStatus;
}

/** Checks the members of the manifest that have fixed values. */
export function checkManifestKind(manifest: ManifestDocument, notes: Notes): void {
  const { schemaId, schemaVersion, captureMode, runId } = manifest;
  const path = MEMBER.manifest;
  if (schemaId !== SCHEMA_ID.manifest) {
    const message = `schema_id is ${printable(schemaId)}, expected ${SCHEMA_ID.manifest}`;
    notes.refuse({ code: "foreign_record", message, path });
  }
  if (schemaVersion !== RUNPACK_SCHEMA_VERSION) {
    const message = `schema_version is ${printable(schemaVersion)}, expected 1.0.0`;
    notes.refuse({ code: "record_invalid", message, path });
  }
  if (!CAPTURE_MODES.some((mode) => mode === captureMode)) {
    const message = `capture_mode is ${printable(captureMode)}`;
    notes.refuse({ code: "record_invalid", message, path });
  }
  if (trim(runId) === "") {
    notes.refuse({ code: "record_invalid", message: "run_id is blank", path });
  } else if (!RUN_ID_PATTERN.test(runId)) {
    const message = `run_id ${printable(runId)} does not have the form run_name`;
    notes.doubt({ code: "record_invalid", message, path });
  }
  for (const name of manifest.unknownMembers) {
    // Divergence E6: the digests cover it, but nobody here knows what it means.
    notes.doubt({ code: "record_invalid", message: `unknown member: ${name}`, path });
  }
}

/** Recomputes `manifest_digest` (spec 01 §5, divergence E1). */
export async function checkManifestDigest(
  manifest: ManifestDocument,
  notes: Notes,
  ports: Pick<SignPorts, "digester">,
): Promise<void> {
  const actual = await manifestDigest(manifest.value, ports.digester);
  if (actual === manifest.manifestDigest) return;
  const same = equalHex(actual, manifest.manifestDigest);
  const state = same ? "is not in lower case" : "is not the digest of the manifest";
  const path = MEMBER.manifest;
  notes.refuse({ code: "digest_mismatch", message: `manifest_digest ${state}`, path });
}

/** A report about signatures that were not checked. */
function unchecked(status: SignatureStatus, errors: readonly string[], total: number) {
  return { status, errors, total, valid: 0, signers: [], unknownSigners: [] };
}

/** Judges the signatures of a manifest. */
export async function checkManifestSignatures(
  manifest: ManifestDocument,
  options: { readonly policy: SignaturePolicy; readonly notes: Notes },
  ports: SignPorts,
): Promise<ManifestSignatures> {
  const { policy, notes } = options;
  const { keys, strict = false, allowUnsigned = false } = policy;
  const asked = strict || (policy.requireSignature ?? false);
  const path = MEMBER.manifest;
  const { signatures } = manifest;
  if (signatures.length === 0) {
    const wanted = asked || (keys.length > 0 && !allowUnsigned);
    const message = "manifest has no signatures";
    if (wanted) notes.refuse({ code: "signature_missing", message, path });
    return unchecked("missing", wanted ? [message] : [], 0);
  }
  if (keys.length === 0) {
    const message = "public key not configured";
    if (asked) notes.refuse({ code: "signature_invalid", message, path });
    return unchecked(
      asked || policy.keyNeeded ? "skipped" : "unverified",
      [message],
      signatures.length,
    );
  }
  const digest = await signedDigest(manifest.value, ports.digester);
  const { createdAt } = manifest;
  const report = await verifySignatures({ signatures, digest, keys, createdAt, strict }, ports);
  if (!report.verified) {
    for (const code of new Set(report.codes)) {
      const message = report.errors[0] ?? "no signature by a trusted key";
      notes.refuse({ code, message: `signature: ${message}`, path });
    }
  }
  const { verified, codes: _codes, ...rest } = report;
  return { ...rest, status: verified ? "verified" : "failed" };
}
