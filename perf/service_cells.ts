/**
 * Programs of the service bench: a service or the baseline in a fresh directory, and a load client on a
 * processor of its own where the system can pin it.
 *
 * @module
 */

import { PRIVATE_KEY } from "../tests/support/serve_program.ts";

const ROOT = new URL("../", import.meta.url).pathname;

/** What the client measured. */
export interface Load {
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly wrong: number;
}

/** One thing to measure. */
export interface Cell {
  readonly name: string;
  /** Which program: the service, the service without a disk, or the baseline. */
  readonly program: "service" | "no_disk" | "echo";
  readonly flags: readonly string[];
  /** Session that every request belongs to; "" for none. */
  readonly session: string;
}

/** Start of the command line of each program. */
const PROGRAMS: Readonly<Record<Cell["program"], readonly string[]>> = {
  service: [`${ROOT}cli.ts`, "mcp", "serve"],
  no_disk: [`${ROOT}perf/service_no_disk.ts`],
  echo: [`${ROOT}perf/service_echo.ts`],
};

/** How many requests. */
export interface Requests {
  readonly warm: number;
  readonly counted: number;
  readonly connections: number;
}

const POLICY = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block
rules:
  - name: allow-read
    priority: 10
    effect: allow
    match: {tool_names: [tool.read]}
`;

/** A 1 KB request. */
function body(session: string): string {
  return JSON.stringify({
    run_id: "bench",
    ...(session === "" ? {} : { session_id: session }),
    call: {
      name: "tool.read",
      args: { path: "/srv/data", text: "x".repeat(700) },
      context: { identity: "alice", workspace: "/srv" },
    },
  });
}

/** Starts a program and reads the port from its first line. */
async function start(args: readonly string[], cwd: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-check", "-A", ...args],
    cwd,
    env: { HOME: cwd },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let line = "";
  while (!line.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot start ${args[0]}: it ended`);
    line += value;
  }
  void reader.read().catch(() => {});
  const started = JSON.parse(line.split("\n")[0] ?? "");
  if (typeof started.listen !== "string") throw new Error(`Cannot start ${args[0]}: ${line}`);
  return { child, port: started.listen.split(":").at(-1) ?? "" };
}

/** Whether this system pins processes. */
async function canPin(): Promise<boolean> {
  if (navigator.hardwareConcurrency < 2) return false;
  try {
    return (await new Deno.Command("taskset", { args: ["-c", "0", "true"] }).output()).success;
  } catch {
    return false;
  }
}

/** What the load client may do: its library looks at the machine it runs on. */
const CLIENT_ACCESS = ["--allow-net=127.0.0.1", "--allow-env", "--allow-sys", "--allow-read"];

/** Sends requests. */
async function load(port: string, count: number, cell: Cell, requests: Requests): Promise<Load> {
  const args = [
    ...["run", "--quiet", "--no-check", ...CLIENT_ACCESS, `${ROOT}perf/service_client.ts`, port],
    ...[String(count), String(requests.connections), "/v1/evaluate", body(cell.session)],
    cell.program === "echo" ? '"run_id":"bench"' : '"verdict":"allow"',
  ];
  const last = String(navigator.hardwareConcurrency - 1);
  const pinned = await canPin();
  const { stdout, success } = await new Deno.Command(pinned ? "taskset" : Deno.execPath(), {
    args: pinned ? ["-c", last, Deno.execPath(), ...args] : args,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot measure ${cell.name}: the client failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Number of traces in a directory. */
async function countTraces(directory: string): Promise<number> {
  const names = await Array.fromAsync(Deno.readDir(directory));
  return names.filter(({ name }) => /^trace_.*\.json$/.test(name)).length;
}

/**
 * Measures one cell.
 *
 * @param dir A fresh directory. The caller removes it when everything is measured: file systems look long for
 *   a free place where thousands of files were just deleted.
 * @throws Error when an answer was wrong or the number of traces is not exact
 */
export async function measure(cell: Cell, requests: Requests, dir: string): Promise<Load> {
  const traces = `${dir}/traces`;
  await Deno.mkdir(dir, { recursive: true });
  await Deno.writeTextFile(`${dir}/pol.yaml`, POLICY);
  await Deno.writeTextFile(`${dir}/priv.key`, PRIVATE_KEY, { mode: 0o600 });
  const args = [
    ...PROGRAMS[cell.program],
    ...["--policy", "pol.yaml", "--listen", "127.0.0.1:0", "--json", "--no-config"],
    ...["--key-mode", "prod", "--private-key", "priv.key", "--trace-dir", traces],
    ...["--session-dir", "sessions", ...cell.flags],
  ];
  const { child, port } = await start(args, dir);
  try {
    await load(port, requests.warm, cell, requests);
    const result = await load(port, requests.counted, cell, requests);
    if (result.wrong > 0) throw new Error(`${cell.name}: ${result.wrong} answers are wrong`);
    if (cell.program !== "service") return result;
    const found = await countTraces(traces);
    const expected = requests.warm + requests.counted;
    if (found !== expected) throw new Error(`${cell.name}: ${found} traces, not ${expected}`);
    return result;
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
}
