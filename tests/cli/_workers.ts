/** The other end of `_worker.ts`: starting workers, giving them orders, killing them. */

import type { WorkerAnswer, WorkerOrder } from "./_worker.ts";
import { environment, runtimeArgs, WIDE } from "./_process.ts";

/** What a worker answered, with its JSON output. */
export interface Answer extends WorkerAnswer {
  // deno-lint-ignore no-explicit-any -- tests look into members of every shape
  readonly json: any;
}

/** One worker process. */
export interface Worker {
  /** Process id. */
  readonly pid: number;
  /** Runs a command line; `undefined` when the worker died before it answered. */
  run(argv: readonly string[], at?: number): Promise<Answer | undefined>;
  /** Ends it at once. */
  kill(): void;
  /** Lets it end, and waits for that. */
  stop(): Promise<void>;
}

/** Reads lines one at a time. */
function lineReader(stream: ReadableStream<Uint8Array>) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  return {
    async next(): Promise<string | undefined> {
      for (;;) {
        const end = rest.indexOf("\n");
        if (end >= 0) {
          const line = rest.slice(0, end);
          rest = rest.slice(end + 1);
          return line;
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        rest += value;
      }
    },
    close: () => reader.cancel(),
  };
}

/** Starts a worker in the folder's `work`. */
export async function startWorker(
  dir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Worker> {
  const child = new Deno.Command(Deno.execPath(), {
    args: runtimeArgs("tests/cli/_worker.ts", WIDE),
    cwd: `${dir}/work`,
    env: await environment(dir, env),
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const lines = lineReader(child.stdout);
  return {
    pid: child.pid,
    async run(argv, at): Promise<Answer | undefined> {
      const order: WorkerOrder = at === undefined ? { argv } : { argv, at };
      try {
        await writer.write(new TextEncoder().encode(`${JSON.stringify(order)}\n`));
      } catch {
        return undefined;
      }
      const line = await lines.next();
      if (line === undefined) return undefined;
      const answer: WorkerAnswer = JSON.parse(line);
      const json = answer.stdout.startsWith("{") ? JSON.parse(answer.stdout) : undefined;
      return { ...answer, json };
    },
    kill: () => child.kill("SIGKILL"),
    async stop(): Promise<void> {
      await writer.close().catch(() => {});
      await child.status;
      await lines.close();
    },
  };
}
