/** The recorded cases of the session area: loading, running in process and judging one. */

import { runCli } from "../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../support/memory_ports.ts";
import { compare, type Difference, equal, isObject, type Tolerance } from "./compare.ts";
import { readZip } from "../../core/zip/read_zip.ts";

const DATA = new URL("./data/session/", import.meta.url);

/** A file of a sandbox. */
type Source = string | { readonly template?: string; readonly mtime?: string; readonly dir?: true };

/** One file that a command wrote. */
interface WrittenFile {
  readonly path: string;
  readonly absent?: boolean;
  readonly kind?: "json" | "jsonl" | "zip" | "bytes";
  readonly volatile?: string[];
  readonly from?: string;
}

/** One case. */
export interface SessionCase {
  readonly id: string;
  readonly title: string;
  readonly feature: string;
  readonly argv: string[];
  readonly files: Record<string, Source>;
  readonly env: Record<string, string>;
  readonly setup?: { readonly argv: string[]; readonly exit_code: number }[];
  readonly expect: {
    readonly exit_code: number;
    readonly stdout: Record<string, unknown> | null;
    readonly stdout_nonempty?: boolean;
    readonly files_out: WrittenFile[];
    readonly volatile: string[];
    readonly informative: string[];
  };
  readonly divergence: null | {
    readonly strength: "must" | "should";
    readonly wanted: {
      readonly exit_codes: number[];
      readonly stdout?: Record<string, unknown>;
      readonly stdout_any?: Record<string, unknown>[];
    };
  };
}

/** All cases. */
export function sessionCases(): SessionCase[] {
  return JSON.parse(Deno.readTextFileSync(new URL("cases.json", DATA)));
}

/** A recorded file. */
export function sessionFile(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(name, DATA));
}

/** A world with the files of a case in place. */
export function worldOf(c: SessionCase): MemoryWorld {
  const world = memoryWorld("/work");
  world.env.set("HOME", "/home/user");
  for (const [name, value] of Object.entries(c.env)) world.env.set(name, value);
  for (const [path, source] of Object.entries(c.files)) {
    if (typeof source === "string") world.files.put(path, sessionFile(source));
    else if (source.dir) world.files.entries.set(`/work/${path}`, { kind: "directory" });
    else world.files.put(path, source.template ?? "");
  }
  return world;
}

/** What a command did. */
export interface SessionResult {
  readonly exit: number;
  readonly text: string;
  readonly json: Record<string, unknown> | undefined;
  /** Content of every file before and after, by path. */
  readonly before: ReadonlyMap<string, Uint8Array>;
  readonly after: ReadonlyMap<string, Uint8Array>;
}

function snapshot(world: MemoryWorld): Map<string, Uint8Array> {
  const out = new Map<string, Uint8Array>();
  for (const [path, entry] of world.files.entries) {
    if (entry.kind === "file" && path.startsWith("/work/")) out.set(path.slice(6), entry.data);
  }
  return out;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Runs a case. */
export async function runCase(c: SessionCase): Promise<SessionResult> {
  const world = worldOf(c);
  const before = snapshot(world);
  for (const step of c.setup ?? []) await runCli(step.argv, world.ports);
  world.stdout.length = 0;
  world.stderr.length = 0;
  const exit = await runCli(c.argv, world.ports);
  const json = parsed(world.stdout.join(""));
  const text = `${world.stdout.join("")}${world.stderr.join("")}`;
  return { exit, text, json, before, after: snapshot(world) };
}

/** Content of a file in the form that the pointers of a case name. */
function described(kind: WrittenFile["kind"], data: Uint8Array): unknown {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const lines = (bytes: Uint8Array) =>
    text(bytes).split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
  if (kind === "jsonl") return { value: lines(data).map(withoutEvents) };
  if (kind === "json") {
    const all = text(data);
    try {
      return { value: JSON.parse(all) };
    } catch {
      return { value: lines(data).map(withoutEvents) };
    }
  }
  if (kind !== "zip") return text(data);
  const members: Record<string, unknown> = {};
  for (const { name, read } of readZip(data).members) {
    const content = text(read());
    members[name] = { value: name.endsWith("l") ? lines(read()) : JSON.parse(content) };
  }
  return { members };
}

/** A header with `events: null` counts as one with `[]`. */
function withoutEvents(record: unknown): unknown {
  if (!isObject(record) || !isObject(record.header)) return record;
  const { events: _events, ...header } = record.header;
  return { ...record, header };
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function compareFiles(c: SessionCase, result: SessionResult): Difference[] {
  const out: Difference[] = [];
  const listed = new Set(c.expect.files_out.map(({ path }) => path));
  for (const path of new Set([...result.before.keys(), ...result.after.keys()])) {
    if (listed.has(path) || sameBytes(result.before.get(path), result.after.get(path))) continue;
    out.push({ at: `/files/${path}`, expected: "unchanged", actual: "changed" });
  }
  for (const file of c.expect.files_out) {
    const data = result.after.get(file.path);
    if (file.absent || data === undefined) {
      if (file.absent !== (data === undefined)) {
        out.push({ at: `/files/${file.path}`, expected: !file.absent, actual: data !== undefined });
      }
      continue;
    }
    if (file.from === undefined) continue;
    const skip = new Set((file.volatile ?? []).map((pointer) => pointer));
    // Recorded on another host and runtime.
    skip.add("/members/run.json/value/env");
    skip.add("/value/journal_size_bytes");
    skip.add("/value/updated_at");
    const tolerance: Tolerance = { skip, alternatives: new Map() };
    const expected = described(file.kind, sessionFile(file.from));
    out.push(...compare(expected, described(file.kind, data), "", tolerance));
  }
  return out;
}

/** Whether every member of `part` is in `whole`. */
function contains(whole: unknown, part: unknown): boolean {
  if (!isObject(part)) return equal(whole, part);
  return isObject(whole) &&
    Object.entries(part).every(([key, value]) => contains(whole[key], value));
}

/** Judges a result by the recording. */
function judgeRecorded(c: SessionCase, result: SessionResult): Difference[] {
  const { expect } = c;
  const out: Difference[] = [];
  if (result.exit !== expect.exit_code) {
    out.push({ at: "/exit_code", expected: expect.exit_code, actual: result.exit });
  }
  const skip = new Set(
    [...expect.volatile, ...expect.informative].map((pointer) => `/stdout${pointer}`),
  );
  // Where a corrupt member breaks off is each inflater's own finding.
  const causes = expect.stdout?.checkpoint_errors;
  if (Array.isArray(causes)) {
    causes.forEach((text, i) => {
      if (/ verify error: hash /.test(String(text))) skip.add(`/stdout/checkpoint_errors/${i}`);
    });
  }
  if (expect.stdout) {
    const tolerance: Tolerance = { skip, alternatives: new Map() };
    out.push(...compare(expect.stdout, result.json, "/stdout", tolerance));
  } else if (result.text === "") out.push({ at: "/stdout", expected: "some text", actual: "" });
  out.push(...compareFiles(c, result));
  return out;
}

/** Judges a result. */
export function judge(c: SessionCase, result: SessionResult): Difference[] {
  if (c.divergence === null) return judgeRecorded(c, result);
  const { wanted, strength } = c.divergence;
  const any = wanted.stdout_any ?? [wanted.stdout ?? {}];
  const fits = wanted.exit_codes.includes(result.exit) &&
    any.some((part) => contains(result.json ?? {}, part));
  if (fits) return [];
  const out: Difference[] = [{
    at: "/wanted",
    expected: wanted,
    actual: { exit: result.exit, ...result.json },
  }];
  return strength === "should" && judgeRecorded(c, result).length === 0 ? [] : out;
}
