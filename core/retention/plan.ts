/**
 * What retention would remove: a pure function of what is there, so that it can be shown before it happens.
 *
 * @module
 */

import { compareCodePoints } from "../base/text_rules.ts";
import type { RetentionBounds } from "../ports/service.ts";
import type { KeptFile, Unit } from "./unit.ts";

/** Units that go, and why. */
export interface RetentionPlan {
  readonly units: readonly Unit[];
  readonly files: readonly KeptFile[];
  /** Files that are too old. */
  readonly removedAge: number;
  /** Files that are too many; one may be both. */
  readonly removedCount: number;
  /** Units that stay. */
  readonly kept: readonly Unit[];
}

/** Newest first; ties by path, descending (spec 04 §10). */
function newestFirst(a: Unit, b: Unit): number {
  return b.modifiedMs - a.modifiedMs || compareCodePoints(b.path, a.path);
}

/** Number of files. */
function count(units: readonly Unit[]): number {
  return units.reduce((sum, { files }) => sum + files.length, 0);
}

/**
 * Plans one class.
 *
 * @param bounds 0 means no bound.
 * @param nowMs Now, ms since the epoch.
 */
export function planRetention(
  units: readonly Unit[],
  bounds: RetentionBounds,
  nowMs: number,
): RetentionPlan {
  const sorted = units.toSorted(newestFirst);
  const isOld = ({ modifiedMs }: Unit) =>
    bounds.maxAgeMs > 0 && nowMs - modifiedMs > bounds.maxAgeMs;
  const surplus = new Set(bounds.maxCount > 0 ? sorted.slice(bounds.maxCount) : []);
  const gone = sorted.filter((unit) => !unit.isLive && (isOld(unit) || surplus.has(unit)));
  const going = new Set(gone);
  return {
    units: gone,
    files: gone.flatMap(({ files }) => files),
    removedAge: count(gone.filter(isOld)),
    removedCount: count(gone.filter((unit) => surplus.has(unit))),
    kept: sorted.filter((unit) => !going.has(unit)),
  };
}
