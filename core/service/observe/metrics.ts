/**
 * Counters of the service and their Prometheus text form (exposition format 0.0.4). Label values come from
 * closed sets, so that no client can make the list grow.
 *
 * @module
 */

import { compareCodePoints } from "../../base/text_rules.ts";

/** Upper bounds of the latency histogram, seconds. */
const BUCKETS: readonly number[] = [
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
];

/** Names and help texts of all counters. */
const COUNTERS = {
  gait_decisions_total: "Decisions by verdict",
  gait_http_responses_total: "HTTP answers by status",
  gait_failures_total: "Failures by error code",
  gait_sink_failures_total: "Decisions that an exporter or journal could not take, by kind",
  gait_telemetry_exported_total: "Decisions that a collector took",
  gait_telemetry_dropped_total: "Decisions that a collector did not get or did not take",
  gait_policy_reloads_total: "Policy reloads by result",
  gait_retention_removed_total: "Files removed by retention, by class",
} as const;

/** Name of a counter. */
export type CounterName = keyof typeof COUNTERS;

/** A value that is read when metrics are asked for. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  read(): number | readonly (readonly [label: string, value: number])[];
}

/** Escapes a label value. */
function label(text: string): string {
  return text.replace(/[\\"\n]/g, (char) => char === "\n" ? "\\n" : `\\${char}`);
}

/** Counts and renders. */
export class Metrics {
  readonly #counters = new Map<CounterName, Map<string, number>>();
  readonly #buckets: number[] = BUCKETS.map(() => 0);
  readonly #gauges: Gauge[] = [];
  #sum = 0;
  #count = 0;

  /** Adds to a counter; `by` is its label value, "" for none. */
  add(name: CounterName, by = "", amount = 1): void {
    const values = this.#counters.get(name) ?? new Map<string, number>();
    this.#counters.set(name, values);
    values.set(by, (values.get(by) ?? 0) + amount);
  }

  /** Value of a counter. */
  value(name: CounterName, by = ""): number {
    return this.#counters.get(name)?.get(by) ?? 0;
  }

  /** Records how long a decision took, ms. */
  observe(ms: number): void {
    const seconds = ms / 1000;
    this.#sum += seconds;
    this.#count++;
    const at = BUCKETS.findIndex((bound) => seconds <= bound);
    if (at >= 0) this.#buckets[at] = (this.#buckets[at] ?? 0) + 1;
  }

  /** Adds a gauge. */
  gauge(gauge: Gauge): void {
    this.#gauges.push(gauge);
  }

  /** The text form. */
  render(): string {
    return [...this.#counterLines(), ...this.#histogramLines(), ...this.#gaugeLines(), ""]
      .join("\n");
  }

  #counterLines(): string[] {
    return Object.entries(COUNTERS).flatMap(([name, help]) => {
      const values = [...this.#counters.get(name as CounterName) ?? []]
        .sort(([a], [b]) => compareCodePoints(a, b));
      const lines = values.map(([by, value]) =>
        by === "" ? `${name} ${value}` : `${name}{kind="${label(by)}"} ${value}`
      );
      return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, ...lines];
    });
  }

  #histogramLines(): string[] {
    const name = "gait_decision_seconds";
    let total = 0;
    const lines = BUCKETS.map((bound, at) => {
      total += this.#buckets[at] ?? 0;
      return `${name}_bucket{le="${bound}"} ${total}`;
    });
    return [
      `# HELP ${name} Time from the end of the queue to the answer`,
      `# TYPE ${name} histogram`,
      ...lines,
      `${name}_bucket{le="+Inf"} ${this.#count}`,
      `${name}_sum ${this.#sum}`,
      `${name}_count ${this.#count}`,
    ];
  }

  #gaugeLines(): string[] {
    return this.#gauges.flatMap(({ name, help, read }) => {
      const value = read();
      const lines = typeof value === "number"
        ? [`${name} ${value}`]
        : value.map(([by, number]) => `${name}{kind="${label(by)}"} ${number}`);
      return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines];
    });
  }
}
