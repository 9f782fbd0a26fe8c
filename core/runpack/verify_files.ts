/**
 * Members against the manifest: exactly the listed ones, each with its digest (divergence E1).
 *
 * @module
 */

import { toHex } from "../base/bytes.ts";
import { LIMITS } from "../base/limits.ts";
import { printable } from "../base/printable.ts";
import { compareCodePoints, sortedSet } from "../base/text_rules.ts";
import type { Digester } from "../ports/digest.ts";
import type { ZipArchive } from "../zip/read_zip.ts";
import { CONTENT_MEMBERS, MEMBER } from "./model.ts";
import type { ManifestDocument } from "./read_manifest.ts";
import type { HashMismatch, Notes } from "./verify_report.ts";

/** Members up to this size are hashed while others are read, bytes. */
const OVERLAP_BYTES = 8 * 1024 * 1024;

/** What is compared. */
export interface FilesRequest {
  readonly archive: ZipArchive;
  readonly manifest: ManifestDocument;
  readonly notes: Notes;
  /** Called once per listed member with its content, whether its digest fits or not. */
  readonly onMember?: (path: string, content: Uint8Array) => void;
}

/** What differs. */
export interface FilesReport {
  /** Sorted. */
  readonly missing: readonly string[];
  /** Sorted by path. */
  readonly mismatches: readonly HashMismatch[];
}

/** Compares the two lists of names. */
function checkNames({ archive, manifest, notes }: FilesRequest): void {
  const listed = new Set<string>();
  for (const { path } of manifest.files) {
    if (listed.has(path)) {
      const message = `the manifest lists ${printable(path)} twice`;
      notes.refuse({ code: "member_mismatch", message, path: MEMBER.manifest });
    }
    listed.add(path);
  }
  for (const path of CONTENT_MEMBERS) {
    if (listed.has(path)) continue;
    const message = `the manifest does not list ${path}`;
    notes.refuse({ code: "member_mismatch", message, path: MEMBER.manifest });
  }
  if (listed.has(MEMBER.manifest)) {
    const message = "the manifest lists itself";
    notes.refuse({ code: "member_mismatch", message, path: MEMBER.manifest });
  }
  for (const { name } of archive.members) {
    if (listed.has(name) || name === MEMBER.manifest) continue;
    const message = `member is not listed in the manifest: ${printable(name)}`;
    notes.refuse({ code: "member_mismatch", message, path: printable(name) });
  }
}

/** SHA-256 in hex; with an asynchronous digester the work goes on elsewhere. */
async function hexDigest(content: Uint8Array, digester: Digester): Promise<string> {
  return toHex(await digester.sha256(content));
}

/**
 * Compares members and manifest. One large member is in memory at a time.
 *
 * @param request Archive and manifest.
 * @param digester SHA-256.
 * @throws GaitError `archive_corrupt` when a listed member cannot be read
 */
export async function verifyFiles(request: FilesRequest, digester: Digester): Promise<FilesReport> {
  const { archive, manifest, notes, onMember } = request;
  checkNames(request);
  const missing: string[] = [];
  const pending = new Map<string, Promise<string>>();
  for (const { path } of manifest.files) {
    const member = archive.find(path);
    if (member === undefined) missing.push(path);
    if (member === undefined || pending.has(path)) continue;
    const content = member.read();
    const digest = hexDigest(content, digester);
    // Awaited below; until then a failure must not count as unhandled.
    digest.catch(() => undefined);
    pending.set(path, digest);
    onMember?.(path, content);
    // Small members are hashed while the next ones are read; large ones must not pile up.
    if (content.length > OVERLAP_BYTES) await digest;
  }
  const mismatches: HashMismatch[] = [];
  for (const { path, sha256 } of manifest.files) {
    const actual = await pending.get(path);
    // Spec 01 §5: digests of files compare without regard to case.
    if (actual !== undefined && sha256.toLowerCase() !== actual) {
      mismatches.push({ path, expected: sha256, actual });
    }
  }
  for (const { path } of mismatches) {
    const message = "content is not what the manifest lists";
    notes.refuse({ code: "digest_mismatch", message, path: printable(path) });
  }
  for (const path of missing) {
    const message = `listed member is missing: ${printable(path)}`;
    notes.refuse({ code: "member_mismatch", message, path: printable(path) });
  }
  return {
    missing: sortedSet(missing).slice(0, LIMITS.findings),
    mismatches: mismatches.sort((a, b) => compareCodePoints(a.path, b.path))
      .slice(0, LIMITS.findings),
  };
}
