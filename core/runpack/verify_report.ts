/**
 * What the verification of a runpack found.
 *
 * @module
 */

import type { ErrorCode } from "../base/error_codes.ts";
import { LIMITS } from "../base/limits.ts";
import { compareCodePoints } from "../base/text_rules.ts";
import type { Signer } from "../trust/verify_signatures.ts";

/** One fact about a pack. */
export interface PackFinding {
  /** Code of the catalogue. */
  readonly code: ErrorCode;
  readonly message: string;
  /** Member that it is about. */
  readonly path?: string;
  /** Line of that member, counted from 1. */
  readonly line?: number;
}

/** A member whose digest is not the listed one. */
export interface HashMismatch {
  readonly path: string;
  /** As listed. */
  readonly expected: string;
  /** As computed, lower-case hex. */
  readonly actual: string;
}

/**
 * How the signatures stand: `unverified` when nothing asked for a check, `skipped` when one was asked for and
 * no key was there.
 */
export type SignatureStatus = "missing" | "unverified" | "skipped" | "verified" | "failed";

/** Outcome of a verification. */
export interface VerifyReport {
  /** No finding. */
  readonly ok: boolean;
  /** As the manifest claims. */
  readonly runId: string;
  /** As the manifest claims; a finding says when it is wrong. */
  readonly manifestDigest: string;
  readonly createdAt: string;
  readonly captureMode: string;
  /** Entries of `files`, missing ones included. */
  readonly filesChecked: number;
  readonly missingFiles: readonly string[];
  readonly hashMismatches: readonly HashMismatch[];
  readonly signatureStatus: SignatureStatus;
  readonly signatureErrors: readonly string[];
  readonly signaturesTotal: number;
  readonly signaturesValid: number;
  readonly signers: readonly Signer[];
  readonly unknownSigners: readonly string[];
  /** Members that this version does not know and the manifest's digest covers. */
  readonly unknownSignedMembers: readonly string[];
  /** Members whose text is not the canonical form. */
  readonly notCanonical: readonly string[];
  readonly intentsTotal: number;
  readonly resultsTotal: number;
  /** Why the pack does not hold, sorted, at most `LIMITS.findings`. */
  readonly findings: readonly PackFinding[];
  /** What a strict reader would refuse, sorted, at most `LIMITS.findings`. */
  readonly warnings: readonly PackFinding[];
}

/** Collects findings and warnings; what one pack can make us keep is bounded. */
export interface Notes {
  /** Adds a reason against the pack. */
  refuse(finding: PackFinding): void;
  /** Adds what only a strict reader refuses. */
  doubt(finding: PackFinding): void;
  readonly findings: PackFinding[];
  readonly warnings: PackFinding[];
}

/** What becomes of doubts. */
export interface NotesOptions {
  /** Every doubt is a reason against the pack. */
  readonly strict: boolean;
  /** Doubts with these codes are reasons against the pack even without `strict`. */
  readonly refused?: readonly ErrorCode[];
}

/** Starts an empty collection. */
export function startNotes({ strict, refused = [] }: NotesOptions): Notes {
  const findings: PackFinding[] = [];
  const warnings: PackFinding[] = [];
  function add(list: PackFinding[], finding: PackFinding): void {
    if (list.length < LIMITS.findings) list.push(finding);
  }
  return {
    findings,
    warnings,
    refuse: (finding) => add(findings, finding),
    doubt: (finding) =>
      add(strict || refused.includes(finding.code) ? findings : warnings, finding),
  };
}

/** Order of findings: by member, line, code, text. */
export function sortFindings(findings: readonly PackFinding[]): PackFinding[] {
  return [...findings].sort((a, b) =>
    compareCodePoints(a.path ?? "", b.path ?? "") || (a.line ?? 0) - (b.line ?? 0) ||
    compareCodePoints(a.code, b.code) || compareCodePoints(a.message, b.message)
  );
}
