/** Real processes for suites that kill, stop and starve them. */

/** A running child whose lines are collected. */
export interface Child {
  readonly process: Deno.ChildProcess;
  /** Lines of standard output so far. */
  readonly lines: string[];
  /** Resolves when a line that starts so has come. */
  waitFor(start: string): Promise<void>;
  /** Resolves when the child has ended and all its lines are there. */
  readonly ended: Promise<void>;
}

const WORKER = new URL("./session_worker.ts", import.meta.url).pathname;

/** Starts the worker. */
export function startWorker(args: readonly string[], env: Record<string, string> = {}): Child {
  const run = [Deno.execPath(), "run", "--no-check", "--no-prompt", "-A", WORKER];
  return startProgram([...run, ...args], { DENO_NO_UPDATE_CHECK: "1", ...env });
}

/** Starts a program and collects its lines. */
export function startProgram(line: readonly string[], env: Record<string, string> = {}): Child {
  const [command = "", ...args] = line;
  const process = new Deno.Command(command, {
    args,
    stdout: "piped",
    stderr: "inherit",
    stdin: "null",
    env,
  }).spawn();
  const lines: string[] = [];
  const waiting: { start: string; resolve(): void }[] = [];
  async function collect(): Promise<void> {
    let rest = "";
    for await (const part of process.stdout.pipeThrough(new TextDecoderStream())) {
      const all = `${rest}${part}`.split("\n");
      rest = all.pop() ?? "";
      for (const line of all) {
        lines.push(line);
        for (const each of waiting) if (line.startsWith(each.start)) each.resolve();
      }
    }
  }
  const collected = collect();
  return {
    process,
    lines,
    waitFor(start) {
      if (lines.some((line) => line.startsWith(start))) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ start, resolve }));
    },
    ended: Promise.all([collected, process.status]).then(() => {}),
  };
}

/** Sends a signal to a child; that it ended meanwhile is fine. */
export function signal(child: Child, name: Deno.Signal): void {
  try {
    child.process.kill(name);
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Acknowledged sequences of a worker. */
export function acknowledged(child: Child): number[] {
  return child.lines.filter((line) => /^\d/.test(line)).map((line) => Number(line.split(" ")[0]));
}

/** Waits of a worker, ms. */
export function waits(child: Child): number[] {
  return child.lines.filter((line) => /^\d/.test(line)).map((line) => Number(line.split(" ")[1]));
}
