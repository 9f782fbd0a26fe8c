/** The recorded cases of commands that write runpacks: loading, running and judging one. */

import { runCli } from "../../core/commands/frame/run_cli.ts";
import { toHex } from "../../core/base/bytes.ts";
import { readStoredZip } from "../support/plain_zip.ts";
import { type MemoryWorld, memoryWorld } from "../support/memory_ports.ts";
import { compare, type Difference, isObject, type Tolerance } from "./compare.ts";

const DATA = new URL("./data/runpack/", import.meta.url);

/** A file that the reference wrote. */
export interface FileOut {
  readonly path: string;
  readonly kind?: "json" | "jsonl" | "zip" | "bytes";
  readonly from?: string;
  readonly stable?: boolean;
  readonly sha256?: string;
  readonly volatile?: string[];
  readonly absent?: boolean;
}

/** What a case should lead to. */
export interface RunpackCase {
  readonly id: string;
  readonly feature: string;
  readonly argv: string[];
  readonly files: Record<string, string | { template?: string; dir?: boolean }>;
  readonly env?: Record<string, string>;
  readonly setup?: { argv: string[]; exit_code: number }[];
  readonly host_dependent?: boolean;
  readonly expect: {
    readonly exit_code: number;
    readonly stdout: Record<string, unknown> | null;
    readonly files_out: FileOut[];
    readonly volatile: string[];
    readonly informative: string[];
  };
  readonly divergence: null | {
    readonly strength: "must" | "should";
    readonly wanted: { readonly exit_codes: number[]; readonly stdout?: Record<string, unknown> };
  };
}

/** Cases of some features. */
export function runpackCases(features: readonly string[]): RunpackCase[] {
  const all: RunpackCase[] = JSON.parse(Deno.readTextFileSync(new URL("cases.json", DATA)));
  return all.filter((c) => features.includes(c.feature));
}

/** A stored file of the vectors. */
export function runpackFile(path: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(path, DATA));
}

/** What a run did. */
export interface RunpackResult {
  readonly exit: number;
  readonly json: unknown;
  readonly changed: ReadonlyMap<string, Uint8Array>;
}

/** Bytes of every file below the working directory. */
function contents(world: MemoryWorld): Map<string, Uint8Array> {
  const out = new Map<string, Uint8Array>();
  for (const [path, entry] of world.files.entries) {
    if (entry.kind === "file" && path.startsWith("/work/")) out.set(path.slice(6), entry.data);
  }
  return out;
}

/** Runs a case in a world of its own. */
export async function runCase(c: RunpackCase): Promise<RunpackResult> {
  const world = memoryWorld("/work");
  world.env.set("HOME", "/home/user");
  for (const [name, value] of Object.entries(c.env ?? {})) world.env.set(name, value);
  for (const [name, source] of Object.entries(c.files)) {
    if (typeof source === "string") world.files.put(name, runpackFile(source));
    else if (source.template !== undefined) world.files.put(name, source.template);
  }
  const before = contents(world);
  for (const { argv } of c.setup ?? []) await runCli(argv, world.ports);
  world.stdout.length = 0;
  const exit = await runCli(c.argv, world.ports);
  const changed = new Map<string, Uint8Array>();
  for (const [path, data] of contents(world)) {
    if (before.get(path) !== data) changed.set(path, data);
  }
  const text = world.stdout.join("");
  return { exit, json: c.argv.includes("--json") ? JSON.parse(text) : text, changed };
}

/** SHA-256 in hex. */
async function sha256(data: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(data))));
}

/** Content of a file as the vectors describe it. */
async function described(data: Uint8Array, kind: FileOut["kind"]): Promise<unknown> {
  const text = () => new TextDecoder().decode(data);
  if (kind === "json") return { value: JSON.parse(text()) };
  if (kind === "jsonl") {
    return { value: text().split("\n").filter(Boolean).map((l) => JSON.parse(l)) };
  }
  if (kind !== "zip") return { hex: toHex(data) };
  const members: Record<string, unknown> = {};
  for (const [name, content] of await readStoredZip(data)) {
    const lines = name.endsWith(".jsonl");
    const body = (await described(content, lines ? "jsonl" : "json")) as { value: unknown[] };
    // A member of one line is described by its record (see the pointers of record-022).
    members[name] = lines && body.value.length === 1 ? { value: body.value[0] } : body;
  }
  return { members };
}

/** Compares one file; archives byte by byte where the recording is stable. */
async function compareFile(c: RunpackCase, file: FileOut, result: RunpackResult) {
  const at = `/files_out/${file.path}`;
  const data = result.changed.get(file.path);
  if (data === undefined) return [{ at, expected: "written", actual: "not written" }];
  if (file.stable) {
    const actual = await sha256(data);
    return actual === file.sha256 ? [] : [{ at, expected: file.sha256, actual }];
  }
  if (file.from === undefined) return [];
  const skip = new Set((file.volatile ?? []).map((pointer) => `${at}${pointer}`));
  if (c.host_dependent) skip.add(`${at}/members/run.json/value/env`);
  const alternatives = new Map();
  const expected = await described(runpackFile(file.from), file.kind);
  return compare(expected, await described(data, file.kind), at, { skip, alternatives });
}

/** Everything as recorded. */
async function compareRecorded(c: RunpackCase, result: RunpackResult): Promise<Difference[]> {
  const { expect } = c;
  const out: Difference[] = [];
  if (result.exit !== expect.exit_code) {
    out.push({ at: "/exit_code", expected: expect.exit_code, actual: result.exit });
  }
  const tolerance: Tolerance = {
    skip: new Set([...expect.volatile, ...expect.informative].map((each) => `/stdout${each}`)),
    alternatives: new Map(),
  };
  if (expect.stdout) out.push(...compare(expect.stdout, result.json, "/stdout", tolerance));
  for (const file of expect.files_out) {
    // Made by a setup step; the case itself leaves it alone.
    if (!file.absent) out.push(...await compareFile(c, file, result));
  }
  const listed = new Set(expect.files_out.map(({ path }) => path));
  for (const path of result.changed.keys()) {
    if (!listed.has(path)) {
      out.push({ at: `/files/${path}`, expected: "not written", actual: "written" });
    }
  }
  return out;
}

/** Judges a case: as recorded, or as its divergence wants. */
export async function judgeCase(c: RunpackCase, result: RunpackResult): Promise<Difference[]> {
  const recorded = await compareRecorded(c, result);
  if (c.divergence === null || recorded.length === 0) return recorded;
  const { exit_codes, stdout = {} } = c.divergence.wanted;
  const out: Difference[] = [];
  if (!exit_codes.includes(result.exit)) {
    out.push({ at: "/exit_code", expected: exit_codes, actual: result.exit });
  }
  if (isObject(result.json)) {
    out.push(
      ...compare(stdout, result.json, "/stdout", { skip: new Set(), alternatives: new Map() }),
    );
  }
  if (result.exit === 6 && result.changed.size > 0) {
    out.push({ at: "/files", expected: "nothing written", actual: [...result.changed.keys()] });
  }
  return out;
}
