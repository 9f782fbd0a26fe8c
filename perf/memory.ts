/**
 * Heap that a compiled policy of 10 000 rules adds, measured in a child process that can ask for a
 * collection.
 *
 * @module
 */

import type { Bench, BenchResult } from "./harness.ts";

/** What the child prints. */
interface Report {
  readonly policyMb: number;
  readonly compiledMb: number;
}

/** Runs the child for one set. */
async function measure(set: string): Promise<Report> {
  const child = new URL("./memory_child.ts", import.meta.url);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", "--v8-flags=--expose-gc", child.href, set],
    stdout: "piped",
    stderr: "inherit",
  });
  const { success, stdout } = await command.output();
  if (!success) throw new Error(`memory child failed for ${set}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Measures all sets. The policy value itself is reported, not counted. */
async function run(): Promise<BenchResult> {
  const figures: Record<string, number> = {};
  const ratios: Record<string, number> = {};
  for (const set of ["typical", "target_values", "workspace_prefixes", "four_dimensions"]) {
    const { policyMb, compiledMb } = await measure(set);
    figures[`${set}_policy_mb`] = policyMb;
    ratios[`${set}_compiled_mb`] = compiledMb;
  }
  return { figures, ratios };
}

/** The bench. */
export const bench: Bench = { name: "memory", run };
