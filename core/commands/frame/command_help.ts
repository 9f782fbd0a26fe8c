/**
 * Help of one command, made from its specification.
 *
 * @module
 */

import { COMMON_FLAGS, usageLine } from "./arguments.ts";
import type { CommandSpec, FlagSpec } from "./command.ts";

/** Lays rows out in two columns. */
export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
}

/** Left column of a flag. */
function flagColumn(flag: FlagSpec): string {
  return flag.kind === "boolean" ? `--${flag.name}` : `--${flag.name} <${flag.value ?? "text"}>`;
}

/** Right column of a flag. */
function flagSummary(flag: FlagSpec): string {
  const notes = [
    flag.choices === undefined ? "" : `one of ${flag.choices.join(", ")}`,
    flag.repeatable ? "repeatable" : "",
  ].filter((note) => note !== "");
  return notes.length === 0 ? flag.summary : `${flag.summary} (${notes.join("; ")})`;
}

/** Help of one command. */
export function commandHelp(spec: CommandSpec): string[] {
  const flags = [...spec.flags, ...COMMON_FLAGS];
  const examples = spec.examples ?? [];
  return [
    usageLine(spec),
    "",
    spec.explain,
    "",
    "flags:",
    ...columns(flags.map((flag) => [flagColumn(flag), flagSummary(flag)] as const)),
    ...(examples.length === 0 ? [] : ["", "examples:", ...examples.map((line) => `  ${line}`)]),
  ];
}
