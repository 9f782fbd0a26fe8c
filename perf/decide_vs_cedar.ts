/**
 * A decision against Cedar's: the same 100 rules, the policy set parsed beforehand on both sides, one
 * prepared request. Cedar runs as WebAssembly in this process (`statefulIsAuthorized`).
 *
 * @module
 */

import { compilePolicy } from "../core/gate/compile_policy.ts";
import { decide } from "../core/gate/decide.ts";
import { askCedar, loadCedar, toRequest } from "./cedar_peer.ts";
import { typicalSet } from "./gate_sets.ts";
import { type Bench, type BenchOptions, type BenchResult, cycle, timeCases } from "./harness.ts";

/** Measures both. */
function run({ effort }: BenchOptions): BenchResult {
  const { policy, intents } = typicalSet(100);
  const compiled = compilePolicy(policy);
  loadCedar(policy);
  const requests = intents.map(toRequest);
  const timings = timeCases({
    gait: cycle(intents, (intent) => decide(compiled, intent)),
    cedar: cycle(requests, askCedar),
    // WebAssembly takes its time to reach full speed; measuring it cold would flatter us.
  }, { ...effort, warmMs: 2_000 });
  return {
    figures: { gait_ns: timings.ns.gait ?? NaN, cedar_ns: timings.ns.cedar ?? NaN },
    ratios: { cedar_to_gait: timings.ratio("cedar", "gait") },
  };
}

/** The bench. */
export const bench: Bench = { name: "decide_vs_cedar", run };
