/** The recorded HTTP cases of `mcp serve`: one service below a directory of its own for each. */

import { fromBase64 } from "../../core/base/bytes.ts";
import { type RootedWorld, rootedWorld } from "../support/rooted_ports.ts";
import { startWithoutSocket } from "../support/start_service.ts";
import { readStoredZip } from "../support/plain_zip.ts";
import { compare, type Difference, isObject, type Tolerance } from "./compare.ts";
import type { McpFile } from "./mcp_cases.ts";

const DATA = new URL("./data/mcp/serve-http/", import.meta.url);

/** A file of a case, with what only these cases have. */
interface ServeFile extends McpFile {
  readonly symlink?: string;
  readonly mtime?: string;
  readonly mtime_age_seconds?: number;
}

/** A recorded request. */
interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly body_b64?: string;
  readonly body_repeat?: { prefix: string; text: string; count: number; suffix: string };
}

/** One case. */
export interface ServeCase {
  readonly id: string;
  readonly files: ServeFile[];
  readonly env?: Record<string, string>;
  readonly serve_argv: string[];
  readonly prior?: RecordedRequest[];
  readonly request: RecordedRequest;
  readonly expect: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body_kind: "json" | "sse" | "ndjson" | "text" | "empty";
    readonly body: unknown;
    readonly key_order?: string[];
    readonly prior_status?: number[];
    readonly files_out: Record<string, unknown>[];
    readonly volatile?: string[];
    readonly host_dependent?: string[];
    readonly row_dependent?: Record<string, string[]>;
  };
  readonly divergence: null | {
    readonly want: {
      readonly status?: number;
      readonly status_min?: number;
      readonly verdict?: string;
      readonly exit_code?: number;
      readonly absent?: string[];
      readonly files_out?: [];
    };
  };
}

/** All cases. */
export function serveCases(): ServeCase[] {
  return JSON.parse(Deno.readTextFileSync(new URL("cases.json", DATA)));
}

/** Puts the input files in place. */
function place(root: string, files: readonly ServeFile[]): void {
  for (const file of files) {
    const path = `${root}/${file.path}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (file.dir) Deno.mkdirSync(path, { recursive: true });
    else if (file.symlink !== undefined) Deno.symlinkSync(file.symlink, path);
    else {
      const data = file.from === undefined
        ? fromBase64(file.b64 ?? "-") ?? new TextEncoder().encode(file.text ?? "")
        : Deno.readFileSync(new URL(`files/${file.from}`, DATA));
      Deno.writeFileSync(path, data, { mode: 0o600 });
      const age = file.mtime_age_seconds;
      const time = age === undefined ? file.mtime : new Date(Date.now() - age * 1000);
      if (time !== undefined) Deno.utimeSync(path, new Date(time), new Date(time));
    }
  }
}

/** Makes a request; the host is the listen address unless the case names one. */
function requestOf(recorded: RecordedRequest): Request {
  const { body_repeat: repeat, body_b64: coded } = recorded;
  const body = repeat
    ? repeat.prefix + repeat.text.repeat(repeat.count) + repeat.suffix
    : coded === undefined
    ? recorded.body
    : fromBase64(coded);
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const headers = new Headers({ host: "127.0.0.1:18799", ...recorded.headers });
  return new Request(`http://127.0.0.1:18799${recorded.path}`, {
    method: recorded.method,
    headers,
    ...(bytes === undefined ? {} : { body: bytes }),
  });
}

/** What a case led to. */
export interface ServeResult {
  readonly exit: number;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly priorStatus: readonly number[];
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  readonly root: string;
}

/** Every file and link below a directory, by relative path. */
function snapshot(root: string, below = ""): Map<string, string> {
  const out = new Map<string, string>();
  for (const entry of Deno.readDirSync(`${root}/${below}`)) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory) { for (const [k, v] of snapshot(root, path)) out.set(k, v); }
    else if (entry.isSymlink) out.set(path, `-> ${Deno.readLinkSync(`${root}/${path}`)}`);
    else {
      const data = Deno.readFileSync(`${root}/${path}`);
      out.set(path, Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
    }
  }
  return out;
}

/** Asks one request. */
async function ask(world: RootedWorld, c: ServeCase, root: string): Promise<ServeResult> {
  const argv = c.serve_argv.slice(1).map((word) => word.replace("{PORT}", "18799"));
  const started = await startWithoutSocket(world, ["mcp", ...argv.slice(argv.indexOf("serve"))]);
  const before = snapshot(root);
  if (started.service === undefined) {
    const none = { status: 0, headers: new Headers(), text: "", priorStatus: [] };
    return { exit: started.exit, ...none, before, after: before, root };
  }
  const priorStatus: number[] = [];
  for (const recorded of c.prior ?? []) {
    const response = await started.handler(requestOf(recorded));
    await response.text();
    priorStatus.push(response.status);
  }
  const beforeRequest = snapshot(root);
  const response = await started.handler(requestOf(c.request));
  const text = await response.text();
  await started.service.close();
  return {
    exit: started.exit,
    status: response.status,
    headers: response.headers,
    text,
    priorStatus,
    before: beforeRequest,
    after: snapshot(root),
    root,
  };
}

/** Runs a case in a directory of its own. */
export async function runServeCase(c: ServeCase): Promise<ServeResult> {
  const root = await Deno.makeTempDir();
  try {
    place(root, c.files);
    const world = rootedWorld(root);
    for (const [name, value] of Object.entries(c.env ?? {})) world.env.set(name, value);
    return await ask(world, c, root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Replaces times in names, as the recording did. */
function stamped(text: string): string {
  return text.replace(/\d{8}T\d{6}\.\d{9}/g, "<ts>");
}

/** Parses a body by its kind. */
function parseBody(text: string, kind: ServeCase["expect"]["body_kind"]): unknown {
  const plain = stamped(text);
  if (kind === "json") return JSON.parse(plain);
  if (kind === "ndjson") return plain.trim().split("\n").map((line) => JSON.parse(line));
  if (kind === "text") return plain;
  const [event = "", data = ""] = plain.split("\n");
  return [{ event: event.slice("event: ".length), data: JSON.parse(data.slice("data: ".length)) }];
}

/** Files that changed, by stamped name. */
function changes(result: ServeResult): Map<string, string | undefined> {
  const out = new Map<string, string | undefined>();
  for (const [path, text] of result.after) {
    if (result.before.get(path) !== text && !path.endsWith(".public.key")) {
      out.set(stamped(path), text);
    }
  }
  for (const path of result.before.keys()) {
    if (!result.after.has(path)) out.set(stamped(path), undefined);
  }
  return out;
}

/** Content of a changed file in the form of the recording. */
async function contentOf(expected: Record<string, unknown>, text: string): Promise<unknown> {
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const plain = stamped(new TextDecoder().decode(bytes));
  if (!Array.isArray(expected.members)) return parsed(expected, plain);
  const members = await readStoredZip(bytes);
  const list = [...members].map(([name, data], index) => {
    const wanted = expected.members as Record<string, unknown>[];
    const text = stamped(new TextDecoder().decode(data));
    return { name, ...parsed(wanted[index] ?? {}, text), ...sizes(wanted[index], data) };
  });
  return { ...expected, members: list };
}

/** Size of a member, where the recording has one. */
function sizes(expected: Record<string, unknown> | undefined, data: Uint8Array) {
  return {
    ...(expected?.size === undefined ? {} : { size: data.length }),
    // Bytes are judged by the tests of the pack writer; here the content counts.
    ...(expected?.sha256 === undefined ? {} : { sha256: expected.sha256 }),
  };
}

/** The recording with our content in place of its own. */
function parsed(expected: Record<string, unknown>, text: string): Record<string, unknown> {
  if ("json" in expected) return { ...expected, json: JSON.parse(text) };
  if (!("jsonl" in expected)) return { ...expected };
  const lines = text.split("\n").filter((line) => line !== "");
  return { ...expected, jsonl: lines.map((line) => JSON.parse(line)) };
}

/** Compares what was written and removed. */
async function compareFiles(c: ServeCase, result: ServeResult, tolerance: Tolerance) {
  const out: Difference[] = [];
  const changed = changes(result);
  for (const [index, expected] of c.expect.files_out.entries()) {
    const path = String(expected.path);
    const at = `/files_out/${index}`;
    if (!changed.has(path)) {
      out.push({ at, expected: path, actual: [...changed.keys()] });
      continue;
    }
    const text = changed.get(path);
    changed.delete(path);
    if (expected.absent) {
      if (text !== undefined) out.push({ at, expected: "removed", actual: path });
      continue;
    }
    out.push(...compare(expected, await contentOf(expected, text ?? ""), at, tolerance));
  }
  for (const path of changed.keys()) {
    out.push({ at: `/files/${path}`, expected: "not touched", actual: "touched" });
  }
  return out;
}

/** Judges the wanted outcome of a divergence. */
function compareWanted(c: ServeCase, result: ServeResult): Difference[] {
  const want = c.divergence?.want ?? {};
  const out: Difference[] = [];
  const check = (ok: boolean, at: string, expected: unknown, actual: unknown) =>
    void (ok || out.push({ at, expected, actual }));
  const { status, text, exit, after } = result;
  if (want.exit_code !== undefined) check(exit === want.exit_code, "/exit", want.exit_code, exit);
  if (want.status !== undefined) check(status === want.status, "/status", want.status, text);
  if (want.status_min !== undefined) {
    check(status >= want.status_min, "/status", want.status_min, status);
  }
  if (want.verdict !== undefined) {
    check(JSON.parse(text).verdict === want.verdict, "/verdict", want.verdict, text);
  }
  for (const path of want.absent ?? []) check(!after.has(path), `/absent/${path}`, "absent", path);
  if (status >= 400 && want.verdict === undefined) {
    check(changes(result).size === 0, "/files", "nothing written", [...changes(result).keys()]);
  }
  return out;
}

/** Judges a case. */
export async function judgeServeCase(c: ServeCase, result: ServeResult): Promise<Difference[]> {
  if (c.divergence !== null) return compareWanted(c, result);
  const { expect } = c;
  const tolerance: Tolerance = {
    skip: new Set([
      ...expect.volatile ?? [],
      ...expect.host_dependent ?? [],
      ...Object.values(expect.row_dependent ?? {}).flat(),
    ]),
    alternatives: new Map(),
  };
  const out: Difference[] = [];
  if (result.status !== expect.status) {
    return [{ at: "/status", expected: expect.status, actual: result.text }];
  }
  for (const name of ["content-type", "location"]) {
    const wanted = expect.headers[name];
    if (wanted !== undefined && result.headers.get(name) !== wanted) {
      out.push({ at: `/headers/${name}`, expected: wanted, actual: result.headers.get(name) });
    }
  }
  if (expect.prior_status !== undefined) {
    out.push(...compare(expect.prior_status, result.priorStatus, "/prior_status", tolerance));
  }
  if (expect.body_kind === "empty") return out;
  const body = parseBody(result.text, expect.body_kind);
  out.push(...compare(expect.body, body, "/body", tolerance));
  if (expect.key_order !== undefined && isObject(body) && result.status === 200) {
    const order = Object.keys(body).filter((key) => expect.key_order?.includes(key));
    out.push(...compare(expect.key_order, order, "/key_order", tolerance));
  }
  out.push(...await compareFiles(c, result, tolerance));
  return out;
}
