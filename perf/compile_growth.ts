/**
 * How the time of compiling a policy grows from 100 rules to 10 000.
 *
 * @module
 */

import { compilePolicy } from "../core/gate/compile_policy.ts";
import { combinationSet, type MakeSet, typicalSet, workspaceSet } from "./gate_sets.ts";
import { type Bench, type BenchOptions, type BenchResult, timeCases } from "./harness.ts";

const SETS: Readonly<Record<string, MakeSet>> = {
  typical: typicalSet,
  workspace_prefixes: workspaceSet,
  four_dimensions: combinationSet,
};

/** Measures all sets. */
function run({ effort }: BenchOptions): BenchResult {
  const figures: Record<string, number> = {};
  const ratios: Record<string, number> = {};
  for (const [name, make] of Object.entries(SETS)) {
    const small = make(100).policy;
    const large = make(10_000).policy;
    const cases = { small: () => compilePolicy(small), large: () => compilePolicy(large) };
    const timings = timeCases(cases, { ...effort, rounds: 9, sliceMs: 40 });
    figures[`${name}_100_us`] = (timings.ns.small ?? NaN) / 1e3;
    figures[`${name}_10000_us`] = (timings.ns.large ?? NaN) / 1e3;
    ratios[name] = timings.ratio("large", "small");
  }
  return { figures, ratios };
}

/** The bench. */
export const bench: Bench = { name: "compile_growth", run };
