/**
 * How far an adoption has come, from its events (spec 05 §1.5). A pure function of the log.
 *
 * @module
 */

import { EPOCH_1980, formatInstant, ZERO_TIME } from "../base/instant.ts";
import { compareCodePoints } from "../base/text_rules.ts";
import type { AdoptionEvent } from "./adoption_event.ts";

const ACTIVATION = ["A1", "A2", "A3", "A4"] as const;
const MILESTONES = [...ACTIVATION, "E1", "E2", "E3"] as const;

/** What to do for a milestone that was not reached. */
const NEXT: readonly (readonly [milestone: typeof ACTIVATION[number], command: string])[] = [
  ["A1", "gait demo"],
  ["A2", "gait verify <run_id>"],
  ["A3", "gait regress init --from <run_id>"],
  ["A4", "gait regress run"],
];

/** Workflows that are reported, and the commands that belong to them when an event names none. */
const WORKFLOWS: readonly (readonly [id: string, commands: readonly string[]])[] = [
  ["gait-capture-runpack", ["run record", "verify"]],
  ["gait-incident-to-regression", ["regress init", "regress run", "regress bootstrap"]],
  ["gait-policy-test-rollout", ["policy test", "policy simulate", "gate eval"]],
];

/** Counts of one command. */
interface CommandCounts {
  readonly command: string;
  readonly total: number;
  readonly success: number;
  readonly failure: number;
}

/** A workflow. */
interface WorkflowReport {
  readonly workflow: string;
  readonly total: number;
  readonly success: number;
  readonly failure: number;
  /** 0 to 1. */
  readonly success_rate: number;
  readonly median_runtime_ms: number;
  readonly most_common_failure_code?: number;
}

/** The report, as it is written. */
export interface AdoptionReport {
  readonly schema_id: "gait.doctor.adoption_report";
  readonly schema_version: "1.0.0";
  readonly created_at: string;
  readonly producer_version: string;
  readonly source: string;
  readonly total_events: number;
  readonly success_events: number;
  readonly failed_events: number;
  readonly first_event_at: string;
  readonly last_event_at: string;
  readonly commands: readonly CommandCounts[];
  readonly milestones: readonly { readonly name: string; readonly achieved: boolean }[];
  readonly activation_timing_ms?: Readonly<Record<string, number>>;
  readonly activation_medians_ms?: Readonly<Record<string, number>>;
  readonly skill_workflows?: readonly WorkflowReport[];
  readonly activation_complete: boolean;
  readonly blockers?: readonly string[];
}

/** Median of whole numbers; of an even count the mean of the middle two, cut. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? 0;
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[(sorted.length >> 1) - 1] ?? 0;
  // Without a sum, which two large numbers would take out of the range of whole ones.
  return lower + Math.trunc((upper - lower) / 2);
}

/** Total, successes and failures. */
function countsOf(events: readonly AdoptionEvent[]) {
  const success = events.filter((event) => event.success).length;
  return { total: events.length, success, failure: events.length - success };
}

/** Groups events. */
function grouped<Key>(
  events: readonly AdoptionEvent[],
  keyOf: (event: AdoptionEvent) => Key,
): Map<Key, AdoptionEvent[]> {
  const out = new Map<Key, AdoptionEvent[]>();
  for (const event of events) {
    const group = out.get(keyOf(event));
    if (group === undefined) out.set(keyOf(event), [event]);
    else group.push(event);
  }
  return out;
}

/** Counts of every command, sorted by its name. */
function commandsOf(events: readonly AdoptionEvent[]): CommandCounts[] {
  return [...grouped(events, ({ command }) => command)]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([command, some]) => ({ command, ...countsOf(some) }));
}

/** Most frequent exit code of failures; the smallest of those that are equally frequent. */
function commonFailure(events: readonly AdoptionEvent[]): number | undefined {
  const codes = grouped(events.filter(({ success }) => !success), ({ exitCode }) => exitCode);
  const [first] = [...codes].sort(([a, some], [b, others]) => others.length - some.length || a - b);
  return first?.[0];
}

/** Reports the workflows that have events. */
function workflowsOf(events: readonly AdoptionEvent[]): WorkflowReport[] {
  return WORKFLOWS.flatMap(([workflow, commands]) => {
    const own = events.filter(({ workflowId, command }) =>
      workflowId === "" ? commands.includes(command) : workflowId === workflow
    );
    if (own.length === 0) return [];
    const counts = countsOf(own);
    const code = commonFailure(own);
    return [{
      workflow,
      ...counts,
      success_rate: counts.success / counts.total,
      median_runtime_ms: median(own.map(({ elapsedMs }) => elapsedMs)),
      ...(code !== undefined && code !== 0 && { most_common_failure_code: code }),
    }];
  });
}

/** Whether an event reached a milestone. */
function reaches(event: AdoptionEvent, milestone: string): boolean {
  return event.milestones.includes(milestone);
}

/** Time of the first success with each milestone, ms after the first event. */
function timingOf(sorted: readonly AdoptionEvent[]): Record<string, number> {
  const begin = sorted[0]?.at ?? 0n;
  const out: Record<string, number> = {};
  for (const milestone of ACTIVATION) {
    const first = sorted.find((event) => event.success && reaches(event, milestone));
    if (first !== undefined) out[milestone] = Number((first.at - begin) / 1_000_000n);
  }
  return out;
}

/** Median times of the first and the last command of the way. */
function mediansOf(events: readonly AdoptionEvent[]): Record<string, number> {
  const out: Record<string, number> = {};
  const add = (name: string, milestone: string) => {
    const own = events.filter((event) => event.success && reaches(event, milestone));
    if (own.length > 0) out[name] = median(own.map(({ elapsedMs }) => elapsedMs));
  };
  add("m1_demo_elapsed_ms", "A1");
  add("m2_regress_run_elapsed_ms", "A4");
  return out;
}

/** Something that is left out when it is empty. */
function optional<Name extends string, T extends object>(
  name: Name,
  value: T,
): { readonly [key in Name]?: T } {
  const isEmpty = Object.keys(value).length === 0;
  return (isEmpty ? {} : { [name]: value }) as { readonly [key in Name]?: T };
}

/**
 * Makes the report.
 *
 * @param events In any order.
 * @param meta Where they come from, and the version of this program.
 */
export function adoptionReport(
  events: readonly AdoptionEvent[],
  meta: { readonly source: string; readonly version: string },
): AdoptionReport {
  const sorted = events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const [first, last] = [sorted.at(0), sorted.at(-1)];
  const { total, success, failure } = countsOf(events);
  const milestones = MILESTONES.map((name) => ({
    name,
    achieved: events.some((event) => reaches(event, name)),
  }));
  const isMissing = (name: string) =>
    milestones.some((each) => each.name === name && !each.achieved);
  const missing = NEXT.filter(([name]) => isMissing(name));
  return {
    schema_id: "gait.doctor.adoption_report",
    schema_version: "1.0.0",
    created_at: last === undefined ? EPOCH_1980 : formatInstant(last.at),
    producer_version: meta.version,
    source: meta.source,
    total_events: total,
    success_events: success,
    failed_events: failure,
    first_event_at: first === undefined ? ZERO_TIME : formatInstant(first.at),
    last_event_at: last === undefined ? ZERO_TIME : formatInstant(last.at),
    commands: commandsOf(events),
    milestones,
    ...optional("activation_timing_ms", timingOf(sorted)),
    ...optional("activation_medians_ms", mediansOf(events)),
    ...optional("skill_workflows", workflowsOf(events)),
    activation_complete: missing.length === 0,
    ...optional(
      "blockers",
      missing.map(([name, command]) => `missing ${name}: run \`${command}\``),
    ),
  };
}
