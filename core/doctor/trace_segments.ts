/**
 * Write-ahead segments of trace directories. While a service runs they are its own; left over, they hold traces
 * that were acknowledged and may be nowhere else.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Segments } from "../ports/segments.ts";
import { cleanPath } from "../session/session_paths.ts";
import { recoverSegments, type Recovery } from "../wal/recover_segments.ts";
import { isSegmentName } from "../wal/segment_record.ts";
import { causeOf, type Check, checkOf, type Finding, finding, pathArgument } from "./check.ts";
import { isHeld } from "./lock_files.ts";
import { below, lookAt } from "./look.ts";
import type { DoctorPorts, Subject } from "./subject.ts";

/** Bytes of left-over segments that are read to see what is in them. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Segments that are opened. */
const MOST_SEGMENTS = 1_000;
/** Looks at a directory whose service retires segments meanwhile. */
const ATTEMPTS = 3;

/** Whether a failure is a segment that a living service removed meanwhile. */
function isGone(error: unknown): boolean {
  return error instanceof GaitError &&
    (error.code === "file_not_found" || error.code === "io_failure");
}

/** What recovery would find. */
async function dryRun(
  directory: string,
  segments: Segments,
  ports: DoctorPorts,
): Promise<Recovery> {
  for (let attempt = 1;; attempt++) {
    try {
      return await recoverSegments(directory, { dryRun: true }, { ...ports, segments });
    } catch (error) {
      if (attempt === ATTEMPTS || !isGone(error)) throw error;
    }
  }
}

/** Segments of a directory. */
interface Found {
  readonly held: readonly string[];
  readonly left: readonly string[];
  /** Size of those that are left, bytes. */
  readonly bytes: number;
}

/** Tells segments that somebody holds from others; one that goes meanwhile is none. */
async function sort(paths: readonly string[], ports: DoctorPorts): Promise<Found> {
  const held: string[] = [];
  const left: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    try {
      if (await isHeld(path, ports)) {
        held.push(path);
        continue;
      }
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    const info = await ports.files.stat(path);
    if (info === undefined) continue;
    left.push(path);
    bytes += info.size;
  }
  return { held, left, bytes };
}

/** Segments that were not looked into. */
function unread(paths: readonly string[], why: string, directory: string): Finding[] {
  const hint = `gait trace recover ${pathArgument(directory)} --dry-run looks at them`;
  return [
    finding("warn", `${paths.length} segments that were not read, because ${why}: ${directory}`, {
      hint,
    }),
    ...paths.map((path) => finding("pass", `not read: ${path}`)),
  ];
}

/** Findings of a recovery that was only tried. */
function findingsOf(directory: string, found: Recovery): Finding[] {
  const fixCommand = `gait trace recover ${pathArgument(directory)}`;
  const out: Finding[] = found.held.map((path) =>
    finding("pass", `held by a running service: ${path}`)
  );
  for (const { segment, error_code } of found.damaged) {
    const hint = "keep the file: it may be all that is left of some traces";
    out.push(finding("fail", `damaged segment: ${segment} [${error_code}]`, { hint }));
  }
  const { segments, restored } = found;
  if (segments.length === 0) return out;
  const lost = restored.length;
  out.push(
    lost > 0
      ? finding(
        "fail",
        `${lost} acknowledged traces are in left-over segments only: ${directory}`,
        {
          fixCommand,
        },
      )
      : finding("warn", `left-over segments, whose traces are all in place: ${directory}`, {
        fixCommand,
      }),
    ...segments.map((path) => finding("pass", `left over: ${path}`)),
  );
  return out;
}

/** Looks at one directory. */
async function examine(directory: string, ports: DoctorPorts): Promise<Finding[]> {
  const info = await lookAt(directory, ports.files);
  if (info === undefined) return [];
  if (info.kind !== "directory") {
    return [finding("warn", `trace directory is not a directory: ${directory}`)];
  }
  const entries = await ports.files.list(directory);
  const paths = entries.map(({ name }) => name).filter(isSegmentName)
    .map((name) => `${directory}/${name}`);
  const { segments } = ports;
  if (paths.length === 0) return [];
  if (segments === undefined) {
    return unread(paths, "this build cannot tell whether a service holds them", directory);
  }
  if (paths.length > MOST_SEGMENTS) return unread(paths, "they are too many", directory);
  const { held, left, bytes } = await sort(paths, ports);
  if (bytes > MOST_BYTES) return unread(left, `they hold ${bytes} bytes`, directory);
  if (left.length > 0) return findingsOf(directory, await dryRun(directory, segments, ports));
  return held.map((path) => finding("pass", `held by a running service: ${path}`));
}

/** Every directory of traces that is known. */
export async function checkTraceSegments(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const { workdir, traceDirs } = subject.request;
  const directories = new Set([
    ...traceDirs.map(cleanPath),
    below(subject.outputDir, "mcp-serve/traces"),
    below(workdir, "gait-out/mcp-serve/traces"),
  ]);
  const findings: Finding[] = [];
  for (const directory of directories) {
    try {
      findings.push(...await examine(directory, ports));
    } catch (error) {
      findings.push(finding("warn", `segments cannot be examined: ${causeOf(error)}`));
    }
  }
  return checkOf("trace_segments", findings, "no segments are left over");
}
