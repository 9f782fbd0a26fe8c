/**
 * Write-ahead segments of trace directories. While a service runs they are its own; left over, they hold traces
 * that were acknowledged and may be nowhere else.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Segments } from "../ports/segments.ts";
import { recoverSegments, type Recovery } from "../wal/recover_segments.ts";
import { isSegmentName } from "../wal/segment_record.ts";
import { causeOf, type Check, checkOf, type Finding, finding, pathArgument } from "./check.ts";
import { below, lookAt } from "./look.ts";
import type { DoctorPorts, Subject } from "./subject.ts";

/** Bytes of segments that are read to see what is in them; a service keeps far less. */
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

/** Names of segments and their size together, bytes. */
async function measure(directory: string, ports: DoctorPorts) {
  const entries = await ports.files.list(directory);
  const names = entries.map(({ name }) => name).filter(isSegmentName);
  let bytes = 0;
  for (const name of names.slice(0, MOST_SEGMENTS)) {
    bytes += (await ports.files.stat(`${directory}/${name}`))?.size ?? 0;
  }
  return { names, bytes };
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
  const { names, bytes } = await measure(directory, ports);
  if (names.length === 0) return [];
  const { segments } = ports;
  if (segments !== undefined && bytes <= MOST_BYTES && names.length <= MOST_SEGMENTS) {
    return findingsOf(directory, await dryRun(directory, segments, ports));
  }
  const why = segments === undefined
    ? "this build cannot tell whether a service holds them"
    : `they are too many or too large (${bytes} bytes or more)`;
  return [
    finding("warn", `${names.length} segments that were not read, because ${why}: ${directory}`, {
      hint: `gait trace recover ${pathArgument(directory)} --dry-run looks at them`,
    }),
    ...names.map((name) => finding("pass", `not read: ${directory}/${name}`)),
  ];
}

/** Every directory of traces that is known. */
export async function checkTraceSegments(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const { workdir, traceDirs } = subject.request;
  const directories = new Set([
    ...traceDirs,
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
