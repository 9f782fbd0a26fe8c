/**
 * Verification of a whole runpack (spec 01 §11.2; divergences E1–E4, E6, E12). The outcome is a value with
 * every finding.
 *
 * @module
 */

import { equalBytes, utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import { printable } from "../base/printable.ts";
import { sortedSet } from "../base/text_rules.ts";
import type { SignPorts } from "../sign/signer.ts";
import { readZip, type ZipArchive } from "../zip/read_zip.ts";
import { canonicalize } from "../jcs/canonicalize.ts";
import { MEMBER } from "./model.ts";
import { type ManifestDocument, readManifest } from "./read_manifest.ts";
import { verifyFiles } from "./verify_files.ts";
import {
  checkManifestDigest,
  checkManifestKind,
  checkManifestSignatures,
  type SignaturePolicy,
} from "./verify_manifest.ts";
import { checkRecords, type RecordContext } from "./verify_records.ts";
import { type Notes, sortFindings, startNotes, type VerifyReport } from "./verify_report.ts";

/** How a pack is verified. */
export interface VerifyOptions extends SignaturePolicy {
  /** Run id that the caller asked for; another one in the pack is a finding. */
  readonly expectedRunId?: string;
  /** Refuses records whose digest is well-formed and false, which only strict does otherwise (E9). */
  readonly refuseFalseDigests?: boolean;
  /** Skips the records: container, manifest, file digests and signatures only. */
  readonly containerOnly?: boolean;
  /** Called for every record that could be read, with the name of its member. */
  readonly onRecord?: RecordContext["onRecord"];
}

/** Reads the manifest of an archive. */
function manifestOf(archive: ZipArchive): { document: ManifestDocument; bytes: Uint8Array } {
  const member = archive.find(MEMBER.manifest);
  if (member === undefined) {
    throw new GaitError("archive_corrupt", `Cannot read the runpack: it has no ${MEMBER.manifest}`);
  }
  const bytes = member.read();
  return { document: readManifest(bytes), bytes };
}

/** Findings about the archive as a whole. */
function checkArchive(archive: ZipArchive, notes: Notes): void {
  for (const { code, message } of archive.problems) notes.refuse({ code, message });
}

/** What the records of a pack add to the report. */
interface RecordFacts {
  readonly counts: Map<string, number>;
  readonly notCanonical: string[];
}

/** Checks one member's records while its content is at hand. */
function recordChecker(context: RecordContext, facts: RecordFacts) {
  return (path: string, content: Uint8Array) => {
    const found = checkRecords(path, content, context);
    if (found === undefined) return;
    facts.counts.set(path, found.records);
    if (!found.canonical) facts.notCanonical.push(path);
  };
}

/**
 * Verifies a runpack.
 *
 * @param bytes The whole archive.
 * @param options Trusted keys and how strict to be.
 * @param ports Hash and signature scheme.
 * @throws GaitError for what cannot be read at all: `archive_corrupt`, `input_too_large`, `schema_violation` and
 *   codes of the JSON reader for the manifest
 */
export async function verifyRunpack(
  bytes: Uint8Array,
  options: VerifyOptions,
  ports: SignPorts,
): Promise<VerifyReport> {
  const archive = readZip(bytes);
  const { document: manifest, bytes: manifestBytes } = manifestOf(archive);
  const { strict = false, refuseFalseDigests = false } = options;
  const notes = startNotes({ strict, refused: refuseFalseDigests ? ["digest_mismatch"] : [] });
  checkArchive(archive, notes);
  checkManifestKind(manifest, notes);
  await checkManifestDigest(manifest, notes, ports);
  const { expectedRunId } = options;
  if (expectedRunId !== undefined && expectedRunId !== manifest.runId) {
    const message = `the pack holds run ${printable(manifest.runId)}`;
    notes.refuse({ code: "foreign_record", message, path: MEMBER.manifest });
  }
  const facts: RecordFacts = { counts: new Map(), notCanonical: [] };
  if (!equalBytes(manifestBytes, utf8(canonicalize(manifest.value)))) {
    facts.notCanonical.push(MEMBER.manifest);
  }
  const { onRecord } = options;
  const context = { manifest, notes, ...(onRecord === undefined ? {} : { onRecord }) };
  const onMember = options.containerOnly ? {} : { onMember: recordChecker(context, facts) };
  const files = await verifyFiles({ archive, manifest, notes, ...onMember }, ports.digester);
  const signatures = await checkManifestSignatures(manifest, { policy: options, notes }, ports);
  return {
    ok: notes.findings.length === 0,
    runId: manifest.runId,
    manifestDigest: manifest.manifestDigest,
    createdAt: manifest.createdAt,
    captureMode: manifest.captureMode,
    filesChecked: manifest.files.length,
    missingFiles: files.missing,
    hashMismatches: files.mismatches,
    signatureStatus: signatures.status,
    signatureErrors: signatures.errors,
    signaturesTotal: signatures.total,
    signaturesValid: signatures.valid,
    signers: signatures.signers,
    unknownSigners: signatures.unknownSigners,
    unknownSignedMembers: manifest.unknownMembers,
    notCanonical: sortedSet(facts.notCanonical),
    intentsTotal: facts.counts.get(MEMBER.intents) ?? 0,
    resultsTotal: facts.counts.get(MEMBER.results) ?? 0,
    findings: sortFindings(notes.findings),
    warnings: sortFindings(notes.warnings),
  };
}
