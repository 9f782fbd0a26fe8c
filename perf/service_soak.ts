/**
 * The service at full load with retention on: `service_soak.ts [--seconds 600]`. Open files, memory and
 * directories must stay bounded, and the latency must not drift. Exits 1 when a bound is broken.
 *
 * @module
 */

import { POLICY, PRIVATE_KEY, READ, startProgram } from "../tests/support/serve_program.ts";

/** Traces that retention keeps. */
const KEPT = 500;
/** Connections of the client. */
const WIDTH = 16;
/** Latency at the end over latency at the beginning. */
const MAX_DRIFT = 1.3;
/** Growth of memory after the first fifth, bytes. */
const MAX_GROWTH = 256 * 1024 * 1024;

/** One look at the process. */
interface Sample {
  readonly files: number;
  readonly bytes: number;
  readonly traces: number;
}

/** What a soak found. */
export interface Soak {
  readonly requests: number;
  readonly wrong: number;
  readonly drift: number;
  readonly samples: readonly Sample[];
  /** Broken bounds, one sentence each. */
  readonly broken: readonly string[];
}

/** Looks at a process of Linux; elsewhere only the directory counts. */
async function look(pid: number, traces: string): Promise<Sample> {
  let files = 0;
  let bytes = 0;
  try {
    for await (const _ of Deno.readDir(`/proc/${pid}/fd`)) files++;
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    bytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // Not Linux.
  }
  const names = await Array.fromAsync(Deno.readDir(traces));
  return { files, bytes, traces: names.filter(({ name }) => name.endsWith(".json")).length };
}

/** Judges the samples. */
function judge(soak: Omit<Soak, "broken">): string[] {
  const settled = soak.samples.slice(Math.ceil(soak.samples.length / 5));
  const most = (of: (sample: Sample) => number) => Math.max(...settled.map(of));
  const first = settled[0];
  const out: string[] = [];
  if (soak.wrong > 0) out.push(`${soak.wrong} answers are wrong`);
  if (soak.drift > MAX_DRIFT) out.push(`latency drifts by ${soak.drift.toFixed(2)}`);
  if (most(({ files }) => files) > 200) out.push(`${most(({ files }) => files)} files are open`);
  if (most(({ bytes }) => bytes) - (first?.bytes ?? 0) > MAX_GROWTH) out.push("memory grows");
  // Retention runs beside decisions, so that some more are there between two runs.
  if (most(({ traces }) => traces) > KEPT + 20_000) out.push("traces pile up");
  return out;
}

/** Median. */
function middle(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1] ?? NaN;
}

/** Runs a soak. */
export async function soak(seconds: number): Promise<Soak> {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/pol.yaml`, POLICY);
    await Deno.writeTextFile(`${dir}/priv.key`, PRIVATE_KEY, { mode: 0o600 });
    await using program = await startProgram({
      dir,
      flags: [
        ...["--trace-max-count", String(KEPT), "--export-log-out", "log.jsonl"],
        ...["--export-max-bytes", "1000000", "--export-max-files", "3"],
      ],
    });
    const end = performance.now() + seconds * 1000;
    const latencies: number[] = [];
    const samples: Sample[] = [];
    let wrong = 0;
    const clients = Array.from({ length: WIDTH }, async () => {
      while (performance.now() < end) {
        const began = performance.now();
        const response = await program.post(READ);
        const { verdict } = await response.json();
        latencies.push(performance.now() - began);
        if (response.status !== 200 || verdict !== "allow") wrong++;
      }
    });
    const pause = Math.max(200, seconds * 1000 / 50);
    while (performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      samples.push(await look(program.child.pid, `${dir}/traces`));
    }
    await Promise.all(clients);
    const fifth = Math.floor(latencies.length / 5);
    // The first fifth warms the compiler up.
    const drift = middle(latencies.slice(-fifth)) / middle(latencies.slice(fifth, 2 * fifth));
    const found = { requests: latencies.length, wrong, drift, samples };
    return { ...found, broken: judge(found) };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

if (import.meta.main) {
  const at = Deno.args.indexOf("--seconds");
  const result = await soak(at < 0 ? 600 : Number(Deno.args[at + 1]));
  const { samples, ...facts } = result;
  // deno-lint-ignore no-console -- the result of this program
  console.log(JSON.stringify({ ...facts, first: samples[0], last: samples.at(-1) }));
  Deno.exit(result.broken.length === 0 ? 0 : 1);
}
