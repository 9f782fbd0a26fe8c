/**
 * Recovery after a crash: every file that a segment made durable is put in place, unless it was removed on
 * purpose; then the segment goes. Segments of living processes are left alone.
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { toGaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { Ports } from "../ports/ports.ts";
import type { Segments } from "../ports/segments.ts";
import { decodeSegment, isSegmentName, type SegmentRecord } from "./segment_record.ts";

/** What recovery needs. */
export type RecoveryPorts = Pick<Ports, "files" | "appends"> & { readonly segments: Segments };

/** What was found. */
export interface Recovery {
  /** Segments that were worked through and removed, or would be. */
  readonly segments: readonly string[];
  /** Files that were missing or torn, and were written again. */
  readonly restored: readonly string[];
  /** Files that were there. */
  readonly present: number;
  /** Segments that a living process holds. */
  readonly held: readonly string[];
  /** Segments that cannot be read, with the code of the failure; they stay. */
  readonly damaged: readonly { readonly segment: string; readonly error_code: string }[];
}

/** The state that the records of a segment lead to: text by name. */
function lastTexts(records: readonly SegmentRecord[]): Map<string, string> {
  const out = new Map<string, string>();
  for (const record of records) {
    if (record.kind === "create") out.set(record.name, record.text);
    else out.delete(record.name);
  }
  return out;
}

/** Whether a file has this very text. */
async function hasText(path: string, text: string, ports: RecoveryPorts): Promise<boolean> {
  if ((await ports.files.stat(path))?.kind !== "file") return false;
  const data = await ports.files.read(path, { maxBytes: LIMITS.recordBytes });
  return new TextDecoder().decode(data) === text;
}

/** Collects results. */
interface Findings {
  readonly segments: string[];
  readonly restored: string[];
  present: number;
  readonly held: string[];
  readonly damaged: { segment: string; error_code: string }[];
}

/** Works through one segment that nobody holds. */
async function recoverOne(
  directory: string,
  text: string,
  removed: ReadonlySet<string>,
  context: {
    readonly ports: RecoveryPorts;
    readonly findings: Findings;
    readonly dryRun: boolean;
    readonly source: string;
  },
): Promise<void> {
  const { ports, findings, dryRun, source } = context;
  for (const [name, content] of lastTexts(decodeSegment(text, source))) {
    if (removed.has(name)) continue;
    const path = `${directory}/${name}`;
    if (await hasText(path, content, ports)) {
      findings.present++;
      if (!dryRun) await ports.segments.settle(path);
      continue;
    }
    findings.restored.push(path);
    if (!dryRun) await ports.files.replace(path, utf8(content));
  }
}

/** Reads a segment under its lock; `undefined` when a living process holds it. */
async function readUnheld(path: string, ports: RecoveryPorts): Promise<string | undefined> {
  const file = await ports.appends.open(path, { create: false });
  try {
    if (!await file.tryLock()) return undefined;
    return new TextDecoder().decode(await file.read(0, await file.size()));
  } finally {
    file.close();
  }
}

/** Names that later segments say were removed on purpose. */
function removedNames(texts: ReadonlyMap<string, string>): Set<string> {
  const out = new Set<string>();
  for (const [path, text] of texts) {
    try {
      for (const { kind, name } of decodeSegment(text, path)) if (kind === "remove") out.add(name);
    } catch {
      // Reported when the segment itself is worked through.
    }
  }
  return out;
}

/**
 * Recovers a directory.
 *
 * @param options `dryRun` changes nothing and tells what would happen.
 * @throws GaitError what listing the directory throws
 */
export async function recoverSegments(
  directory: string,
  options: { readonly dryRun: boolean },
  ports: RecoveryPorts,
): Promise<Recovery> {
  const findings: Findings = { segments: [], restored: [], present: 0, held: [], damaged: [] };
  const texts = new Map<string, string>();
  for (const { name } of await ports.files.list(directory)) {
    if (!isSegmentName(name)) continue;
    const path = `${directory}/${name}`;
    const text = await readUnheld(path, ports);
    if (text === undefined) findings.held.push(path);
    else texts.set(path, text);
  }
  // A name is never given twice, so a removal counts wherever it is noted.
  const removed = removedNames(texts);
  for (const [path, text] of texts) {
    const context = { ports, findings, dryRun: options.dryRun, source: path };
    try {
      await recoverOne(directory, text, removed, context);
      findings.segments.push(path);
    } catch (thrown) {
      findings.damaged.push({ segment: path, error_code: toGaitError(thrown).code });
    }
  }
  if (!options.dryRun && findings.segments.length > 0) {
    await ports.segments.settleDirectory(directory);
    // Damaged segments may hold removals of others, so that nothing goes before all were read.
    for (const path of findings.segments) await ports.files.remove(path);
  }
  return findings;
}
