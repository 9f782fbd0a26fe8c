/**
 * Child of the memory bench: builds a policy, compiles it, prints what each step added to the heap.
 *
 * @module
 */

import { compilePolicy } from "../core/gate/compile_policy.ts";
import {
  combinationSet,
  type MakeSet,
  targetValueSet,
  typicalSet,
  workspaceSet,
} from "./gate_sets.ts";

const SETS: Readonly<Record<string, MakeSet>> = {
  typical: typicalSet,
  target_values: targetValueSet,
  workspace_prefixes: workspaceSet,
  four_dimensions: combinationSet,
};

/** Heap and array buffers in use after a collection, MB. */
function heapMb(): number {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") throw new TypeError("run with --v8-flags=--expose-gc");
  for (let i = 0; i < 4; i++) collect();
  const { heapUsed, external } = Deno.memoryUsage();
  return (heapUsed + external) / (1024 * 1024);
}

const make = SETS[Deno.args[0] ?? ""] ?? typicalSet;
// Warm up, so that code and feedback of the compiler are not counted.
compilePolicy(make(100).policy);
const empty = heapMb();
const { policy } = make(10_000);
const loaded = heapMb();
const compiled = compilePolicy(policy);
const done = heapMb();
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify({
  policyMb: loaded - empty,
  compiledMb: done - loaded,
  rules: compiled.policy.rules.length,
})));
