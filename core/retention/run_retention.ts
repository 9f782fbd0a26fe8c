/**
 * Applies retention to the directories of a service (spec 04 §10, divergence S10): plan, report, remove.
 *
 * @module
 */

import { toGaitError } from "../base/errors.ts";
import { inDirectory } from "../mcp/artifact_names.ts";
import type { Ports } from "../ports/ports.ts";
import type { ServiceConfig } from "../ports/service.ts";
import { planRetention, type RetentionPlan } from "./plan.ts";
import { removeSession } from "./remove_session.ts";
import {
  isPolicyChangeName,
  isSideRecordName,
  isTraceName,
  type KeptFile,
  recordUnits,
  runpackUnits,
  sessionBases,
  sessionUnits,
  type Unit,
} from "./unit.ts";

/** Kinds of files. */
export type RetentionClass = "trace" | "runpack" | "session";

/** What was found and done in one class. */
export interface RetentionReport {
  readonly kind: RetentionClass;
  readonly removedAge: number;
  readonly removedCount: number;
  /** Files that go, or would go in a dry run. */
  readonly files: readonly string[];
  /** Units that stay. */
  readonly kept: number;
  /** Code of the failure; "" for none. */
  readonly error: string;
}

/** What retention needs. */
export type RetentionPorts = Pick<Ports, "files" | "locks" | "clock" | "env">;

/** Directories and bounds. */
export interface RetentionRequest {
  readonly traceDir: string;
  readonly sessionDir: string;
  /** "" when there is none. */
  readonly runpackDir: string;
  /** Files that may lie in these directories and have their own rules: logs. */
  readonly excluded: ReadonlySet<string>;
  readonly bounds: ServiceConfig["retention"];
  /** Hears what goes before it goes. */
  announce(report: RetentionReport): void;
  /** Hears that a session is gone; the argument is the path of its journal. */
  sessionGone(journal: string): void;
}

/** Units that are removed at the same time. */
const REMOVED_AT_ONCE = 256;
/** Time after which a side record surely belongs to a trace that is gone, ms. */
const SIDE_MARGIN_MS = 60_000;

/** Regular files of a directory that may go. */
async function filesOf(
  directory: string,
  { excluded }: RetentionRequest,
  ports: RetentionPorts,
): Promise<KeptFile[]> {
  if (directory === "") return [];
  const out: KeptFile[] = [];
  for (const { name, kind } of await ports.files.list(directory)) {
    if (kind !== "file" || isPolicyChangeName(name)) continue;
    // As journals and answers name it.
    const path = inDirectory(directory, name);
    if (excluded.has(path)) continue;
    const modifiedMs = (await ports.files.stat(path))?.modifiedMs;
    if (modifiedMs !== undefined) out.push({ path, name, modifiedMs });
  }
  return out;
}

/** Traces, and the side records of traces that are gone. */
function planTraces(files: KeptFile[], request: RetentionRequest, nowMs: number): RetentionPlan {
  const bounds = request.bounds.trace;
  const plan = planRetention(recordUnits(files, isTraceName), bounds, nowMs);
  const oldest = Math.min(...plan.kept.map(({ modifiedMs }) => modifiedMs));
  const sides = recordUnits(files, isSideRecordName)
    .filter(({ modifiedMs }) => modifiedMs < Math.min(oldest, nowMs) - SIDE_MARGIN_MS);
  const removed = sides.flatMap((side) => side.files);
  return { ...plan, units: [...plan.units, ...sides], files: [...plan.files, ...removed] };
}

/** Files of sessions; where traces lie in the same directory, those are not of them. */
async function sessionFiles(
  request: RetentionRequest,
  ports: RetentionPorts,
): Promise<KeptFile[]> {
  const { traceDir, sessionDir } = request;
  const files = await filesOf(sessionDir, request, ports);
  const shared = await ports.files.realPath(traceDir) === await ports.files.realPath(sessionDir);
  return shared ? files.filter(({ name }) => !isTraceName(name) && !isSideRecordName(name)) : files;
}

/** Plans a class. */
async function planClass(
  kind: RetentionClass,
  request: RetentionRequest,
  ports: RetentionPorts,
): Promise<RetentionPlan> {
  const nowMs = Number(ports.clock.now() / 1_000_000n);
  const { bounds, traceDir, runpackDir } = request;
  if (kind === "trace") return planTraces(await filesOf(traceDir, request, ports), request, nowMs);
  const sessions = await sessionFiles(request, ports);
  const archives = await filesOf(runpackDir, request, ports);
  if (kind === "runpack") {
    return planRetention(runpackUnits(archives, sessionBases(sessions)), bounds.runpack, nowMs);
  }
  const facts = { archives, liveSinceMs: nowMs - bounds.sessionIdleMs };
  return planRetention(sessionUnits(sessions, facts), bounds.session, nowMs);
}

/** Removes a unit: the file that names it last, so that a half-removed unit is found again. */
async function removeUnit(unit: Unit, request: RetentionRequest, ports: RetentionPorts) {
  if (unit.path.endsWith(".journal.jsonl")) {
    if (await removeSession(unit, request.bounds.sessionIdleMs, ports)) {
      request.sessionGone(unit.path);
    }
    return;
  }
  for (const file of unit.files.toReversed()) await ports.files.remove(file.path);
}

/** Removes units, some at a time, so that those that need a durable note share its sync. */
async function removeAll(
  units: readonly Unit[],
  request: RetentionRequest,
  ports: RetentionPorts,
): Promise<void> {
  for (let at = 0; at < units.length; at += REMOVED_AT_ONCE) {
    const some = units.slice(at, at + REMOVED_AT_ONCE);
    await Promise.all(some.map((unit) => removeUnit(unit, request, ports)));
  }
}

/** Runs one class. */
async function runClass(
  kind: RetentionClass,
  request: RetentionRequest,
  ports: RetentionPorts,
): Promise<RetentionReport> {
  try {
    const plan = await planClass(kind, request, ports);
    const report: RetentionReport = {
      kind,
      removedAge: plan.removedAge,
      removedCount: plan.removedCount,
      files: plan.files.map(({ path }) => path),
      kept: plan.kept.length,
      error: "",
    };
    if (plan.files.length > 0) request.announce(report);
    if (!request.bounds.dryRun) {
      await removeAll(plan.units, request, ports);
    }
    return report;
  } catch (thrown) {
    const error = toGaitError(thrown).code;
    return { kind, removedAge: 0, removedCount: 0, files: [], kept: 0, error };
  }
}

/** Whether a class has a bound at all. */
function isBounded({ maxAgeMs, maxCount }: { maxAgeMs: number; maxCount: number }): boolean {
  return maxAgeMs > 0 || maxCount > 0;
}

/**
 * Runs retention over all classes that have bounds. A failure in one class is part of its report and does
 * not keep the others from running.
 */
export async function runRetention(
  request: RetentionRequest,
  ports: RetentionPorts,
): Promise<RetentionReport[]> {
  const out: RetentionReport[] = [];
  // Sessions before runpacks: their checkpoints go with them.
  for (const kind of ["trace", "session", "runpack"] as const) {
    const directory = kind === "runpack" ? request.runpackDir : ".";
    if (directory === "" || !isBounded(request.bounds[kind])) continue;
    out.push(await runClass(kind, request, ports));
  }
  return out;
}
