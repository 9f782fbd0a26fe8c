/**
 * 16 processes that append to one session all the time: the longest wait against the time that all of them need
 * for one append each, and how evenly the appends fall on them in a given time.
 *
 * @module
 */

import { signal, startWorker, waits } from "../tests/support/processes.ts";
import { type Bench, type BenchOptions, type BenchResult, median } from "./harness.ts";
import { appendCase, writeSession } from "./session_sets.ts";

const PROCESSES = 16;

/** One append without company, ms. */
async function aloneMs(journal: string): Promise<number> {
  const append = appendCase(journal);
  const times: number[] = [];
  for (let i = 0; i < 300; i++) {
    const began = performance.now();
    await append();
    times.push(performance.now() - began);
  }
  return median(times.slice(100));
}

/** Lets the workers run and looks at what each of them got. */
async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const folder = await Deno.makeTempDir({ prefix: "gait-bench-" });
  try {
    const journal = `${folder}/s.jsonl`;
    await writeSession(journal, 0);
    const alone = await aloneMs(journal);
    const workers = Array.from(
      { length: PROCESSES },
      (_, i) => startWorker(["session", journal, "1000000", `p${i}`]),
    );
    // From the moment that all of them are at work.
    await Promise.all(workers.map((worker) => worker.waitFor("2")));
    const before = workers.map((worker) => waits(worker).length);
    await new Promise((resolve) => setTimeout(resolve, quick ? 4_000 : 15_000));
    const after = workers.map((worker) => waits(worker).length);
    for (const worker of workers) signal(worker, "SIGKILL");
    await Promise.all(workers.map(({ ended }) => ended));
    const shares = after.map((count, i) => count - (before[i] ?? 0));
    const sum = shares.reduce((a, b) => a + b, 0);
    const squares = shares.reduce((a, b) => a + b * b, 0);
    const all = workers.flatMap((worker, i) => waits(worker).slice(before[i], after[i]));
    const refused = workers.flatMap(({ lines }) =>
      lines.filter((line) => /^contention/.test(line))
    );
    const longest = all.reduce((a, b) => Math.max(a, b), 0);
    return {
      figures: {
        append_alone_ms: alone,
        median_wait_ms: median(all),
        longest_wait_ms: longest,
        appends: sum,
      },
      ratios: {
        longest_wait: longest / (PROCESSES * alone),
        jain: sum * sum / (PROCESSES * squares),
        contention_failures: refused.length,
      },
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The bench. */
export const bench: Bench = { name: "session_fairness", run };
