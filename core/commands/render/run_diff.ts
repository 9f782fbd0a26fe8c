/**
 * A comparison of two runs for people.
 *
 * @module
 */

import type { JsonValue } from "../../base/json_value.ts";
import { LIMITS } from "../../base/limits.ts";
import { printable } from "../../base/printable.ts";
import type { DiffGroup, RunDiff } from "../../runpack/diff.ts";

const VALUE_LENGTH = 120;

/** A value on one line, safe on a terminal. */
function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return printable(text, VALUE_LENGTH) + (text.length > VALUE_LENGTH ? "…" : "");
}

/** Name of a group. */
function title({ part, intent_id }: DiffGroup): string {
  return intent_id === undefined ? part : `intent ${printable(intent_id) || "(empty)"}`;
}

/** What happened to a group as a whole. */
function fate({ part, changes }: DiffGroup): string {
  if (part !== "intent") return "";
  const wholeRecord = changes.filter(({ path }) => /^(intent|result)\./.test(path));
  if (wholeRecord.every(({ left }) => left === undefined)) return " (only right)";
  if (wholeRecord.every(({ right }) => right === undefined)) return " (only left)";
  return "";
}

/** Line about parts that are not shown in groups. */
function headLines({ summary, groups }: RunDiff): string[] {
  const files = summary.files_changed ?? [];
  return [
    ...(files.length === 0 ? [] : [`files changed: ${files.map((f) => printable(f)).join(", ")}`]),
    ...(summary.order_changed === true ? ["order or number of records changed"] : []),
    ...(groups.length > LIMITS.findings ? [`${groups.length} groups, the first ones shown`] : []),
  ];
}

/** One line per group with the names of what changed. */
export function groupedLines(diff: RunDiff): string[] {
  return [
    ...headLines(diff),
    ...diff.groups.slice(0, LIMITS.findings).map((group) => {
      const suffix = fate(group);
      const paths = group.changes.map(({ path }) => printable(path, VALUE_LENGTH));
      return suffix === "" ? `${title(group)}: ${paths.join(", ")}` : `${title(group)}${suffix}`;
    }),
  ];
}

/** Removed and added values, one per line, under a heading per group. */
export function unifiedLines(diff: RunDiff): string[] {
  return [
    ...headLines(diff),
    ...diff.groups.slice(0, LIMITS.findings).flatMap((group) => [
      `@@ ${title(group)}${fate(group)} @@`,
      ...group.changes.flatMap(({ path, left, right }) => {
        const name = printable(path, VALUE_LENGTH);
        return [
          ...(left === undefined ? [] : [`- ${name}: ${shown(left)}`]),
          ...(right === undefined ? [] : [`+ ${name}: ${shown(right)}`]),
        ];
      }),
    ]),
  ];
}
