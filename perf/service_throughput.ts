/**
 * Throughput of the service as ratios: against a bare JSON echo, against itself with one sync for each trace,
 * without a disk, and with one shared session. Every cell of a round has a fresh directory, because creating
 * files where thousands were just deleted is many times slower.
 *
 * @module
 */

import { freshDirectory } from "./fresh_directory.ts";
import { type Bench, type BenchOptions, type BenchResult, median } from "./harness.ts";
import { type Cell, type Load, measure, type Requests } from "./service_cells.ts";

const QUICK: Requests = { warm: 300, counted: 1_500, connections: 32 };
/** Warmed until the compiler has mostly settled: after 10 000 it still takes a tenth of a processor. */
const FULL: Requests = { warm: 30_000, counted: 15_000, connections: 32 };
/** With the median of three, two of three rounds decide. */
const ROUNDS = 3;
/**
 * Calls with and without a session both come behind a cell that left the disk alone: for some time after the
 * others, the system writes back what they created.
 */
const CELLS: readonly Cell[] = [
  { name: "echo", program: "echo", flags: [], session: "" },
  { name: "group", program: "service", flags: [], session: "" },
  { name: "file", program: "service", flags: ["--trace-sync", "file"], session: "" },
  { name: "no_disk", program: "no_disk", flags: [], session: "" },
  { name: "session", program: "service", flags: [], session: "shared" },
  {
    name: "unlimited",
    program: "no_disk",
    flags: ["--max-request-bytes", "1000000000"],
    session: "",
  },
];

type Round = Readonly<Record<string, Load>>;

/** Measures every cell once. */
async function round(requests: Requests, dir: string): Promise<Round> {
  const out: Record<string, Load> = {};
  for (const cell of CELLS) {
    out[cell.name] = await measure(cell, requests, await freshDirectory(`${dir}/${cell.name}`));
  }
  return out;
}

/** Measures all rounds. */
async function allRounds(requests: Requests, count: number): Promise<Round[]> {
  const dir = await Deno.makeTempDir({ prefix: "gait-bench-" });
  try {
    const rounds: Round[] = [];
    for (let i = 0; i < count; i++) rounds.push(await round(requests, `${dir}/${i}`));
    return rounds;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Median over the rounds of one quotient. */
function ratio(rounds: readonly Round[], of: (round: Round) => number): number {
  return median(rounds.map(of));
}

/** Throughput of a cell. */
function rate(round: Round, name: string): number {
  return round[name]?.per_second ?? NaN;
}

async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const rounds = await allRounds(quick ? QUICK : FULL, quick ? 1 : ROUNDS);
  const over = (name: string, base: string) =>
    ratio(rounds, (each) => rate(each, name) / rate(each, base));
  return {
    figures: Object.fromEntries(
      CELLS.map(({ name }) => [`${name}_per_second`, ratio(rounds, (each) => rate(each, name))]),
    ),
    ratios: {
      group_over_echo: over("group", "echo"),
      group_over_file: over("group", "file"),
      group_over_no_disk: over("group", "no_disk"),
      session_over_group: over("session", "group"),
      // Without a disk, whose moods are larger than what a limit can cost.
      limit_cost: over("unlimited", "no_disk"),
      session_growth: ratio(
        rounds,
        ({ session }) => (session?.last_ms ?? NaN) / (session?.first_ms ?? NaN),
      ),
    },
  };
}

/** The bench. */
export const bench: Bench = { name: "service_throughput", run };
