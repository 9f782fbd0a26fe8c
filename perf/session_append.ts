/**
 * Appending to a session: flat for any length of the journal, in process and as a command, and many at once
 * against one after the other. The command is bundled: run `deno task bundle` first.
 *
 * @module
 */

import { sampleCases } from "./async_cases.ts";
import { type Bench, type BenchOptions, type BenchResult, median } from "./harness.ts";
import { appendCase, writeSession } from "./session_sets.ts";

const BUNDLE = new URL("../dist/bundle/cli.js", import.meta.url).pathname;
/** Beside the bundle, because the runtime reads this repository's configuration for whatever lies in it. */
const EMPTY = new URL("../dist/empty_program.js", import.meta.url).pathname;
const SMALL = 10;
const LARGE = 100_000;
const TOGETHER = 32;
/** Appends of the drift measurement, and how many at either end are compared. */
const DRIFT = { runs: 3, appends: 5_000, window: 40 };

/** Runs a program to its end and returns the time, ms. */
async function timeProgram(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", ...args],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const elapsed = performance.now() - began;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return elapsed;
}

/** Times programs in turn: the median of each, ms. */
async function timePrograms(
  programs: Readonly<Record<string, readonly string[]>>,
  rounds: number,
): Promise<Record<string, number>> {
  const times: Record<string, number[]> = {};
  for (let i = -2; i < rounds; i++) {
    for (const [name, args] of Object.entries(programs)) {
      const time = await timeProgram(args);
      if (i >= 0) (times[name] ??= []).push(time);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

/** Arguments of an append. */
function command(journal: string): string[] {
  return [
    ...[BUNDLE, "run", "session", "append", "--journal", journal],
    ...["--tool", "file.write", "--verdict", "allow", "--json"],
  ];
}

/** Mean of the last appends of a long run against that of the first. */
async function drift(append: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < DRIFT.appends; i++) {
    const began = performance.now();
    await append();
    times.push(performance.now() - began);
  }
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  return mean(times.slice(-DRIFT.window)) / mean(times.slice(0, DRIFT.window));
}

/** Drift of some long runs, each on a journal of its own. */
async function drifts(folder: string): Promise<number[]> {
  const out: number[] = [];
  for (let i = 0; i < DRIFT.runs; i++) {
    const journal = `${folder}/long${i}.jsonl`;
    await writeSession(journal, 0);
    out.push(await drift(appendCase(journal)));
  }
  return out;
}

/** Measures everything. */
async function run({ quick, effort }: BenchOptions): Promise<BenchResult> {
  const folder = await Deno.makeTempDir({ prefix: "gait-bench-" });
  try {
    const [small, large] = [`${folder}/small.jsonl`, `${folder}/large.jsonl`];
    await writeSession(small, SMALL);
    await writeSession(large, LARGE);
    await Deno.writeTextFile(EMPTY, "");
    const one = appendCase(small);
    const cases = {
      small: one,
      large: appendCase(large),
      together: () => Promise.all(Array.from({ length: TOGETHER }, one)),
    };
    const samples = await sampleCases(cases, effort);
    const ms = (name: string) => median(samples[name] ?? []) / 1e6;
    const programs = await timePrograms({
      empty: [EMPTY],
      small: command(small),
      large: command(large),
    }, quick ? 11 : 31);
    const { empty = NaN, small: smallMs = NaN, large: largeMs = NaN } = programs;
    return {
      figures: {
        append_ms: ms("small"),
        append_100000_ms: ms("large"),
        together_each_ms: ms("together") / TOGETHER,
        empty_program_ms: empty,
        command_ms: smallMs,
      },
      ratios: {
        growth: ms("large") / ms("small"),
        command_growth: largeMs / smallMs,
        command_to_empty: smallMs / empty,
        together_rate: ms("small") / (ms("together") / TOGETHER),
        drift: median(await drifts(folder)),
      },
    };
  } finally {
    await Deno.remove(EMPTY).catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

/** The bench. */
export const bench: Bench = { name: "session_append", run };
