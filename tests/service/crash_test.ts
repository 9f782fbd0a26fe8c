/** Killing the service under load: every acknowledged decision keeps its trace. */

import { assert, assertEquals } from "@std/assert";
import { POLICY, PRIVATE_KEY, READ, startProgram, UNDER_NODE } from "../support/serve_program.ts";

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);
const options = { permissions: "inherit", sanitizeResources: false, sanitizeOps: false } as const;

/** Runs a command of the program in a directory. */
async function gait(dir: string, args: readonly string[]) {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "--quiet", `${ROOT}cli.ts`, ...args],
    cwd: dir,
    env: { HOME: dir },
  }).output();
  return { code, text: new TextDecoder().decode(stdout) };
}

/** Asks until the service is gone; returns the paths of the traces that were acknowledged. */
async function load(
  post: (body: string) => Promise<Response>,
  body = READ,
): Promise<string[]> {
  const acknowledged: string[] = [];
  let open = true;
  const timer = setTimeout(() => open = false, 5_000);
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (open) {
      try {
        const answer = await (await post(body)).json();
        acknowledged.push(answer.trace_path);
      } catch {
        break;
      }
    }
  }));
  clearTimeout(timer);
  return acknowledged;
}

/** Loses traces as a lost page cache would, some gone and one torn, and recovers them from the segments. */
async function loseAndRecover(
  dir: string,
  acknowledged: readonly string[],
  segments: readonly string[],
): Promise<void> {
  const inSegment = await Deno.readTextFile(`${dir}/traces/${segments[0]}`);
  const lost = acknowledged.filter((path) => inSegment.includes(path.slice("traces/".length)))
    .slice(0, 20);
  for (const path of lost.slice(1)) await Deno.remove(`${dir}/${path}`);
  await Deno.truncate(`${dir}/${lost[0]}`, 40);
  const left = () =>
    [...Deno.readDirSync(`${dir}/traces`)].map(({ name }) => name).filter((name) =>
      name.endsWith(".wal")
    );
  const dry = JSON.parse(
    (await gait(dir, ["trace", "recover", "traces", "--dry-run", "--json"])).text,
  );
  assertEquals(dry.restored.length, lost.length);
  assertEquals(left(), segments);
  assertEquals((await gait(dir, ["trace", "recover", "traces", "--json"])).code, 0);
  assertEquals(left(), []);
  const verify = ["trace", "verify", lost[0] ?? "", "--private-key", "priv.key", "--json"];
  const verified = await gait(dir, verify);
  assertEquals(verified.code, 0, verified.text);
}

Deno.test(
  "mcp serve killed under load has the trace of every acknowledged decision",
  options,
  async () => {
    const dir = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${dir}/pol.yaml`, POLICY);
      await Deno.writeTextFile(`${dir}/priv.key`, PRIVATE_KEY, { mode: 0o600 });
      const program = await startProgram({ dir });
      const loaded = load(program.post);
      await new Promise((resolve) => setTimeout(resolve, 800));
      program.child.kill("SIGKILL");
      const acknowledged = await loaded;
      await program[Symbol.asyncDispose]();
      assert(acknowledged.length > 50, `${acknowledged.length} answers`);
      const names = () => [...Deno.readDirSync(`${dir}/traces`)].map(({ name }) => name);
      const segments = names().filter((name) => name.endsWith(".wal"));
      // Under Node each trace is synced by itself; there is nothing to recover from, and no need to.
      assertEquals(segments.length > 0, !UNDER_NODE);
      if (!UNDER_NODE) await loseAndRecover(dir, acknowledged, segments);
      const present = new Set(names());
      for (const path of acknowledged) assert(present.has(path.slice("traces/".length)), path);
      for (const path of [acknowledged[0], acknowledged.at(-1)]) {
        const line = ["trace", "verify", path ?? "", "--private-key", "priv.key", "--json"];
        const verified = await gait(dir, line);
        assertEquals(verified.code, 0, verified.text);
      }
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
);

/** In its own process, and in confined workers where there are such. */
const WAYS = UNDER_NODE
  ? [{}]
  : [{}, { runtime: ["-A", "--unstable-worker-options"], flags: ["--isolation", "worker"] }];

for (const way of WAYS) {
  const name = ["mcp serve", ...way.flags ?? []].join(" ");
  Deno.test(
    `${name} killed under load has trace and event of every acknowledged call`,
    options,
    async () => {
      const inSession = JSON.stringify({ ...JSON.parse(READ), session_id: "swarm" });
      const dir = await Deno.makeTempDir();
      try {
        await Deno.writeTextFile(`${dir}/pol.yaml`, POLICY);
        await Deno.writeTextFile(`${dir}/priv.key`, PRIVATE_KEY, { mode: 0o600 });
        const program = await startProgram({ ...way, dir });
        const loaded = load(program.post, inSession);
        await new Promise((resolve) => setTimeout(resolve, 800));
        program.child.kill("SIGKILL");
        const acknowledged = await loaded;
        await program[Symbol.asyncDispose]();
        assert(acknowledged.length > 50, `${acknowledged.length} answers`);
        const entries = await Array.fromAsync(Deno.readDir(`${dir}/sessions`));
        const [journal = ""] = entries.map(({ name }) => name)
          .filter((name) => name.endsWith(".journal.jsonl"));
        // What stands behind the last line end was never acknowledged.
        const lines = (await Deno.readTextFile(`${dir}/sessions/${journal}`)).split("\n").slice(
          0,
          -1,
        );
        const told = new Set(
          lines.map((line) => JSON.parse(line).event?.trace_path).filter((path) =>
            path !== undefined
          ),
        );
        assertEquals(told.size, lines.length - 1);
        for (const path of acknowledged) assert(told.has(path), path);
        // A journal never speaks of a trace that was not there before it.
        for (const path of told) assert((await Deno.lstat(`${dir}/${path}`)).isFile, path);
        // Nothing that was left behind is in the way of the next one.
        await using next = await startProgram({ ...way, dir });
        const answer = await (await next.post(inSession)).json();
        assertEquals(answer.verdict, "allow");
        const path = `sessions/${journal}`;
        const line = ["run", "session", "status", "--journal", path, "--json"];
        const status = await gait(dir, line);
        assertEquals(status.code, 0, status.text);
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    },
  );
}

Deno.test(
  "mcp serve leaves the segments of a running service alone and recovers at start",
  options,
  async () => {
    await using first = await startProgram();
    await Promise.all(
      Array.from({ length: 32 }, async () => await (await first.post(READ)).text()),
    );
    const held = JSON.parse((await gait(first.dir, ["trace", "recover", "traces", "--json"])).text);
    assertEquals(held.segments ?? [], []);
    await using second = await startProgram({ dir: first.dir });
    assertEquals(second.started.ok, true);
    assertEquals((await second.post(READ)).status, 200);
  },
);
