/**
 * How the time of a decision grows from 10 rules to 10 000, or from 10 patterns to 10 000.
 *
 * @module
 */

import { compilePolicy } from "../core/gate/compile_policy.ts";
import { decide } from "../core/gate/decide.ts";
import {
  combinationSet,
  directoryPatternSet,
  infixPatternSet,
  type MakeSet,
  prefixPatternSet,
  suffixPatternSet,
  targetValueSet,
  toolSet,
  typicalSet,
  workspaceSet,
} from "./gate_sets.ts";
import { type Bench, type BenchOptions, type BenchResult, cycle, timeCases } from "./harness.ts";

const SETS: Readonly<Record<string, MakeSet>> = {
  tools: toolSet,
  typical: typicalSet,
  target_values: targetValueSet,
  workspace_prefixes: workspaceSet,
  four_dimensions: combinationSet,
  prefix_patterns: prefixPatternSet,
  suffix_patterns: suffixPatternSet,
  infix_patterns: infixPatternSet,
  directory_patterns: directoryPatternSet,
};

/** A case that decides about the intents of a set in turn. */
function decideCase(make: MakeSet, size: number): () => unknown {
  const { policy, intents } = make(size);
  const compiled = compilePolicy(policy);
  return cycle(intents, (intent) => decide(compiled, intent));
}

/** Measures all sets. */
function run({ effort }: BenchOptions): BenchResult {
  const figures: Record<string, number> = {};
  const ratios: Record<string, number> = {};
  for (const [name, make] of Object.entries(SETS)) {
    const cases = { small: decideCase(make, 10), large: decideCase(make, 10_000) };
    const timings = timeCases(cases, effort);
    figures[`${name}_10_ns`] = timings.ns.small ?? NaN;
    figures[`${name}_10000_ns`] = timings.ns.large ?? NaN;
    ratios[name] = timings.ratio("large", "small");
  }
  return { figures, ratios };
}

/** The bench. */
export const bench: Bench = { name: "decide_growth", run };
