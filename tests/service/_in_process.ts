/** A service below a temporary directory, asked without a socket. */

import { type RootedWorld, rootedWorld } from "../support/rooted_ports.ts";
import { type StartedService, startWithoutSocket } from "../support/start_service.ts";
import { POLICY, PRIVATE_KEY } from "../support/serve_program.ts";

/** A service and ways to ask it. */
export interface InProcess extends AsyncDisposable {
  readonly root: string;
  readonly world: RootedWorld;
  readonly started: StartedService;
  /** Asks for a decision. */
  post(body: string | Uint8Array<ArrayBuffer>, headers?: Record<string, string>): Promise<Answer>;
  /** Sends any request. */
  ask(path: string, init?: RequestInit): Promise<Answer>;
  /** Everything below the root: files, links, sorted. */
  tree(): string[];
}

/** An answer that was read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

function walk(dir: string): string[] {
  return [...Deno.readDirSync(dir)].flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    return entry.isDirectory ? walk(path) : [path];
  }).sort();
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Starts it. `prepare` may put files in place first. */
export async function inProcess(
  flags: readonly string[] = [],
  prepare: (root: string, world: RootedWorld) => void = () => {},
): Promise<InProcess> {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(`${root}/pol.yaml`, POLICY);
  await Deno.writeTextFile(`${root}/priv.key`, PRIVATE_KEY, { mode: 0o600 });
  const world = rootedWorld(root);
  prepare(root, world);
  const started = await startWithoutSocket(world, [
    ...["mcp", "serve", "--policy", "pol.yaml", "--trace-dir", "traces", "--session-dir"],
    ...["sessions", "--key-mode", "prod", "--private-key", "priv.key", "--json", ...flags],
  ]);
  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (!headers.has("host")) headers.set("host", "localhost:8787");
    const request = new Request(`http://localhost:8787${path}`, { ...init, headers });
    const response = await started.handler(request);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  }
  return {
    root,
    world,
    started,
    ask,
    post: (body, headers = {}) =>
      ask("/v1/evaluate", {
        method: "POST",
        body,
        headers: { "content-type": "application/json", ...headers },
      }),
    tree: () => walk(root).map((path) => path.slice(root.length + 1)),
    async [Symbol.asyncDispose]() {
      await started.service?.close();
      await Deno.remove(root, { recursive: true });
    },
  };
}
