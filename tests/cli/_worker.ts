/**
 * A long-lived process that runs command lines which it reads as JSON lines: `{"argv", "at"?}`. It waits for
 * the instant `at` (ms since the epoch), so that many workers begin together, and answers with one JSON line.
 */

import { runCli } from "../../core/commands/frame/run_cli.ts";
import { denoPorts } from "../../host/deno_ports.ts";

/** One command line. */
export interface WorkerOrder {
  readonly argv: readonly string[];
  readonly at?: number;
}

/** What it did. */
export interface WorkerAnswer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one order. */
async function work({ argv, at }: WorkerOrder): Promise<WorkerAnswer> {
  const wait = (at ?? 0) - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  let [stdout, stderr] = ["", ""];
  const ports = denoPorts("0.0.0-dev");
  const terminal = {
    ...ports.terminal,
    outIsTerminal: false,
    errIsTerminal: false,
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
  };
  return { exit: await runCli(argv, { ...ports, terminal }), stdout, stderr };
}

/** Writes one answer, whole. */
function answer(what: WorkerAnswer): void {
  let data = new TextEncoder().encode(`${JSON.stringify(what)}\n`);
  while (data.length > 0) data = data.subarray(Deno.stdout.writeSync(data));
}

if (import.meta.main) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of Deno.stdin.readable) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) answer(await work(JSON.parse(line)));
  }
}
