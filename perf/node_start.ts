/**
 * The npm package's program as a process, against the start of an empty program under the same Node. Run
 * `deno task build:npm` first. `GAIT_BENCH_NODE` names another Node than the one in `PATH`.
 *
 * @module
 */

import { type Bench, type BenchOptions, type BenchResult, median } from "./harness.ts";

const ROOT = new URL("../", import.meta.url);
const BIN = new URL("dist/npm/bin/gait.js", ROOT).pathname;
const QUICKSTART = new URL("examples/quickstart/", ROOT).pathname;
const STARTS = { quick: 21, full: 41 };

/** Runs a program to its end. @throws Error when it fails */
async function start(node: string, args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(node, {
    args: [...args],
    cwd,
    stdin: "null",
  }).output();
  if (success) return new TextDecoder().decode(stdout).trim();
  throw new Error(`Cannot run ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** Starts all programs in turn; gives the median of each, ms. */
async function measure(
  node: string,
  programs: Readonly<Record<string, readonly string[]>>,
  how: { readonly cwd: string; readonly rounds: number },
): Promise<Map<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = -3; round < how.rounds; round++) {
    for (const [name, args] of Object.entries(programs)) {
      const began = performance.now();
      await start(node, args, how.cwd);
      if (round >= 0) times.set(name, [...times.get(name) ?? [], performance.now() - began]);
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

/** Measures the starts. */
async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const cwd = await Deno.makeTempDir({ prefix: "gait-bench-" });
  try {
    // A launcher in PATH may be a script; the program itself is what is measured.
    const named = Deno.env.get("GAIT_BENCH_NODE") ?? "node";
    const node = await start(named, ["-p", "process.execPath"], cwd);
    await Deno.writeTextFile(`${cwd}/empty.mjs`, "");
    await start(node, [BIN, "keys", "init", "--out-dir", "."], cwd);
    const evaluation = [
      ...[BIN, "gate", "eval", "--policy", `${QUICKSTART}policy.yaml`, "--json", "--no-config"],
      ...["--intent", `${QUICKSTART}intents/write_report.json`, "--trace-out", "trace.json"],
      ...["--key-mode", "prod", "--private-key", "gait_private.key"],
    ];
    const programs = { empty: ["empty.mjs"], version: [BIN, "version"], evaluation };
    const times = await measure(node, programs, {
      cwd,
      rounds: quick ? STARTS.quick : STARTS.full,
    });
    const [empty = NaN, version = NaN, evaluate = NaN] = times.values();
    return {
      figures: { empty_ms: empty, version_ms: version, evaluation_ms: evaluate },
      ratios: { version_to_empty: version / empty, evaluation_to_empty: evaluate / empty },
    };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

/** The bench. */
export const bench: Bench = { name: "node_start", run };
