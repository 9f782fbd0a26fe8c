/**
 * A verification report as JSON members and as lines (spec 01 §11.2).
 *
 * @module
 */

import type { ErrorCode } from "../../base/error_codes.ts";
import { GaitError } from "../../base/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import type { PackFinding, VerifyReport } from "../../runpack/verify_report.ts";
import type { Warning } from "../frame/command.ts";
import { failureMembers } from "../frame/render.ts";

/** Drops members whose value is empty, as every JSON output does. */
function compact(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).filter(([name, value]) =>
      name === "ok" || !(value === undefined || value === "" || value === 0 ||
        (Array.isArray(value) && value.length === 0))
    ),
  );
}

/** Members of the JSON output. */
export function reportJson(
  report: VerifyReport,
  path: string,
): Record<string, unknown> & { ok: boolean } {
  const signers = report.signers.map(({ keyId, identity }) => ({
    key_id: keyId,
    ...(identity === "" ? {} : { identity }),
  }));
  return {
    ...compact({
      path,
      run_id: report.runId,
      manifest_digest: report.manifestDigest,
      files_checked: report.filesChecked,
      missing_files: report.missingFiles,
      hash_mismatches: report.hashMismatches,
      signature_status: report.signatureStatus,
      signature_errors: report.signatureErrors,
      signatures_total: report.signaturesTotal,
      signatures_valid: report.signaturesValid,
      signers,
      unknown_signers: report.unknownSigners,
      unknown_signed_members: report.unknownSignedMembers,
      not_canonical: report.notCanonical,
      findings: report.findings,
      doubts: report.warnings,
    }),
    ok: report.ok,
  };
}

/** Codes by weight: of several findings the first of these gives the `error_code` (divergence E2). */
const WEIGHT: readonly ErrorCode[] = [
  "archive_unsafe",
  "digest_mismatch",
  "member_mismatch",
  "foreign_record",
  "signature_missing",
  "signature_invalid",
  "key_not_trusted",
];

/** Members that describe why a pack does not hold; none when it does. */
export function reportFailure(report: VerifyReport): Record<string, unknown> {
  const { findings } = report;
  const weighty = WEIGHT.map((code) => findings.find((finding) => finding.code === code));
  const finding = weighty.find((found) => found !== undefined) ?? findings[0];
  return finding === undefined ? {} : failureMembers(new GaitError(finding.code, finding.message));
}

function findingLine({ message, path, line }: PackFinding): string {
  const where = [path, line].filter((part) => part !== undefined).join(":");
  return where === "" ? message : `${where}: ${message}`;
}

/** Lines for people about a pack that does not hold. */
export function failureLines(report: VerifyReport): string[] {
  const { missingFiles, hashMismatches, signatureStatus, signatureErrors } = report;
  return [
    ...(missingFiles.length === 0 ? [] : [`missing files: ${missingFiles.join(", ")}`]),
    ...(hashMismatches.length === 0 ? [] : [`hash mismatches: ${hashMismatches.length}`]),
    `signature status: ${signatureStatus}`,
    ...(signatureErrors.length === 0 ? [] : [`signature errors: ${signatureErrors.join("; ")}`]),
    ...report.findings.map((finding) => `finding: ${findingLine(finding)}`),
    ...(report.findings.length < LIMITS.findings ? [] : ["further findings are left out"]),
  ];
}

/** What a pack that holds still should be known for. */
export function reportWarnings(report: VerifyReport): Warning[] {
  const out: Warning[] = [];
  const { signatureStatus, unknownSigners, warnings } = report;
  if (signatureStatus === "unverified") {
    out.push({
      code: "signature_unverified",
      message: "the pack is signed, but no key was given: anyone may have written and signed it",
      severity: "warning",
    });
  }
  if (unknownSigners.length > 0) {
    const message = `signed by ${unknownSigners.length} key(s) that nobody here trusts`;
    out.push({ code: "unknown_signers", message, severity: "notice" });
  }
  const [first] = warnings;
  if (first !== undefined) {
    const more = warnings.length > 1 ? ` (and ${warnings.length - 1} more)` : "";
    const message = `a strict reader would refuse the pack: ${findingLine(first)}${more}`;
    out.push({ code: "doubts", message, severity: "notice" });
  }
  return out;
}
