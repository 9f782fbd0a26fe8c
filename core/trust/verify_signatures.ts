/**
 * Verification of a list of signatures over one digest against a set of trusted keys (spec 01 §6.3,
 * divergences E3, E4, E12).
 *
 * @module
 */

import type { ErrorCode } from "../base/error_codes.ts";
import { isJsonObject, type JsonValue } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { printable } from "../base/printable.ts";
import { compareCodePoints, sortedSet } from "../base/text_rules.ts";
import type { SignPorts } from "../sign/signer.ts";
import { type SignatureOutcome, verifySignature } from "../sign/verify_signature.ts";
import { termsReason, type TrustedKey } from "./trusted_key.ts";

/** What is to be verified. */
export interface SignatureSetRequest {
  /** The signatures as found. */
  readonly signatures: readonly JsonValue[];
  /** Recomputed digest of the signable form, 32 bytes. */
  readonly digest: Uint8Array;
  /** Trusted keys; the first one speaks for signatures that name no key. */
  readonly keys: readonly TrustedKey[];
  /** `created_at` of the artifact, for validity windows. */
  readonly createdAt: string;
  /** Refuses signatures that name no key. */
  readonly strict: boolean;
}

/** A trusted signer whose signature holds. */
export interface Signer {
  readonly keyId: string;
  readonly identity: string;
}

/** What the signatures say. */
export interface SignatureSetReport {
  /** At least one trusted signature, and every signature that claims a trusted key holds. */
  readonly verified: boolean;
  readonly total: number;
  readonly valid: number;
  /** Texts of spec 01 §6.3, sorted. */
  readonly errors: readonly string[];
  /** Codes of what failed. */
  readonly codes: readonly ErrorCode[];
  readonly signers: readonly Signer[];
  /** Key ids that nobody here trusts; they neither help nor harm. */
  readonly unknownSigners: readonly string[];
}

/** How one signature fared. */
type Verdict =
  | { readonly kind: "valid"; readonly signer: TrustedKey }
  | { readonly kind: "unknown"; readonly keyId: string; readonly reason: string }
  | { readonly kind: "invalid"; readonly code: ErrorCode; readonly reason: string };

function invalid(code: ErrorCode, reason: string): Verdict {
  return { kind: "invalid", code, reason };
}

/** Verdict of a signature by a known key: its arithmetic, then the terms of the key. */
function judged(outcome: SignatureOutcome, key: TrustedKey, createdAt: string): Verdict {
  if (!outcome.ok) return invalid(outcome.code, outcome.reason);
  const reason = termsReason(key, createdAt);
  return reason === undefined ? { kind: "valid", signer: key } : invalid("key_not_trusted", reason);
}

/** Tries every key on a signature that names none; older records leave the name out. */
async function verifyAnonymous(
  signature: JsonValue,
  request: SignatureSetRequest,
  ports: SignPorts,
): Promise<Verdict> {
  if (request.strict) return invalid("signature_invalid", "signature names no key");
  let first: Verdict | undefined;
  for (const key of request.keys) {
    const { digest, createdAt } = request;
    const { publicKey } = key;
    const outcome = await verifySignature({ signature, digest, publicKey }, ports);
    const verdict = judged(outcome, key, createdAt);
    if (outcome.ok) return verdict;
    first ??= verdict;
  }
  return first ?? invalid("signature_invalid", "public key not configured");
}

/** Verifies one signature. */
async function verifyOne(
  signature: JsonValue,
  request: SignatureSetRequest,
  ports: SignPorts,
): Promise<Verdict> {
  const { keys, digest, createdAt } = request;
  const named = isJsonObject(signature) && typeof signature.key_id === "string"
    ? signature.key_id
    : "";
  if (isJsonObject(signature) && named === "") {
    // Spec 01 §6.3: an empty key_id counts as none.
    const { key_id: id, ...rest } = signature;
    const unnamed = id === undefined || id === "" || id === null;
    return await verifyAnonymous(unnamed ? rest : signature, request, ports);
  }
  const known = keys.find((key) => key.keyId === named);
  const key = known ?? keys[0];
  if (key === undefined) return invalid("signature_invalid", "public key not configured");
  const outcome = await verifySignature({ signature, digest, publicKey: key.publicKey }, ports);
  if (known === undefined && !outcome.ok && outcome.reason === "key id mismatch") {
    return { kind: "unknown", keyId: printable(named, 64), reason: outcome.reason };
  }
  return judged(outcome, key, createdAt);
}

/** Signers without repetition, sorted by key id. */
function distinctSigners(verdicts: readonly Verdict[]): Signer[] {
  const byId = new Map<string, Signer>();
  for (const verdict of verdicts) {
    if (verdict.kind !== "valid") continue;
    const { keyId, identity } = verdict.signer;
    byId.set(keyId, { keyId, identity });
  }
  return [...byId.values()].sort((a, b) => compareCodePoints(a.keyId, b.keyId));
}

/**
 * Verifies signatures. Every signature that claims a trusted key must hold; a signature by a key that
 * nobody trusts is listed and never makes a set verify.
 *
 * @param request Signatures, digest and trusted keys; there is at least one key.
 * @param ports Hash and signature scheme.
 */
export async function verifySignatures(
  request: SignatureSetRequest,
  ports: SignPorts,
): Promise<SignatureSetReport> {
  const { signatures } = request;
  const verdicts: Verdict[] = [];
  for (const signature of signatures.slice(0, LIMITS.manifestSignatures)) {
    verdicts.push(await verifyOne(signature, request, ports));
  }
  if (signatures.length > LIMITS.manifestSignatures) {
    verdicts.push(
      invalid("signature_invalid", `more than ${LIMITS.manifestSignatures} signatures`),
    );
  }
  const failed = verdicts.filter((verdict) => verdict.kind === "invalid");
  const unknown = verdicts.filter((verdict) => verdict.kind === "unknown");
  const valid = verdicts.filter((verdict) => verdict.kind === "valid").length;
  const codes: ErrorCode[] = failed.map(({ code }) => code);
  if (valid === 0 && codes.length === 0) codes.push("signature_invalid");
  return {
    verified: valid > 0 && failed.length === 0,
    total: signatures.length,
    valid,
    errors: [...failed, ...unknown].map(({ reason }) => reason).sort(compareCodePoints),
    codes,
    signers: distinctSigners(verdicts),
    unknownSigners: sortedSet(unknown.map(({ keyId }) => keyId)),
  };
}
