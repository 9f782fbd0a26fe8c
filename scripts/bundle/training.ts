/**
 * Typical runs of the bundled commands, which tell what to compile early.
 *
 * @module
 */

import { runDeno } from "../run_deno.ts";
import { ROOT } from "../sources.ts";
import type { IsUsed } from "./eager.ts";

const QUICKSTART = "examples/quickstart";
const POLICY = `${QUICKSTART}/policy.yaml`;
const INTENT = `${QUICKSTART}/intents/write_report.json`;

/** Command lines for each bundle; `$` stands for the scratch folder, `%` for the runtime. */
const RUNS: ReadonlyMap<string, readonly string[]> = new Map([
  ["gate_eval", [
    `gate eval --policy ${POLICY} --intent ${INTENT} --key-mode prod ` +
    "--private-key $/gait_private.key --trace-out $/trace.json --json",
    `gate eval --policy $/policy.json --intent ${INTENT} --key-mode prod ` +
    "--private-key $/gait_private.key --trace-out $/trace.json --json",
  ]],
  ["enforce", [
    "enforce --policy $/allow.json --key-mode prod --private-key $/gait_private.key " +
    "--trace-out $/enforced.json --json -- % --version",
  ]],
  ["policy_test", [`policy test ${POLICY} ${INTENT} --json`]],
  ["run_session_append", [
    "run session append --journal $/s.jsonl --tool file.write --verdict allow --json",
    "run session append --journal $/s.jsonl --tool file.write --verdict allow --json",
  ]],
  ["trace_verify", ["trace verify $/trace.json --public-key $/gait_public.key --json"]],
]);

/** A policy in JSON that allows everything; only for training. */
const ALLOW_ALL = { default_verdict: "allow", rules: [] };

/** Makes keys and policies for the runs. */
export async function prepareTraining(scratch: string, program: string): Promise<void> {
  await Deno.mkdir(ROOT + scratch, { recursive: true });
  const session = `--journal ${scratch}/s.jsonl --session-id s --run-id run_s`;
  for (const line of [`keys init --out-dir ${scratch}`, `run session start ${session}`]) {
    const run = await runDeno(["run", "-A", program, ...line.split(" ")]);
    if (!run.success) throw new Error(`Cannot prepare training: ${run.stderr}`);
  }
  const text = JSON.stringify({ ...ALLOW_ALL, rules: [{ name: "r", effect: "allow" }] });
  await Deno.writeTextFile(`${ROOT}${scratch}/policy.json`, text);
  await Deno.writeTextFile(`${ROOT}${scratch}/allow.json`, JSON.stringify(ALLOW_ALL));
}

/** Function ranges of V8's coverage format. */
interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly [{ startOffset: number; endOffset: number; count: number }];
  }[];
}

/** Offsets of the functions that were called, from coverage files. */
async function calledFunctions(folder: string, program: string): Promise<Set<string>> {
  const called = new Set<string>();
  for await (const { name } of Deno.readDir(ROOT + folder)) {
    const text = await Deno.readTextFile(`${ROOT}${folder}/${name}`);
    const script: ScriptCoverage = JSON.parse(text);
    if (!script.url.endsWith(`/${program}`)) continue;
    for (const { ranges: [{ startOffset, endOffset, count }] } of script.functions) {
      if (count > 0) called.add(`${startOffset}:${endOffset}`);
    }
  }
  return called;
}

/**
 * Runs a bundle's typical command lines.
 *
 * @param name Name of the bundle.
 * @param program Path of the bundle from the root.
 * @param scratch Folder with keys and policies.
 * @returns Which functions to compile early; none for a bundle without typical runs.
 */
export async function trainedUse(
  name: string,
  program: string,
  scratch: string,
): Promise<IsUsed> {
  const lines = RUNS.get(name) ?? [];
  if (lines.length === 0) return () => false;
  const coverage = `${scratch}/coverage_${name}`;
  for (const line of lines) {
    const words = line.split(" ").map((word) =>
      word === "%" ? Deno.execPath() : word.replaceAll("$", scratch)
    );
    const run = await runDeno(["run", "-A", `--coverage=${coverage}`, program, ...words]);
    if (!run.success) {
      throw new Error(`Training run failed: gait ${line}\n${run.stdout}${run.stderr}`);
    }
  }
  const called = await calledFunctions(coverage, program);
  return (start, end) => called.has(`${start}:${end}`);
}
