/**
 * Completing a manifest: its own digest, then the signature (spec 01 §8.1).
 *
 * @module
 */

import type { JsonObject } from "../base/json_value.ts";
import type { Digester } from "../ports/digest.ts";
import type { Signer } from "../ports/sign.ts";
import { signDigest } from "../sign/signature.ts";
import { manifestDigest, signedDigest } from "./manifest_digest.ts";
import type { ManifestRecord } from "./model.ts";

/** A manifest before its digest is known. */
export type ManifestDraft = Omit<ManifestRecord, "manifest_digest" | "signatures">;

/**
 * Fills in the digest and signs, if there is a signer.
 *
 * @throws GaitError `signer_failed`
 */
export async function sealManifest(
  draft: ManifestDraft,
  ports: { readonly digester: Digester; readonly signer?: Signer | undefined },
): Promise<ManifestRecord> {
  const content: JsonObject = { ...draft, files: draft.files.map((file) => ({ ...file })) };
  const manifest_digest = await manifestDigest(content, ports.digester);
  const sealed = { ...draft, manifest_digest };
  if (ports.signer === undefined) return sealed;
  const digest = await signedDigest({ ...content, manifest_digest }, ports.digester);
  return { ...sealed, signatures: [await signDigest(digest, ports.signer)] };
}
