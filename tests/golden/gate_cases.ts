/** The recorded cases of the gate area: loading, running and judging one. */

import { runCli } from "../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../support/memory_ports.ts";
import { compare, type Difference, isObject, type Tolerance } from "./compare.ts";

const DATA = new URL("./data/gate/", import.meta.url);

/** What a step should lead to. */
export interface Expectation {
  readonly exit_code: number;
  readonly stdout?: Record<string, unknown> | null;
  readonly stdout_text?: string | null;
  readonly stdout_text_omitted?: boolean;
  readonly files_out?: Record<string, unknown>;
  readonly counts?: Record<string, number>;
  readonly volatile?: string[];
  readonly advisory?: string[];
  readonly error_contains?: string[];
  readonly alternatives?: Record<string, unknown[]>;
}

/** Where we should differ from the recording. */
export interface Divergence {
  readonly note: string;
  readonly weakness: number[];
  readonly wanted: Record<string, unknown> | null;
}

/** One command of a case. */
export interface Step {
  readonly argv: string[];
  readonly env?: Record<string, string>;
  readonly sleep_before_s?: number;
  readonly write_before?: Record<string, string>;
  readonly parallel?: number;
  readonly clock_window?: string;
  readonly expect: Expectation;
  readonly divergence: Divergence | null;
}

/** One case. */
export interface GateCase extends Step {
  readonly id: string;
  readonly title: string;
  readonly feature: string;
  readonly notes?: string;
  readonly files: string[];
  readonly mkdirs?: string[];
  readonly steps?: Step[];
  readonly verify_with?: string;
  readonly digests?: Record<string, string>;
}

/** Names of the groups. */
export function gateGroups(): string[] {
  return [...Deno.readDirSync(DATA)].filter((entry) => entry.isDirectory)
    .map((entry) => entry.name).sort();
}

/** Cases of a group. */
export function gateCases(group: string): GateCase[] {
  return JSON.parse(Deno.readTextFileSync(new URL(`${group}/cases.json`, DATA)));
}

/** Content of an input file of a group. */
export function gateFile(group: string, name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`${group}/${name}`, DATA));
}

/** Cases that need real processes, locks or a broker program; tests/cli/gate_process_test.ts runs them. */
export function needsProcess(id: string, argv: readonly string[]): boolean {
  return argv.includes("--credential-command") || /^rate-limit\/(parallel|.*-lock)$/.test(id);
}

/** What one step did. */
export interface StepResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly json: Record<string, unknown> | undefined;
  /** Files created or changed, by name relative to the working directory. */
  readonly changed: ReadonlyMap<string, string>;
  /** All files of the working directory afterwards. */
  readonly after: ReadonlyMap<string, string>;
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Runs one command line in a world. */
export async function runStep(world: MemoryWorld, argv: string[]): Promise<StepResult> {
  const before = world.files.files();
  world.stdout.length = 0;
  world.stderr.length = 0;
  const exit = await runCli(argv, world.ports);
  const changed = new Map<string, string>();
  const after = new Map<string, string>();
  for (const [path, text] of world.files.files()) {
    if (!path.startsWith("/work/")) continue;
    after.set(path.slice("/work/".length), text);
    if (before.get(path) !== text) changed.set(path.slice("/work/".length), text);
  }
  const stdout = world.stdout.join("");
  return { exit, stdout, stderr: world.stderr.join(""), json: parseJson(stdout), changed, after };
}

/** Finds what the case calls `name`: default names may carry the event id. */
function findFile(name: string, result: StepResult, listed: ReadonlySet<string>) {
  if (result.after.has(name)) return name;
  const match = /^((?:.*\/)?[a-z_]+?_)[^/]*(\.\w+)$/.exec(name);
  if (match === null) return undefined;
  const [, head = "", suffix = ""] = match;
  return [...result.changed.keys()].find((path) =>
    !listed.has(path) && path.startsWith(head) && path.endsWith(suffix) &&
    !/\.(sig\.json|public\.key)$/.test(path)
  );
}

/** Compares the files that a step wrote. */
function compareFiles(
  expected: Record<string, unknown>,
  result: StepResult,
  tolerance: Tolerance,
): Difference[] {
  const out: Difference[] = [];
  const listed = new Set<string>();
  const names = Object.keys(expected).map((name) =>
    [
      name,
      name.replace(/\$\{stdout\.(\w+)\}/g, (_, key) => String(result.json?.[key] ?? "?")),
    ] as const
  );
  for (const [, name] of names) if (result.changed.has(name)) listed.add(name);
  for (const [recorded, name] of names) {
    const at = `/files_out/${recorded.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const wanted = expected[recorded];
    if (isObject(wanted) && "$deleted" in wanted) {
      if (result.after.has(name)) out.push({ at, expected: "deleted", actual: "there" });
      continue;
    }
    const found = findFile(name, result, listed);
    if (found === undefined) {
      out.push({ at, expected: name, actual: [...result.changed.keys()] });
      continue;
    }
    listed.add(found);
    const text = result.after.get(found) as string;
    const value = expected[recorded];
    const plain = isObject(value) && "$text" in value ? value.$text : undefined;
    if (plain !== undefined) out.push(...compare(plain, text, at, tolerance));
    else if (!(isObject(value) && "$yaml" in value)) {
      out.push(...compare(value, parseJson(text), at, tolerance));
    }
  }
  for (const path of result.changed.keys()) {
    if (!listed.has(path) && !/\.(sig\.json|public\.key)$/.test(path)) {
      out.push({ at: `/files/${path}`, expected: "not written", actual: "written" });
    }
  }
  return out;
}

/** Everything as recorded; `exit` may replace the exit code. */
function compareRecorded(
  step: Step,
  result: StepResult,
  options: { readonly exit?: number; readonly files?: boolean; readonly open?: boolean },
): Difference[] {
  const { expect } = step;
  const tolerance: Tolerance = {
    skip: new Set([...expect.volatile ?? [], ...expect.advisory ?? []]),
    alternatives: new Map(Object.entries(expect.alternatives ?? {})),
  };
  const out: Difference[] = [];
  const exit = options.exit ?? expect.exit_code;
  if (result.exit !== exit) out.push({ at: "/exit_code", expected: exit, actual: result.exit });
  if (expect.stdout) {
    const wanted = options.open ? outcomeOf(expect.stdout) : expect.stdout;
    out.push(...compare(wanted, renamed(result, expect), "/stdout", tolerance));
    const error = String(result.json?.error ?? "");
    for (const word of expect.error_contains ?? []) {
      if (!error.includes(word)) out.push({ at: "/stdout/error", expected: word, actual: error });
    }
  } else if (expect.stdout_text && !tolerance.skip.has("/stdout_text")) {
    if (step.argv[1] === "fmt" && result.stdout !== expect.stdout_text) {
      out.push({ at: "/stdout_text", expected: expect.stdout_text, actual: result.stdout });
    }
  } else if (`${result.stdout}${result.stderr}` === "") {
    out.push({ at: "/stdout", expected: "some text", actual: "" });
  }
  if (options.files !== false && !options.open) {
    out.push(...compareFiles(expect.files_out ?? {}, result, tolerance));
  }
  return out;
}

/** Members that count where texts are each implementation's own (templates). */
function outcomeOf(stdout: Record<string, unknown>): Record<string, unknown> {
  const names = new Set(["ok", "verdict", "template", "policy_path", "path", "trace_path"]);
  return Object.fromEntries(Object.entries(stdout).filter(([key]) => names.has(key)));
}

/** Standard output with default file names spelled as recorded. */
function renamed(result: StepResult, expect: Expectation): unknown {
  const out: Record<string, unknown> = { ...result.json };
  for (const [key, value] of Object.entries(expect.stdout ?? {})) {
    const actual = out[key];
    if (!key.endsWith("_path") || typeof value !== "string" || typeof actual !== "string") continue;
    const stem = value.replace(/\.json$/, "");
    if (actual.startsWith(stem) && actual.endsWith(".json")) out[key] = value;
  }
  return out;
}

/** The wanted outcome of a divergence. */
function compareWanted(
  step: Step,
  divergence: Divergence,
  result: StepResult,
  open: boolean,
): Difference[] {
  const { wanted, weakness } = divergence;
  if (wanted === null) return sane(step, result);
  const { exit_code: exit, ...facts } = wanted as { exit_code?: number } & Record<string, unknown>;
  const same = ["ok", "verdict"].every((key) =>
    !(key in facts) || !step.expect.stdout || step.expect.stdout[key] === facts[key]
  );
  const whole = same && weakness.length > 0 && weakness.every((row) => [1, 6, 7, 15].includes(row));
  if (whole) {
    return compareRecorded(step, result, {
      ...(exit === undefined ? {} : { exit }),
      files: !weakness.includes(7),
      open,
    });
  }
  const out: Difference[] = [];
  if (exit !== undefined && result.exit !== exit) {
    out.push({ at: "/exit_code", expected: exit, actual: result.exit });
  }
  for (const [key, value] of Object.entries(facts)) {
    if (step.argv.includes("--json") && result.json?.[key] !== value) {
      out.push({ at: `/stdout/${key}`, expected: value, actual: result.json?.[key] });
    }
  }
  if (exit === 6 && result.changed.size > 0) {
    out.push({ at: "/files", expected: "nothing written", actual: [...result.changed.keys()] });
  }
  return out;
}

/** The least that any outcome has to satisfy. */
function sane(step: Step, result: StepResult): Difference[] {
  const out: Difference[] = [];
  if (!(result.exit >= 0 && result.exit <= 8)) {
    out.push({ at: "/exit_code", expected: "0..8", actual: result.exit });
  }
  if (step.argv.includes("--json") && step.expect.stdout && result.json === undefined) {
    out.push({ at: "/stdout", expected: "JSON", actual: result.stdout });
  }
  return out;
}

/** Whether a simulated step used quota or a broker in the reference, which ours does not (row G7). */
function hadSideEffects(step: Step): boolean {
  const { divergence, expect } = step;
  const keys = ["rate_limit_key", "credential_issuer"];
  return (divergence?.weakness.includes(7) ?? false) &&
    keys.some((key) => expect.stdout?.[key] !== undefined);
}

/** Judges one step. */
export function judgeStep(c: GateCase, index: number, result: StepResult): Difference[] {
  const steps = c.steps ?? [c];
  const step = steps[index] as Step;
  if (steps.slice(0, index + 1).some(hadSideEffects)) return sane(step, result);
  const open = /^templates are each implementation's own/.test(c.notes ?? "");
  if (step.divergence !== null && step.divergence !== undefined) {
    return compareWanted(step, step.divergence, result, open);
  }
  return compareRecorded(step, result, { open });
}

/** A world with the files of a case in place. */
export function worldOf(group: string, c: GateCase): MemoryWorld {
  const world = memoryWorld("/work");
  world.env.set("HOME", "/home/user");
  for (const name of c.files) world.files.put(name, gateFile(group, name));
  for (const name of c.mkdirs ?? []) world.files.put(`${name}/.keep`, "");
  return world;
}
