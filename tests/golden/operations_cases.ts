/** The recorded cases of the commands of operations: loading, running and judging one in memory. */

import { fromBase64 } from "../../core/base/bytes.ts";
import { runCli } from "../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../support/memory_ports.ts";
import { compare, type Difference, isObject, type Tolerance } from "./compare.ts";

const DATA = new URL("./data/operations/", import.meta.url);

/** An input file. */
interface CaseFile {
  readonly path: string;
  readonly text?: string;
  readonly from?: string;
  readonly b64?: string;
  readonly dir?: boolean;
  /** Permission bits, octal. */
  readonly mode?: string;
}

/** One case of a command line. */
export interface OperationsCase {
  readonly id: string;
  readonly feature: string;
  readonly argv: string[];
  readonly files: CaseFile[];
  readonly env?: Record<string, string>;
  readonly expect: {
    readonly exit_code: number;
    readonly stdout: Record<string, unknown> | "";
    readonly volatile: string[];
    readonly version_dependent: string[];
  };
  readonly divergence: null | {
    readonly rows: string[];
    readonly want: { readonly exit_code?: number; readonly production_status?: string };
  };
}

/** What a run did. */
export interface OperationsResult {
  readonly exit: number;
  readonly json: Record<string, unknown>;
  /** Paths of files that were created, changed or removed. */
  readonly touched: readonly string[];
}

/** Cases of a folder. */
export function operationsCases(folder: string): OperationsCase[] {
  return JSON.parse(Deno.readTextFileSync(new URL(`${folder}/cases.json`, DATA)));
}

/** Puts an input file in place. */
function place(world: MemoryWorld, folder: string, file: CaseFile): void {
  if (file.dir) return world.files.put(`${file.path}/.keep`, "");
  const mode = Number.parseInt(file.mode ?? "0600", 8);
  if (file.from !== undefined) {
    const data = Deno.readFileSync(new URL(`${folder}/files/${file.from}`, DATA));
    return world.files.put(file.path, data, mode);
  }
  const bytes = file.b64 === undefined ? undefined : fromBase64(file.b64);
  world.files.put(file.path, bytes ?? file.text ?? "", mode);
}

/** Runs a case in a world of its own. */
export async function runOperationsCase(
  folder: string,
  c: OperationsCase,
): Promise<OperationsResult> {
  const world = memoryWorld("/work");
  world.files.put("/tmp/.keep", "");
  world.env.set("HOME", "home");
  world.env.set("PATH", "bin");
  for (const [name, value] of Object.entries(c.env ?? {})) world.env.set(name, value);
  for (const file of c.files) place(world, folder, file);
  const before = new Map(world.files.entries);
  const exit = await runCli(c.argv, world.ports);
  const after = world.files.entries;
  const touched = [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path));
  return { exit, json: JSON.parse(world.stdout.join("")), touched };
}

/** Statuses of checks by name. */
function statuses(json: unknown): Map<string, unknown> {
  const checks = isObject(json) && Array.isArray(json.checks) ? json.checks.filter(isObject) : [];
  return new Map(checks.map(({ name, status }) => [String(name), status]));
}

/** Checks that both have: those of a source checkout are the reference's alone. */
const COMMON = /^(production_|key_|workdir$)/;

/** Compares a diagnosis by the names and statuses of its checks. */
function compareChecks(expected: unknown, actual: unknown): Difference[] {
  const found = statuses(actual);
  return [...statuses(expected)]
    .filter(([name, status]) => COMMON.test(name) && found.get(name) !== status)
    .map(([name, status]) => ({
      at: `/checks/${name}`,
      expected: status,
      actual: found.get(name),
    }));
}

/** The outcome that a divergence asks for. */
function compareWanted(c: OperationsCase, result: OperationsResult): Difference[] {
  const want = c.divergence?.want ?? {};
  const out: Difference[] = [];
  if (want.exit_code !== undefined && want.exit_code !== result.exit) {
    out.push({ at: "/exit_code", expected: want.exit_code, actual: result.exit });
  }
  const wanted = want.production_status;
  const found = [...statuses(result.json)];
  const isThere = found.some(([name, status]) =>
    /^(production_|key_)/.test(name) && status === wanted
  );
  if (wanted !== undefined && !isThere) {
    out.push({ at: "/checks", expected: wanted, actual: found });
  }
  return out;
}

/** Judges a case of doctor. */
export function judgeDoctorCase(c: OperationsCase, result: OperationsResult): Difference[] {
  const touched = result.touched.map((path) => ({
    at: path,
    expected: "as before",
    actual: "new",
  }));
  if (c.divergence !== null) return [...compareWanted(c, result), ...touched];
  const { exit_code, stdout, volatile, version_dependent } = c.expect;
  const out: Difference[] = [...touched];
  if (result.exit !== exit_code) {
    out.push({ at: "/exit_code", expected: exit_code, actual: result.exit });
  }
  if (isObject(stdout) && stdout.schema_id === "gait.doctor.result") {
    return [...out, ...compareChecks(stdout, result.json)];
  }
  const skip = new Set([...volatile, ...version_dependent]);
  const tolerance: Tolerance = { skip, alternatives: new Map() };
  out.push(...compare(stdout, result.json, "/stdout", tolerance));
  // The codes are the contract here.
  for (const key of isObject(stdout) ? ["error_code", "error_category", "retryable"] : []) {
    const wanted = isObject(stdout) ? stdout[key] : undefined;
    if (wanted !== result.json[key]) {
      out.push({ at: `/stdout/${key}`, expected: wanted, actual: result.json[key] });
    }
  }
  return out;
}
