/**
 * Building one binary, and checking it as far as this machine can.
 *
 * @module
 */

import { runDeno } from "../run_deno.ts";
import { lastIndexOf, permissionFindings, readPayload } from "./payload.ts";
import { HEADER_BYTES, systemOf } from "./program_format.ts";
import { judgeRuntime, runtimeHint } from "./runtime.ts";
import { hostTarget, type Target } from "./targets.ts";

/** What came of a target. */
export interface BinaryResult {
  readonly target: Target;
  /** File of the program, when there is one to ship. */
  readonly path?: string;
  /** How far it was verified. */
  readonly verified: string;
  /** Why it does not ship, in one sentence; "" when it does. */
  readonly problem: string;
}

/** What is built. */
export interface BinaryRequest {
  readonly target: Target;
  readonly version: string;
  /** Folder of the bundle, which the program carries whole. */
  readonly bundle: string;
  /** Permission flags. */
  readonly flags: readonly string[];
  /** Folder that the program goes to. */
  readonly output: string;
  /** Whether the program may keep a cache of compiled code; docs/release.md says who else can write there. */
  readonly codeCache: boolean;
}

/** What a file was checked for when its packing holds. */
const PACKED = "modules, permissions";

/** Arguments of the compiler. */
export function compileArgs(
  { target, bundle, flags, codeCache }: BinaryRequest,
  output: string,
): string[] {
  return [
    ...["compile", "--quiet", "--no-config", "--no-lock", "--no-check", "--no-remote", "--no-npm"],
    ...(codeCache ? [] : ["--no-code-cache"]),
    ...["--no-prompt", "--deny-import", ...flags],
    // The isolated service narrows the permissions of its worker.
    "--unstable-worker-options",
    ...["--app-name", "gait", "--target", target.triple, "--output", output],
    ...["--include", bundle, `${bundle}/cli.js`],
  ];
}

/** Runs the compiler with a runtime from `DENORT_BIN` or a download. */
async function compile(request: BinaryRequest, output: string, runtime?: string) {
  const env = { NO_COLOR: "1", ...(runtime !== undefined && { DENORT_BIN: runtime }) };
  return await runDeno(compileArgs(request, output), { env });
}

/** Files of the bundle that a program does not carry as they are. */
async function missingModules(program: Uint8Array, bundle: string): Promise<string[]> {
  const missing: string[] = [];
  for await (const { name } of Deno.readDir(bundle)) {
    const content = await Deno.readFile(`${bundle}/${name}`);
    if (lastIndexOf(program, content) < 0) missing.push(`it does not carry ${name}`);
  }
  return missing.sort();
}

/** What is wrong with a packed program, one line each. */
async function packedFindings(
  path: string,
  { target, bundle, flags, codeCache }: BinaryRequest,
): Promise<string[]> {
  const program = await Deno.readFile(path);
  const payload = readPayload(program);
  if (payload === undefined) return ["the program carries no code"];
  const entry = payload.entrypoint.endsWith("cli.js") ? [] : [`it starts ${payload.entrypoint}`];
  const unstable = payload.unstable.join(",");
  const features = unstable === "worker-options" ? [] : [`its unstable features are ${unstable}`];
  const cache = payload.codeCache === codeCache
    ? []
    : [`it ${payload.codeCache ? "keeps" : "keeps no"} cache of compiled code`];
  const system = systemOf(program.subarray(0, HEADER_BYTES)) === target.name
    ? []
    : [`it is no program for ${target.name}`];
  return [
    ...system,
    ...permissionFindings(payload.permissions, flags),
    ...entry,
    ...features,
    ...cache,
    ...await missingModules(program, bundle),
  ];
}

/** Asks the program for its version. */
async function runFindings(path: string, version: string): Promise<string[]> {
  const { code, stdout } = await new Deno.Command(path, {
    args: ["version", "--json"],
    stdin: "null",
    stderr: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  try {
    if (code === 0 && JSON.parse(text).version === version) return [];
  } catch {
    // Told below.
  }
  return [`it does not answer version --json with ${version}`];
}

/**
 * Packs the code onto the compiler itself, to check what a program would carry where no runtime is to be had.
 * The result is deleted: it is no program of ours.
 */
async function checkPacking(request: BinaryRequest): Promise<string[]> {
  const path = `${request.output}/packing-check`;
  try {
    const run = await compile(request, path, Deno.execPath());
    if (!run.success) return [run.stderr.trim().split("\n")[0] ?? "packing failed"];
    return await packedFindings(path, request);
  } finally {
    await Deno.remove(path).catch(() => {});
  }
}

/** The result for a target without a runtime. */
async function withoutRuntime(request: BinaryRequest, why: string): Promise<BinaryResult> {
  const { target } = request;
  const problem = `no runtime for ${target.name}: ${why}; ${runtimeHint(target.triple)}`;
  // The compiler's own file has the format of this machine alone.
  if (target !== hostTarget()) return { target, verified: "bundle", problem };
  const findings = await checkPacking(request);
  if (findings.length === 0) return { target, verified: PACKED, problem };
  return { target, verified: "bundle", problem: `${target.name}: ${findings.join("; ")}` };
}

/** Builds the binary of a target. */
export async function buildBinary(request: BinaryRequest): Promise<BinaryResult> {
  const { target, version } = request;
  const runtime = await judgeRuntime(Deno.env.get("DENORT_BIN"), target.name);
  if (runtime.kind === "refused") {
    return await withoutRuntime(request, `DENORT_BIN: ${runtime.why}`);
  }
  const path = `${request.output}/gait-${version}-${target.name}${target.suffix}`;
  const run = await compile(request, path);
  if (!run.success) {
    const isOffline = /download|dns|network|connect|fetch|resolve/i.test(run.stderr);
    const first = run.stderr.trim().split("\n")[0] ?? "";
    return await withoutRuntime(request, isOffline ? "it cannot be downloaded here" : first);
  }
  const runs = target === hostTarget();
  const findings = await packedFindings(path, request);
  if (runs && findings.length === 0) findings.push(...await runFindings(path, version));
  if (findings.length > 0) {
    await Deno.remove(path);
    const problem = `the program for ${target.name} does not count: ${findings.join("; ")}`;
    return { target, verified: "nothing", problem };
  }
  const verified = runs ? `version, ${PACKED}` : PACKED;
  return { target, path, verified, problem: "" };
}
