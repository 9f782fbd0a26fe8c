/** The recorded cases of the MCP commands: loading, running and judging one in memory. */

import { fromBase64, toHex } from "../../core/base/bytes.ts";
import { runCli } from "../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../support/memory_ports.ts";
import { readStoredZip } from "../support/plain_zip.ts";
import { compare, type Difference, equal, isObject, type Tolerance } from "./compare.ts";

const DATA = new URL("./data/mcp/", import.meta.url);

/** An input file. */
export interface McpFile {
  readonly path: string;
  readonly text?: string;
  readonly from?: string;
  readonly b64?: string;
  readonly dir?: boolean;
}

/** Content of a file or archive member. */
interface Content {
  readonly sha256?: string;
  readonly json?: unknown;
  readonly jsonl?: unknown[];
}

/** A file that the reference wrote. */
interface FileOut extends Content {
  readonly path: string;
  readonly absent?: boolean;
  readonly members?: (Content & { readonly name: string })[];
}

/** One case of a command line. */
export interface McpCase {
  readonly id: string;
  readonly argv: string[];
  readonly files: McpFile[];
  readonly env?: Record<string, string>;
  readonly setup?: string[][];
  readonly stdin?: string;
  readonly expect: {
    readonly exit_code: number;
    readonly stdout: Record<string, unknown> | "";
    readonly files_out: FileOut[];
    readonly volatile?: string[];
    readonly host_dependent?: string[];
    readonly row_dependent?: Record<string, string[]>;
    readonly intent?: unknown;
  };
  readonly divergence: null | {
    readonly rows: string[];
    readonly want: { readonly exit_code?: number; readonly verdict?: string };
  };
}

/** Cases of a folder. */
export function mcpCases(folder: string): McpCase[] {
  return JSON.parse(Deno.readTextFileSync(new URL(`${folder}/cases.json`, DATA)));
}

/** What a run did. */
export interface McpResult {
  readonly exit: number;
  readonly json: Record<string, unknown>;
  /** Files created or changed, by path below the working directory. */
  readonly changed: ReadonlyMap<string, Uint8Array>;
}

/** Replaces times in names, as the recording did. */
function stamped(text: string): string {
  return text.replace(/\d{8}T\d{6}\.\d{9}/g, "<ts>");
}

/** Puts an input file in place. */
function place(world: MemoryWorld, folder: string, file: McpFile): void {
  if (file.dir) return world.files.put(`${file.path}/.keep`, "");
  if (file.from !== undefined) {
    const data = Deno.readFileSync(new URL(`${folder}/files/${file.from}`, DATA));
    return world.files.put(file.path, data);
  }
  const bytes = file.b64 === undefined ? undefined : fromBase64(file.b64);
  world.files.put(file.path, bytes ?? file.text ?? "");
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
export async function runMcpCase(folder: string, c: McpCase): Promise<McpResult> {
  const world = memoryWorld("/work");
  world.env.set("HOME", "home");
  for (const [name, value] of Object.entries(c.env ?? {})) world.env.set(name, value);
  for (const file of c.files) place(world, folder, file);
  world.stdin = c.stdin ?? "";
  for (const argv of c.setup ?? []) await runCli(argv, world.ports);
  const before = contents(world);
  world.stdout.length = 0;
  const exit = await runCli(c.argv, world.ports);
  const changed = new Map<string, Uint8Array>();
  for (const [path, data] of contents(world)) {
    if (before.get(path) !== data) changed.set(path, data);
  }
  return { exit, json: JSON.parse(world.stdout.join("")), changed };
}

/** Names of default files carry the event id behind the recorded name (divergence C9). */
function found(path: string, result: McpResult): string | undefined {
  const stem = path.replace(/\.json$/, "_");
  return [...result.changed.keys()].find((name) =>
    stamped(name) === path ||
    (stamped(name).startsWith(stem) &&
      /^[0-9a-f]{24}\.json$/.test(stamped(name).slice(stem.length)))
  );
}

async function sha256(data: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(data))));
}

/** Compares content; members of archives are closed and their bytes are contract. */
async function compareContent(
  expected: Content,
  data: Uint8Array,
  at: string,
  options: { readonly tolerance: Tolerance; readonly closed: boolean },
): Promise<Difference[]> {
  const { tolerance, closed } = options;
  const text = new TextDecoder().decode(data);
  const kind = expected.jsonl === undefined ? "json" : "jsonl";
  const lines = text.split("\n").filter((line) => line !== "");
  const value = kind === "json" ? JSON.parse(text) : lines.map((line) => JSON.parse(line));
  const wanted = expected[kind];
  const out = compare(wanted, value, `${at}/${kind}`, tolerance);
  if (closed) out.push(...additional(wanted, value, `${at}/${kind}`, tolerance));
  const bytes = closed || equal(wanted, value);
  if (out.length === 0 && bytes && expected.sha256 && !tolerance.skip.has(`${at}/sha256`)) {
    const actualSha = await sha256(data);
    if (actualSha !== expected.sha256) {
      out.push({ at: `${at}/sha256`, expected: expected.sha256, actual: actualSha });
    }
  }
  return out;
}

/** Members that the recording does not have. */
function additional(a: unknown, b: unknown, at: string, tolerance: Tolerance): Difference[] {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.flatMap((item, i) => additional(item, b[i], `${at}/${i}`, tolerance));
  }
  if (!isObject(a) || !isObject(b)) return [];
  return Object.keys(b).flatMap((key) => {
    const where = `${at}/${key}`;
    if (tolerance.skip.has(where)) return [];
    if (!(key in a)) return [{ at: where, expected: undefined, actual: b[key] }];
    return additional(a[key], b[key], where, tolerance);
  });
}

/** Compares the files that a case wrote. */
async function compareFiles(
  c: McpCase,
  result: McpResult,
  tolerance: Tolerance,
): Promise<Difference[]> {
  const out: Difference[] = [];
  const listed = new Set<string>();
  for (const [i, file] of c.expect.files_out.entries()) {
    const at = `/files_out/${i}`;
    const name = found(file.path, result);
    const data = name === undefined ? undefined : result.changed.get(name);
    if (name === undefined || data === undefined) {
      out.push({ at, expected: file.path, actual: [...result.changed.keys()] });
      continue;
    }
    listed.add(name);
    if (file.members === undefined) {
      out.push(...await compareContent(file, data, at, { tolerance, closed: false }));
      continue;
    }
    const members = await readStoredZip(data);
    const names = file.members.map((member) => member.name);
    out.push(...compare(names, [...members.keys()], `${at}/members`, tolerance));
    for (const [k, member] of file.members.entries()) {
      const content = members.get(member.name) ?? new Uint8Array();
      const where = `${at}/members/${k}`;
      out.push(...await compareContent(member, content, where, { tolerance, closed: true }));
    }
  }
  for (const path of result.changed.keys()) {
    if (listed.has(path) || /\.(sig\.json|public\.key)$/.test(path)) continue;
    out.push({ at: `/files/${path}`, expected: "not written", actual: "written" });
  }
  return out;
}

/** The outcome that a divergence asks for. */
function compareWanted(
  want: NonNullable<McpCase["divergence"]>["want"],
  result: McpResult,
): Difference[] {
  const out: Difference[] = [];
  if (want.exit_code !== undefined && result.exit !== want.exit_code) {
    out.push({ at: "/exit_code", expected: want.exit_code, actual: result.exit });
  }
  if (want.verdict !== undefined && result.json.verdict !== want.verdict) {
    out.push({ at: "/stdout/verdict", expected: want.verdict, actual: result.json.verdict });
  }
  if (result.exit === 6 && result.changed.size > 0) {
    out.push({ at: "/files", expected: "nothing", actual: [...result.changed.keys()] });
  }
  return out;
}

/** Judges a case. */
export async function judgeMcpCase(c: McpCase, result: McpResult): Promise<Difference[]> {
  const { expect } = c;
  if (c.divergence !== null) return compareWanted(c.divergence.want, result);
  const tolerance: Tolerance = {
    skip: new Set([
      ...expect.volatile ?? [],
      ...expect.host_dependent ?? [],
      ...Object.values(expect.row_dependent ?? {}).flat(),
    ]),
    alternatives: new Map(),
  };
  const out: Difference[] = [];
  if (result.exit !== expect.exit_code) {
    out.push({ at: "/exit_code", expected: expect.exit_code, actual: result.exit });
  }
  if (expect.stdout !== "") {
    const json: Record<string, unknown> = { ...result.json };
    const path = expect.stdout.trace_path;
    if (typeof json.trace_path === "string" && typeof path === "string") {
      if (found(path, result) === json.trace_path) json.trace_path = path;
    }
    out.push(...compare(expect.stdout, json, "/stdout", tolerance));
    // The codes are the contract here.
    for (const key of ["error_code", "error_category", "retryable"]) {
      const wanted = expect.stdout[key];
      if (wanted !== json[key] && wanted !== undefined) {
        out.push({ at: `/stdout/${key}`, expected: wanted, actual: json[key] });
      }
    }
  }
  out.push(...await compareFiles(c, result, tolerance));
  return out;
}
