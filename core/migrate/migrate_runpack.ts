/**
 * Writing an older or foreign runpack again in today's form (spec 01 §11.11). What the manifest says stays
 * the same wherever it can: then its signatures hold on and are kept. Where it cannot, signatures are not
 * dropped silently (divergence E11).
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import type { JsonObject } from "../base/json_value.ts";
import type { SignPorts } from "../sign/signer.ts";
import type { Signer } from "../ports/sign.ts";
import type { Signature } from "../sign/signature.ts";
import { signablePreimage } from "../runpack/manifest_digest.ts";
import { buildRunpack, type BuiltPack } from "../runpack/pack_writer.ts";
import type { ReadPack } from "../runpack/read_pack.ts";
import { renormalize } from "../runpack/renormalize.ts";

/** What happened to the signatures of the input. */
export type SignatureFate = "none" | "kept" | "dropped";

/** A migrated pack. */
export interface MigratedPack {
  readonly chunks: readonly Bytes[];
  readonly signatures: SignatureFate;
}

/** How to migrate. */
export interface MigrateOptions {
  /** Accept that signatures of the input are lost. */
  readonly dropSignatures: boolean;
  /** Signs the output anew. */
  readonly signer?: Signer | undefined;
}

/** The signatures of a manifest as found. */
function signaturesOf(manifest: JsonObject): readonly Signature[] {
  const { signatures } = manifest;
  // Kept as they are, byte for byte of their JSON; only verification looks inside.
  return Array.isArray(signatures) ? signatures as unknown as readonly Signature[] : [];
}

/** Whether the new manifest says exactly what the signed one said. */
function saysTheSame(pack: ReadPack, built: BuiltPack): boolean {
  const { signatures: _signatures, ...fresh } = built.manifest;
  const content: JsonObject = { ...fresh, files: fresh.files.map((file) => ({ ...file })) };
  return signablePreimage(pack.manifest.value) === signablePreimage(content);
}

/**
 * Migrates a pack.
 *
 * @param pack The input, read strictly.
 * @throws GaitError `signatures_lost` when signatures cannot be kept and their loss was not accepted
 * @throws GaitError `schema_violation`, `signer_failed`
 */
export async function migrateRunpack(
  pack: ReadPack,
  options: MigrateOptions,
  ports: SignPorts,
): Promise<MigratedPack> {
  const content = { ...renormalize(pack), captureMode: pack.manifest.captureMode };
  const { digester } = ports;
  const old = signaturesOf(pack.manifest.value);
  const plain = await buildRunpack(content, { digester });
  const kept = old.length > 0 && !options.dropSignatures && saysTheSame(pack, plain);
  if (old.length > 0 && !kept && !options.dropSignatures) {
    throw new GaitError(
      "signatures_lost",
      "Cannot migrate the runpack: its content changes, so its signatures would be lost",
    );
  }
  const fate: SignatureFate = old.length === 0 ? "none" : kept ? "kept" : "dropped";
  if (!kept && options.signer === undefined) return { chunks: plain.chunks, signatures: fate };
  const signed = await buildRunpack(content, {
    digester,
    signer: options.signer,
    ...(kept ? { signatures: old } : {}),
  });
  return { chunks: signed.chunks, signatures: fate };
}
