/**
 * Measures speed as ratios inside one run. Absolute times are printed for people and never judged.
 *
 * @module
 */

/** How long to measure. */
export interface Effort {
  /** Rounds; every case runs once in each round, so that a busy machine slows all alike. */
  readonly rounds: number;
  /** Time of one case in one round, ms. */
  readonly sliceMs: number;
  /** Time that each case runs before it is measured, so that the compiler has settled, ms. */
  readonly warmMs: number;
}

/** A short run for continuous integration, and a careful one. */
export const EFFORTS = {
  quick: { rounds: 9, sliceMs: 8, warmMs: 100 },
  full: { rounds: 25, sliceMs: 25, warmMs: 400 },
} as const satisfies Record<string, Effort>;

/** What a bench gets. */
export interface BenchOptions {
  readonly effort: Effort;
  readonly quick: boolean;
}

/** What a bench reports. */
export interface BenchResult {
  /** Measured values for people, with the unit in the name. */
  readonly figures: Readonly<Record<string, number>>;
  /** Values that `budgets.json` may bound. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** A bench file exports one of these. */
export interface Bench {
  readonly name: string;
  run(options: BenchOptions): BenchResult | Promise<BenchResult>;
}

/** One thing to time: does its work once per call. */
export type Case = () => unknown;

/** Keeps results alive, so that the work is not optimised away. */
let sink: unknown;

/** The last result of any case; reading it keeps the compiler honest. */
export function lastResult(): unknown {
  return sink;
}

/** Time of one call, ns, over a number of calls. */
function timeCalls(work: Case, calls: number): number {
  const start = performance.now();
  let result: unknown;
  for (let i = 0; i < calls; i++) result = work();
  const elapsed = performance.now() - start;
  sink = result;
  return elapsed * 1e6 / calls;
}

/** Warms a case up and finds how many calls fill a slice. */
function calibrate(work: Case, { sliceMs, warmMs }: Effort): number {
  let calls = 1;
  let ns = timeCalls(work, calls);
  const start = performance.now();
  while (performance.now() - start < warmMs) {
    ns = timeCalls(work, calls);
    calls = Math.max(1, Math.round(sliceMs * 1e6 / ns));
  }
  return Math.max(1, Math.round(sliceMs * 1e6 / ns));
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Times of all cases, round by round. */
export interface Timings {
  /** Median time of one call, ns. */
  readonly ns: Readonly<Record<string, number>>;
  /** Median over the rounds of the ratio of two cases in the same round. */
  ratio(of: string, to: string): number;
}

/**
 * Times cases in turn.
 *
 * @param cases What to time, by name.
 * @param effort How long.
 */
export function timeCases(cases: Readonly<Record<string, Case>>, effort: Effort): Timings {
  const names = Object.keys(cases);
  const plan = names.map((name) => {
    const work = cases[name] ?? (() => undefined);
    return { name, work, calls: calibrate(work, effort) };
  });
  const rounds = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < effort.rounds; round++) {
    for (const { name, work, calls } of plan) rounds.get(name)?.push(timeCalls(work, calls));
  }
  const times = (name: string): readonly number[] => {
    const list = rounds.get(name);
    if (list === undefined) throw new RangeError(`no case named ${name}`);
    return list;
  };
  return {
    ns: Object.fromEntries(names.map((name) => [name, median(times(name))])),
    ratio: (of, to) => median(times(of).map((time, i) => time / (times(to)[i] ?? NaN))),
  };
}

/** Runs through a list again and again, one element per call. */
export function cycle<T>(list: readonly T[], work: (element: T) => unknown): Case {
  let next = 0;
  return () => {
    const element = list[next];
    next = next + 1 === list.length ? 0 : next + 1;
    if (element === undefined) throw new RangeError("empty list");
    return work(element);
  };
}
