/** Recorded gate cases run by a real program in real folders. */

import {
  gateCases,
  gateFile,
  gateGroups,
  judgeStep,
  needsProcess,
  type StepResult,
} from "../golden/gate_cases.ts";
import { filesBelow } from "../cli/_process.ts";
import { run } from "./_node.ts";

/** Cases that a divergence overrules without a marker; tests/golden/gate_test.ts says which and why. */
const SKIPPED =
  /^(cli-config\/cfg-(unknown|ossprod)|endpoint-hazards\/(pt-)?destr-default|intent-normalize\/(pt-)?rich|.*-p07-domains-i12-queue-class|policy-accept\/fmt-(comment|rule-sort-alt))$/;

/** Runs one command line in a folder. */
async function realStep(
  program: readonly string[],
  dir: string,
  line: { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Promise<StepResult> {
  const [command = "", ...args] = program;
  const before = await filesBelow(`${dir}/work`);
  const env = { HOME: `${dir}/home`, ...line.env };
  const ran = await run(command, [...args, ...line.argv], { cwd: `${dir}/work`, env });
  const after = await filesBelow(`${dir}/work`);
  const changed = new Map([...after].filter(([path, text]) => before.get(path) !== text));
  const json = ran.stdout.startsWith("{") ? JSON.parse(ran.stdout) : undefined;
  return { exit: ran.code, stdout: ran.stdout, stderr: ran.stderr, json, changed, after };
}

/** Runs one case in a fresh folder. */
async function judgeCase(
  program: readonly string[],
  group: string,
  c: ReturnType<typeof gateCases>[number],
): Promise<string[]> {
  const dir = await Deno.makeTempDir({ prefix: "gait-recorded-" });
  try {
    for (const name of ["home", "work", ...(c.mkdirs ?? []).map((name) => `work/${name}`)]) {
      await Deno.mkdir(`${dir}/${name}`, { recursive: true });
    }
    for (const name of c.files) {
      const path = `${dir}/work/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(path, gateFile(group, name));
    }
    const failures: string[] = [];
    for (const [index, step] of (c.steps ?? [c]).entries()) {
      const result = await realStep(program, dir, { argv: step.argv, env: step.env ?? {} });
      for (const { at, expected, actual } of judgeStep(c, index, result)) {
        const text = `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
        failures.push(`${c.id} step ${index + 1} ${at}: ${text.slice(0, 300)}`);
      }
    }
    return failures;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/**
 * Judges every `stride`-th recorded case that needs neither a sleep nor a set clock.
 *
 * @param program Command and leading arguments.
 */
export async function judgeWithPrograms(
  program: readonly string[],
  stride: number,
): Promise<{ readonly judged: number; readonly failures: string[] }> {
  const failures: string[] = [];
  let judged = 0;
  for (const group of gateGroups()) {
    const cases = gateCases(group).filter((c) =>
      !needsProcess(c.id, c.argv ?? []) && !SKIPPED.test(c.id) &&
      (c.steps ?? [c]).every((step) => !step.sleep_before_s && !step.write_before && !step.parallel)
    );
    for (let i = 0; i < cases.length; i += stride) {
      const c = cases[i];
      if (c === undefined) continue;
      judged++;
      failures.push(...await judgeCase(program, group, c));
    }
  }
  return { judged, failures };
}
