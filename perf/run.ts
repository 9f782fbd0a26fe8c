/**
 * Runs benches: `run.ts [--check] [--json] [--quick] [name…]`. With `--check` the exit code is 1 when a
 * ratio leaves its budget or a budgeted ratio was not measured.
 *
 * @module
 */

import { type Bench, type BenchResult, EFFORTS } from "./harness.ts";
import budgets from "./budgets.json" with { type: "json" };

/** Bounds of one ratio. */
interface Budget {
  readonly min?: number;
  readonly max?: number;
}

/** Benches by name; loaded when they run, so that one bench does not need another one's packages. */
const BENCHES: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  decide_vs_cedar: () => import("./decide_vs_cedar.ts"),
  decide_growth: () => import("./decide_growth.ts"),
  compile_growth: () => import("./compile_growth.ts"),
  memory: () => import("./memory.ts"),
  decision_pipeline: () => import("./decision_pipeline.ts"),
  approval_verify: () => import("./approval_verify.ts"),
  process_start: () => import("./process_start.ts"),
  node_start: () => import("./node_start.ts"),
  service_throughput: () => import("./service_throughput.ts"),
  runpack_verify: () => import("./runpack_verify.ts"),
  runpack_record: () => import("./runpack_record.ts"),
  session_append: () => import("./session_append.ts"),
  session_checkpoint: () => import("./session_checkpoint.ts"),
  session_fairness: () => import("./session_fairness.ts"),
};

const BUDGETS: Readonly<Record<string, Readonly<Record<string, Budget>>>> = budgets;

/** What breaks the budgets of a bench, one sentence each. */
export function breaches(name: string, ratios: BenchResult["ratios"]): string[] {
  return Object.entries(BUDGETS[name] ?? {}).flatMap(([ratio, { min, max }]) => {
    const value = ratios[ratio];
    if (value === undefined || !Number.isFinite(value)) {
      return [`${name}.${ratio} was not measured`];
    }
    if (max !== undefined && value > max) {
      return [`${name}.${ratio} is ${round(value)}, above ${max}`];
    }
    if (min !== undefined && value < min) {
      return [`${name}.${ratio} is ${round(value)}, below ${min}`];
    }
    return [];
  });
}

/** Three significant digits. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** All values of a record, rounded. */
function rounded(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, round(value)]));
}

/** Result of one bench as lines for people. */
function renderResult(name: string, { figures, ratios }: BenchResult): string {
  const bound = (ratio: string) => {
    const { min, max } = BUDGETS[name]?.[ratio] ?? {};
    if (max !== undefined) return `  (at most ${max})`;
    return min === undefined ? "" : `  (at least ${min})`;
  };
  const lines = [
    ...Object.entries(rounded(ratios)).map(([key, value]) => `  ${key} = ${value}${bound(key)}`),
    ...Object.entries(rounded(figures)).map(([key, value]) => `    ${key} ${value}`),
  ];
  return `${name}\n${lines.join("\n")}\n`;
}

/** Writes all of a text. */
async function print(text: string): Promise<void> {
  const writer = Deno.stdout.writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

/** Runs the benches that the arguments ask for. */
async function main(args: readonly string[]): Promise<number> {
  const flags = new Set(args.filter((arg) => arg.startsWith("--")));
  const named = args.filter((arg) => !arg.startsWith("--"));
  const names = named.length > 0 ? named : Object.keys(BENCHES);
  const quick = flags.has("--quick");
  const results: Record<string, unknown> = {};
  const failures: string[] = [];
  for (const name of names) {
    const load = BENCHES[name];
    if (load === undefined) {
      await print(`unknown bench ${name}; known: ${Object.keys(BENCHES).join(", ")}\n`);
      return 6;
    }
    const result = await (await load()).bench.run({
      quick,
      effort: quick ? EFFORTS.quick : EFFORTS.full,
    });
    failures.push(...breaches(name, result.ratios));
    results[name] = { ratios: rounded(result.ratios), figures: rounded(result.figures) };
    if (!flags.has("--json")) await print(renderResult(name, result));
  }
  if (flags.has("--json")) await print(`${JSON.stringify({ benches: results, failures })}\n`);
  else for (const failure of failures) await print(`over budget: ${failure}\n`);
  return flags.has("--check") && failures.length > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exitCode = await main(Deno.args);
