/**
 * Error codes of evidence that does not hold, and of verdicts.
 *
 * @module
 */

import type { ErrorCodeEntry } from "./entry.ts";

/** By code. */
export const EVIDENCE_CODES = {
  // verification_failed: evidence does not hold.
  verification_failed: {
    category: "verification_failed",
    summary: "A verification failed and no more specific code applies.",
    hint: "re-run verify after checking artifact integrity",
  },
  signature_missing: {
    category: "verification_failed",
    summary: "A signature is required and there is none.",
    hint: "obtain the signed artifact, or pass --allow-unsigned deliberately",
  },
  signature_invalid: {
    category: "verification_failed",
    summary: "A signature does not verify with the given key.",
    hint: "check that the key belongs to the signer and the artifact is unchanged",
  },
  digest_mismatch: {
    category: "verification_failed",
    summary: "A recorded digest or id is not the digest or id of the content.",
    hint: "the artifact was changed after it was written; obtain the original",
  },
  archive_unsafe: {
    category: "verification_failed",
    summary: "An archive names members twice, or under names that leave its directory.",
    hint: "do not extract it; obtain the original archive",
  },
  member_mismatch: {
    category: "verification_failed",
    summary: "The members of an archive are not exactly those that its manifest lists.",
    hint: "the archive was changed after it was written; obtain the original",
  },
  foreign_record: {
    category: "verification_failed",
    summary: "A record belongs to another run or kind than the artifact that holds it.",
    hint: "obtain the original artifact; parts of another one were put into this one",
  },
  record_invalid: {
    category: "verification_failed",
    summary: "A record inside an artifact does not have the shape of its kind.",
    hint: "obtain the original artifact from its producer",
  },
  key_not_trusted: {
    category: "verification_failed",
    summary: "A signing key is revoked, or was not valid when the artifact was created.",
    hint: "check the entry of the key in the trust directory",
  },
  acknowledged_event_missing: {
    category: "verification_failed",
    summary: "A session's journal no longer holds events that were acknowledged.",
    hint: "restore the journal, or inspect the loss with gait run session repair --dry-run",
  },
  journal_altered: {
    category: "verification_failed",
    summary: "A session's journal is not the one whose digest its state recorded.",
    hint: "restore the journal, or inspect it with gait run session repair --dry-run",
  },
  unsigned_member: {
    category: "verification_failed",
    summary: "A signed record has members that its signature does not cover.",
    hint: "obtain the original record without the additional members",
  },
  // policy verdicts.
  policy_blocked: {
    category: "policy_blocked",
    summary: "The policy blocks the call.",
    hint: "inspect reason_codes and adjust policy or intent",
  },
  approval_required: {
    category: "approval_required",
    summary: "The policy asks for an approval that was not presented.",
    hint: "provide a valid approval token and retry",
  },
} as const satisfies Record<string, ErrorCodeEntry>;
