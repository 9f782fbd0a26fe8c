/**
 * Whether a runpack is the one that a checkpoint names, and holds exactly the events of its range
 * (spec 03 §6.2; divergence E9).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { isJsonObject } from "../base/json_value.ts";
import { printable } from "../base/printable.ts";
import { MEMBER } from "../runpack/model.ts";
import type { SignaturePolicy } from "../runpack/verify_manifest.ts";
import type { VerifyReport } from "../runpack/verify_report.ts";
import { verifyRunpack } from "../runpack/verify_runpack.ts";
import type { SignPorts } from "../sign/signer.ts";
import { checkpointRunId } from "./checkpoint_pack.ts";
import type { SessionCheckpoint } from "./records.ts";

/** Longest cause that is repeated in a finding. */
const CAUSE_LENGTH = 300;

/** Compares the sequences of a pack with a range, one call at a time. */
class RangeCheck {
  readonly #checkpoint: SessionCheckpoint;
  #next: number;
  #holds = true;

  constructor(checkpoint: SessionCheckpoint) {
    this.#checkpoint = checkpoint;
    this.#next = checkpoint.sequence_start;
  }
  take(record: unknown): void {
    const args = isJsonObject(record) && isJsonObject(record.args) ? record.args : {};
    const { session_id: session } = this.#checkpoint;
    if (args.sequence !== this.#next || args.session_id !== session) this.#holds = false;
    this.#next++;
  }
  get holds(): boolean {
    return this.#holds && this.#next === this.#checkpoint.sequence_end + 1;
  }
}

/** What a report says about a checkpoint, as texts of spec 03 §6.2. */
function reportErrors(
  report: VerifyReport,
  checkpoint: SessionCheckpoint,
  range: RangeCheck,
): string[] {
  const name = `checkpoint ${checkpoint.checkpoint_index}`;
  const out: string[] = [];
  const codes = new Set(report.findings.map(({ code }) => code));
  const digest = report.manifestDigest !== checkpoint.manifest_digest ||
    report.findings.some(({ code, path }) =>
      code === "digest_mismatch" && path === MEMBER.manifest
    );
  // Another pack altogether: what else is wrong with it says nothing about this checkpoint.
  if (digest) return [`${name} manifest digest mismatch`];
  if (report.runId !== checkpointRunId(checkpoint.run_id, checkpoint.checkpoint_index)) {
    out.push(`${name} runpack belongs to run ${printable(report.runId)}`);
  }
  const signatures = new Set(["signature_missing", "signature_invalid", "key_not_trusted"]);
  const others = report.findings.filter(({ code, path }) =>
    !signatures.has(code) && !(code === "digest_mismatch" && path === MEMBER.manifest)
  );
  if (others.length > 0) out.push(`${name} runpack integrity failure`);
  else if (!range.holds) out.push(`${name} runpack holds other events than its range`);
  if ([...codes].some((code) => signatures.has(code))) {
    out.push(`${name} signature verification failed`);
  }
  return out;
}

/**
 * Verifies the runpack of a checkpoint.
 *
 * @param checkpoint The checkpoint.
 * @param pack Content of the file, and how its signatures are judged.
 * @returns Findings; none when the pack holds.
 */
export async function verifyCheckpointPack(
  checkpoint: SessionCheckpoint,
  pack: { readonly bytes: Uint8Array; readonly policy: SignaturePolicy },
  ports: SignPorts,
): Promise<string[]> {
  const range = new RangeCheck(checkpoint);
  const onRecord = (member: string, record: unknown): void => {
    if (member === MEMBER.intents) range.take(record);
  };
  try {
    const report = await verifyRunpack(pack.bytes, { ...pack.policy, onRecord }, ports);
    return reportErrors(report, checkpoint, range);
  } catch (error) {
    return [unusablePack(checkpoint, error)];
  }
}

/** Why a pack cannot be read, in the reference's words where it has fixed ones. */
function causeOf(error: GaitError, path: string): string {
  if (error.code === "file_not_found") return `open zip: open ${path}: no such file or directory`;
  const structure = error.code === "archive_corrupt" &&
    /^Cannot read the archive/.test(error.message);
  return structure ? `open zip: zip: not a valid zip file` : error.message;
}

/** The finding for a pack that cannot be read. */
export function unusablePack(checkpoint: SessionCheckpoint, error: unknown): string {
  if (!(error instanceof GaitError)) throw error;
  const cause = printable(causeOf(error, checkpoint.runpack_path), CAUSE_LENGTH);
  return `checkpoint ${checkpoint.checkpoint_index} verify error: ${cause}`;
}
