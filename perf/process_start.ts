/**
 * `gait gate eval` as a process, bundled, signing and writing its trace included, against the start of an
 * empty program. Run `deno task bundle` first.
 *
 * @module
 */

import { type Bench, type BenchOptions, type BenchResult, median } from "./harness.ts";

const ROOT = new URL("../", import.meta.url);
const BUNDLE = new URL("dist/bundle/cli.js", ROOT).pathname;
/** Beside the bundle, because the runtime reads this repository's configuration for whatever lies in it. */
const EMPTY = new URL("dist/empty.js", ROOT).pathname;
const QUICKSTART = new URL("examples/quickstart/", ROOT).pathname;
/** Starts of each program: the issue asks for 21 at least. */
const STARTS = { quick: 21, full: 41 };

/** Runs a program to its end and returns the time, ms. */
async function timeStart(args: readonly string[], cwd: string): Promise<number> {
  const began = performance.now();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", ...args],
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const elapsed = performance.now() - began;
  if (!success) throw new Error(`Cannot time ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return elapsed;
}

/** Files of one measurement. */
async function prepare(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "gait-bench-" });
  await Deno.writeTextFile(EMPTY, "");
  const rules = [{ name: "reports", effect: "allow", match: { tool_names: ["file.write"] } }];
  const policy = { default_verdict: "block", rules };
  await Deno.writeTextFile(`${folder}/policy.json`, JSON.stringify(policy));
  await Deno.copyFile(`${QUICKSTART}policy.yaml`, `${folder}/policy.yaml`);
  await Deno.copyFile(`${QUICKSTART}intents/write_report.json`, `${folder}/intent.json`);
  await timeStart([BUNDLE, "keys", "init", "--out-dir", folder], folder);
  return folder;
}

/** Arguments of a gate evaluation. */
function evaluation(policy: string): string[] {
  return [
    ...[BUNDLE, "gate", "eval", "--policy", policy, "--intent", "intent.json", "--json"],
    ...["--key-mode", "prod", "--private-key", "gait_private.key", "--trace-out", "trace.json"],
  ];
}

/**
 * Median of what a program took for each time the empty one took just before: what else the machine did in
 * that moment slowed both.
 */
function ratioToEmpty(times: Readonly<Record<string, readonly number[]>>, name: string): number {
  const { empty = [], [name]: own = [] } = times;
  return median(own.map((time, round) => time / (empty[round] ?? NaN)));
}

/** Starts all programs in turn. */
async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const folder = await prepare();
  const programs: Readonly<Record<string, readonly string[]>> = {
    empty: [EMPTY],
    yaml: evaluation("policy.yaml"),
    json: evaluation("policy.json"),
  };
  try {
    const times: Record<string, number[]> = {};
    for (const args of Object.values(programs)) {
      for (let i = 0; i < 3; i++) await timeStart(args, folder);
    }
    for (let i = 0; i < (quick ? STARTS.quick : STARTS.full); i++) {
      for (const [name, args] of Object.entries(programs)) {
        (times[name] ??= []).push(await timeStart(args, folder));
      }
    }
    const { empty = [], yaml = [], json = [] } = times;
    return {
      figures: { empty_ms: median(empty), yaml_ms: median(yaml), json_ms: median(json) },
      ratios: {
        yaml_to_empty: ratioToEmpty(times, "yaml"),
        json_to_empty: ratioToEmpty(times, "json"),
      },
    };
  } finally {
    await Deno.remove(EMPTY).catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

/** The bench. */
export const bench: Bench = { name: "process_start", run };
