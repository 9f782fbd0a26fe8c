/**
 * Task `test:otlp`: what we send to OTLP collectors, judged by the protocol's own definitions. A real service
 * and the exporter send to a collector on loopback; the bodies go to `judge.py`, which runs in an environment
 * that is made for the occasion. The control is a large set of damaged payloads: one that the judge accepts
 * fails the task as much as a good one that it refuses.
 *
 * Python is needed here and nowhere else, so this is not among the tests of `deno task test`.
 *
 * @module
 */

import { say, warn } from "../../scripts/terminal.ts";
import { envelopeProblems, type Received } from "./collector.ts";
import { type Damaged, damagedPayloads, undamaged } from "./damage.ts";
import { exporterPayloads } from "./exporter_payloads.ts";
import { type Judge, type Judgement, openJudge } from "./python.ts";
import { type ServicePayloads, servicePayloads } from "./service_payloads.ts";

/** Keys that the records of a service have between them. */
const KEYS = [
  ...["created_at", "cut", "delegation_depth", "delegation_ref", "event_id", "intent_digest"],
  ...["policy_digest", "reason_codes", "run_id", "session_id", "tool_name", "trace_id"],
  ...["trace_path", "verdict"],
].map((name) => `gait.${name}`);

/** What was checked, and how that ended. */
interface Outcome {
  readonly name: string;
  readonly problem: string | undefined;
}

/** Problem unless two values are the same. */
function same(name: string, actual: unknown, expected: unknown): Outcome {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  return { name, problem: a === b ? undefined : `${a} instead of ${b}` };
}

/** Writes bodies to files and has them judged. */
async function judgeBodies(
  judge: Judge,
  bodies: readonly Uint8Array<ArrayBuffer>[],
  folder: string,
): Promise<Judgement[]> {
  await Deno.mkdir(folder);
  const files = bodies.map((_, at) => `${folder}/${String(at).padStart(5, "0")}`);
  for (const [at, file] of files.entries()) {
    await Deno.writeFile(file, bodies[at] ?? new Uint8Array());
  }
  return await judge.judge(files);
}

/** One outcome for each request. */
function outcomesOf(
  origin: string,
  received: readonly Received[],
  judgements: readonly Judgement[],
): Outcome[] {
  return received.map((request, at) => {
    const problems = [...envelopeProblems(request), ...judgements[at]?.problems ?? ["not judged"]];
    return {
      name: `${origin}: request ${at}`,
      problem: problems.length === 0 ? undefined : problems.join("; "),
    };
  });
}

/** What a service sent, and whether it was all and told right. */
async function judgeService(judge: Judge, folder: string): Promise<Outcome[]> {
  const sent: ServicePayloads = await servicePayloads();
  const judgements = await judgeBodies(judge, sent.received.map(({ body }) => body), folder);
  // The first request was refused for the moment, and came again.
  const records = judgements.slice(1).reduce((sum, one) => sum + one.records, 0);
  const keys = [...new Set(judgements.flatMap((one) => one.keys))].sort();
  const closed = sent.events.find(({ event }) => event === "telemetry_closed");
  const totals = { exported: closed?.exported, dropped: closed?.dropped };
  return [
    ...outcomesOf("service", sent.received, judgements),
    same("service: a record for each decision", records, sent.decisions),
    same("service: every verdict", sent.verdicts.size, 4),
    same("service: every attribute", keys, KEYS),
    same("service: its last words", totals, { exported: sent.decisions, dropped: 0 }),
    same(
      "service: its metrics count drops",
      sent.metrics.includes('gait_telemetry_dropped_total{kind="otlp"} 0\n'),
      true,
    ),
  ];
}

/** What the exporter made of events from the edge. */
async function judgeExporter(judge: Judge, folder: string): Promise<Outcome[]> {
  const sent = await exporterPayloads();
  const judgements = await judgeBodies(judge, sent.received.map(({ body }) => body), folder);
  const took = new Set(sent.taken);
  const records = judgements.reduce((sum, one, at) => {
    const request = sent.received[at];
    return request !== undefined && took.has(request) ? sum + one.records : sum;
  }, 0);
  return [
    ...outcomesOf("exporter", sent.received, judgements),
    same("exporter: records that arrived", records, sent.totals.exported),
    same("exporter: events", sent.totals.exported + sent.totals.dropped, sent.told),
    // One of them is larger than the collector takes.
    same("exporter: drops", sent.totals.dropped, 1),
  ];
}

/** Whether the judge refuses what is damaged, and only that. */
async function judgeDamaged(judge: Judge, folder: string): Promise<Outcome[]> {
  const good = undamaged();
  const damaged = damagedPayloads();
  const all: Damaged[] = [good, ...damaged];
  const [first, ...others] = await judgeBodies(judge, all.map(({ body }) => body), folder);
  return [
    same("control: undamaged", first?.problems, []),
    same("control: records", first?.records, 2),
    ...damaged.map(({ name }, at) => ({
      name: `control: ${name}`,
      problem: others[at]?.problems.length === 0 ? "accepted" : undefined,
    })),
  ];
}

/** Everything, with a summary. Returns whether all is well. */
async function main(): Promise<boolean> {
  const folder = await Deno.makeTempDir({ prefix: "gait-otlp-" });
  try {
    const judge = await openJudge(folder);
    say(judge.name);
    const outcomes = [
      ...await judgeService(judge, `${folder}/service`),
      ...await judgeExporter(judge, `${folder}/exporter`),
      ...await judgeDamaged(judge, `${folder}/damaged`),
    ];
    const failed = outcomes.filter(({ problem }) => problem !== undefined);
    for (const { name, problem } of failed) warn(`FAIL ${name}: ${problem}`);
    say(`${outcomes.length - failed.length} passed, ${failed.length} failed`);
    return failed.length === 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  try {
    if (!await main()) Deno.exit(1);
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
