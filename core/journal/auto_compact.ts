/**
 * The threshold of `--auto-compact-above`: events or bytes.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";

/** When to compact after a checkpoint. */
export type CompactThreshold =
  | { readonly kind: "events"; readonly above: number }
  | { readonly kind: "bytes"; readonly above: number };

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/**
 * Parses a threshold: a bare number counts events in the journal, a number with `B`, `KiB`, `MiB` or `GiB` its
 * size.
 *
 * @throws GaitError `unsupported_value`
 */
export function parseThreshold(text: string): CompactThreshold {
  const match = /^(\d{1,15})(B|KiB|MiB|GiB)?$/.exec(text);
  if (match === null) {
    throw new GaitError(
      "unsupported_value",
      `Unusable --auto-compact-above ${JSON.stringify(text)}`,
      {
        hint: "write a number of events, for example 100000, or a size, for example 64MiB",
      },
    );
  }
  const unit = match[2];
  if (unit === undefined) return { kind: "events", above: Number(match[1]) };
  return { kind: "bytes", above: Number(match[1]) * (UNITS[unit] ?? 1) };
}

/** Whether a journal is above a threshold. */
export function isAbove(
  threshold: CompactThreshold,
  journal: { readonly events: number; readonly bytes: number },
): boolean {
  return journal[threshold.kind] > threshold.above;
}
