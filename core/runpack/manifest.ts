/**
 * Completing a manifest: its own digest, then the signature (spec 01 §8.1).
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";
import type { Digester } from "../ports/digest.ts";
import type { Signer } from "../ports/sign.ts";
import { type Signature, signDigest } from "../sign/signature.ts";
import { manifestDigest, signedDigest } from "./manifest_digest.ts";
import type { ManifestRecord } from "./model.ts";

/** A manifest before its digest is known. */
export type ManifestDraft = Omit<ManifestRecord, "manifest_digest" | "signatures">;

/** What sealing a manifest needs. */
export interface SealPorts {
  readonly digester: Digester;
  /** Adds a signature; without one and without kept ones the manifest is unsigned. */
  readonly signer?: Signer | undefined;
  /** Signatures of the very same content, to be kept. */
  readonly signatures?: readonly Signature[];
}

/**
 * Fills in the digest and signs, if there is a signer.
 *
 * @throws GaitError `signer_failed`
 */
export async function sealManifest(
  draft: ManifestDraft,
  ports: SealPorts,
): Promise<ManifestRecord> {
  const content: JsonObject = { ...draft, files: draft.files.map((file) => ({ ...file })) };
  const manifest_digest = await manifestDigest(content, ports.digester);
  const sealed = { ...draft, manifest_digest };
  const signatures = [...ports.signatures ?? []];
  if (ports.signer === undefined) {
    return signatures.length === 0 ? sealed : { ...sealed, signatures };
  }
  const digest = await signedDigest({ ...content, manifest_digest }, ports.digester);
  return { ...sealed, signatures: [...signatures, await signDigest(digest, ports.signer)] };
}
