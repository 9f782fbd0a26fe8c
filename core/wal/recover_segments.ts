/**
 * Recovery after a crash: every file that a segment made durable is put in place, unless it was removed on
 * purpose; then the segment goes. Segments of living processes are left alone.
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { toGaitError } from "../base/errors.ts";
import { isJsonObject } from "../base/json_value.ts";
import { LIMITS } from "../base/limits.ts";
import { compareCodePoints } from "../base/text_rules.ts";
import type { Ports } from "../ports/ports.ts";
import type { Segments } from "../ports/segments.ts";
import { parseJson } from "../text/json.ts";
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

/** Whether a text is one whole record; what a crash tore is none. */
function isRecord(text: string, source: string): boolean {
  try {
    return isJsonObject(parseJson(text, { source }));
  } catch {
    return false;
  }
}

/**
 * Whether a file is there as a whole: with this very text, or with another record. That one was written later,
 * under a name that was given again, and is durable by itself.
 */
async function isPresent(path: string, text: string, ports: RecoveryPorts): Promise<boolean> {
  if ((await ports.files.stat(path))?.kind !== "file") return false;
  const data = await ports.files.read(path, { maxBytes: LIMITS.recordBytes });
  const found = new TextDecoder().decode(data);
  return found === text || isRecord(found, path);
}

/** Collects results. */
interface Findings {
  readonly segments: string[];
  readonly restored: string[];
  present: number;
  readonly held: string[];
  readonly damaged: { segment: string; error_code: string }[];
}

/** Works through one segment that nobody holds, except for names that are decided already. */
async function recoverOne(
  directory: string,
  text: string,
  decided: ReadonlySet<string>,
  context: {
    readonly ports: RecoveryPorts;
    readonly findings: Findings;
    readonly dryRun: boolean;
    readonly source: string;
  },
): Promise<void> {
  const { ports, findings, dryRun, source } = context;
  for (const [name, content] of lastTexts(decodeSegment(text, source))) {
    if (decided.has(name)) continue;
    const path = `${directory}/${name}`;
    if (await isPresent(path, content, ports)) {
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

/** Names that a segment says something about; none when it cannot be read. */
function namesIn(text: string, path: string): string[] {
  try {
    return decodeSegment(text, path).map(({ name }) => name);
  } catch {
    // Reported when the segment itself is worked through.
    return [];
  }
}

/** Whoever wrote a segment: its path without its number. */
function ownerOf(path: string): string {
  return path.slice(0, path.lastIndexOf("-"));
}

/** Works through segments, the newest first: of what one process wrote about a name, the last word counts. */
async function recoverAll(
  directory: string,
  texts: ReadonlyMap<string, string>,
  context: {
    readonly ports: RecoveryPorts;
    readonly findings: Findings;
    readonly dryRun: boolean;
  },
): Promise<void> {
  const { findings } = context;
  const later = new Map<string, Set<string>>();
  const newestFirst = [...texts].sort(([a], [b]) => compareCodePoints(b, a));
  for (const [path, text] of newestFirst) {
    const owner = ownerOf(path);
    const decided = later.get(owner) ?? new Set();
    try {
      await recoverOne(directory, text, decided, { ...context, source: path });
      findings.segments.push(path);
    } catch (thrown) {
      findings.damaged.push({ segment: path, error_code: toGaitError(thrown).code });
    }
    for (const name of namesIn(text, path)) decided.add(name);
    later.set(owner, decided);
  }
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
  await recoverAll(directory, texts, { ports, findings, dryRun: options.dryRun });
  if (!options.dryRun && findings.segments.length > 0) {
    await ports.segments.settleDirectory(directory);
    // The oldest first: should this be cut short, what is left must not say less than it does now.
    for (const path of findings.segments.toReversed()) await ports.files.remove(path);
  }
  return findings;
}
