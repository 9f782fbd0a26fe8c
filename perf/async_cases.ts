/**
 * Timing of asynchronous work: the same rounds as in `harness.ts`, one call after the other.
 *
 * @module
 */

import { type Effort, median } from "./harness.ts";

/** One thing to time. */
export type AsyncCase = () => Promise<unknown>;

/** Times of single calls, ns, by name. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/** Value below which a share of a list lies; the share is between 0 and 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** Calls a case for a while and returns the time of every call, ns. */
async function sample(work: AsyncCase, forMs: number): Promise<number[]> {
  const out: number[] = [];
  const end = performance.now() + forMs;
  for (let start = performance.now(); start < end;) {
    await work();
    const now = performance.now();
    out.push((now - start) * 1e6);
    start = now;
  }
  return out;
}

/**
 * Times every call of all cases, round by round.
 *
 * @param cases What to time, by name.
 * @param effort How long.
 */
export async function sampleCases(
  cases: Readonly<Record<string, AsyncCase>>,
  effort: Effort,
): Promise<Samples> {
  for (const work of Object.values(cases)) await sample(work, effort.warmMs);
  const out: Record<string, number[]> = {};
  for (let round = 0; round < effort.rounds; round++) {
    for (const [name, work] of Object.entries(cases)) {
      (out[name] ??= []).push(...await sample(work, effort.sliceMs));
    }
  }
  return out;
}

/** Median time of a case, ns. */
export function medianOf(samples: Samples, name: string): number {
  return median(samples[name] ?? []);
}
