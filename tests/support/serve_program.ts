/** `gait mcp serve` as a real program on a free port of loopback; it ends with the test. */

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** Policy of these tests: reads are allowed, deletes are blocked, writes need approval. */
export const POLICY = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block
rules:
  - name: allow-read
    priority: 10
    effect: allow
    match: {tool_names: [tool.read]}
  - name: approve-write
    priority: 10
    effect: require_approval
    match: {tool_names: [tool.write]}
`;

/** Test key: the seed is 00 01 02 … 1f. */
export const PRIVATE_KEY =
  "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==\n";

/** A call that is allowed. */
export const READ = JSON.stringify({
  run_id: "r",
  call: {
    name: "tool.read",
    args: { path: "/d/a" },
    context: { identity: "alice", workspace: "/repo", session_id: "" },
  },
});

/** A service under test. */
export interface Program extends AsyncDisposable {
  readonly dir: string;
  readonly port: number;
  readonly child: Deno.ChildProcess;
  /** First line on standard output. */
  readonly started: Record<string, unknown>;
  /** Standard error so far. */
  log(): string;
  /** Posts a body to the evaluate route. */
  post(body: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends bytes as they are and reads until the peer closes or `ms` are over. */
  raw(text: string, ms?: number): Promise<string>;
  /** Names of the traces. */
  traces(): string[];
  /** Files and links below the directory, sorted. */
  tree(): string[];
}

/** Paths of everything below a directory. */
function walk(dir: string): string[] {
  return [...Deno.readDirSync(dir)].flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    return entry.isDirectory ? walk(path) : [path];
  }).sort();
}

/** Reads the first line of a stream; the rest is thrown away as it comes. */
async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  void (async () => {
    while (!(await reader.read()).done);
  })().catch(() => {});
  return text.split("\n")[0] ?? "";
}

/** Options of a start. */
export interface StartOptions {
  readonly flags?: readonly string[];
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
  /** Directory to work in; a new one when absent. */
  readonly dir?: string;
  /** Flags of the runtime in front of the program. */
  readonly runtime?: readonly string[];
  /** Hard limit of open files. */
  readonly openFiles?: number;
}

/** Sends bytes and reads what comes. */
async function exchange(port: number, text: string, ms: number): Promise<string> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const timer = setTimeout(() => conn.close(), ms);
  let out = "";
  try {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
    const buffer = new Uint8Array(65536);
    for (;;) {
      const count = await conn.read(buffer);
      if (count === null) break;
      out += new TextDecoder().decode(buffer.subarray(0, count));
    }
  } catch {
    // Closed by us or by the peer: what came so far counts.
  } finally {
    clearTimeout(timer);
    try {
      conn.close();
    } catch {
      // Closed already.
    }
  }
  return out;
}

/**
 * Command and first arguments. `GAIT_SERVICE_PROGRAM`, a JSON list, puts another build in the place of the
 * sources: the npm package under Node, or a binary.
 */
function programLine(runtime: readonly string[]): [string, ...string[]] {
  const other = Deno.env.get("GAIT_SERVICE_PROGRAM");
  if (other !== undefined) return JSON.parse(other);
  return [Deno.execPath(), "run", "--no-prompt", "--quiet", ...runtime, `${ROOT}cli.ts`];
}

/** Whether the program runs under Node, which has no second layer, no isolated worker and no shared syncs. */
export const UNDER_NODE = Deno.env.get("GAIT_SERVICE_RUNTIME") === "node";

/** Starts the program and waits until it listens. */
export async function startProgram(options: StartOptions = {}): Promise<Program> {
  const dir = options.dir ?? await Deno.makeTempDir();
  if (options.dir === undefined) {
    await Deno.writeTextFile(`${dir}/pol.yaml`, POLICY);
    await Deno.writeTextFile(`${dir}/priv.key`, PRIVATE_KEY, { mode: 0o600 });
    for (const [name, text] of Object.entries(options.files ?? {})) {
      await Deno.writeTextFile(`${dir}/${name}`, text);
    }
  }
  const [command, ...leading] = programLine(options.runtime ?? ["-A"]);
  const limited = options.openFiles === undefined
    ? []
    : ["-c", 'ulimit -n "$0" && exec "$@"', String(options.openFiles), command];
  const child = new Deno.Command(limited.length === 0 ? command : "sh", {
    args: [
      ...limited,
      ...leading,
      ...["mcp", "serve", "--policy", "pol.yaml", "--listen", "127.0.0.1:0", "--json"],
      ...["--trace-dir", "traces", "--session-dir", "sessions", "--no-config"],
      ...["--key-mode", "prod", "--private-key", "priv.key", ...options.flags ?? []],
    ],
    cwd: dir,
    env: { ...options.env, HOME: dir },
    stdout: "piped",
    stderr: "piped",
    stdin: "null",
  }).spawn();
  let log = "";
  const logged = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) log += text;
  })();
  const started = JSON.parse(await firstLine(child.stdout) || `{"error":${JSON.stringify(log)}}`);
  const port = Number(String(started.listen).split(":").at(-1));
  return {
    dir,
    port,
    child,
    started,
    log: () => log,
    post: (body, headers = {}) =>
      fetch(`http://127.0.0.1:${port}/v1/evaluate`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", ...headers },
      }),
    raw: (text, ms = 3000) => exchange(port, text, ms),
    traces: () => [...Deno.readDirSync(`${dir}/traces`)].map((entry) => entry.name),
    tree: () => walk(dir),
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
      await child.status;
      await logged;
      if (options.dir === undefined) await Deno.remove(dir, { recursive: true });
    },
  };
}
