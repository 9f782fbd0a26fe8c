/**
 * Checking a pack right after it was written: what lies on the disk must verify (spec 01 §11.4).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { Ports } from "../ports/ports.ts";
import type { Signer } from "../ports/sign.ts";
import { verifyRunpack } from "../runpack/verify_runpack.ts";

/** What checking needs. */
export type SelfVerifyPorts = Pick<Ports, "files" | "digester" | "ed25519">;

/**
 * Verifies container, manifest, member digests, and the signature that was just made.
 *
 * @throws GaitError `verification_failed` when the file does not hold what was written
 */
export async function selfVerify(
  path: string,
  options: { readonly signer?: Signer | undefined; readonly ports: SelfVerifyPorts },
): Promise<void> {
  const { signer, ports } = options;
  const bytes = await ports.files.read(path, { maxBytes: LIMITS.archiveBytes });
  const keys = signer === undefined ? [] : [{
    publicKey: signer.publicKey,
    keyId: signer.keyId,
    source: "signer",
    identity: "",
    revoked: false,
  }];
  const report = await verifyRunpack(bytes, { keys, containerOnly: true }, ports);
  if (report.ok) return;
  throw new GaitError("verification_failed", `Cannot rely on ${path}: it does not verify`, {
    hint: "check the disk and record again",
    details: { path, findings: report.findings },
  });
}
