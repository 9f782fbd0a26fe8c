/** Payloads of a real service: every kind of decision, asked for over HTTP, sent to a collector. */

import { ROOT } from "../../scripts/sources.ts";
import { POLICY as COMMON_POLICY, type Program, startProgram } from "../support/serve_program.ts";
import { collect, type Received, taken } from "./collector.ts";

/** The policy of the service tests, and a verdict more. */
const POLICY = `${COMMON_POLICY}  - name: try-plan
    priority: 10
    effect: dry_run
    reason_codes: [only_a_plan, "größe\\u2028<&>"]
    match: {tool_names: [tool.plan]}
`;
const APPROVER =
  "rtKTnRyxGlTaGOc+49qKHJhJ8lkl1NJe4/TUMOTjpUvjbZm7EJgLW/9FGMDaBjcm+45UaBH3Ar8NOQQqOKmtSg==\n";
const CONTEXT = { identity: "alice", workspace: "/w" };
const WRITE = { run_id: "w", call: { name: "tool.write", args: {}, context: CONTEXT } };
const DELEGATION = {
  requester_identity: "agent",
  scope_class: "read",
  token_refs: ["ref_1"],
  chain: [{ delegator_identity: "alice", delegate_identity: "agent", scope_class: "read" }],
};

/** What a service sent. */
export interface ServicePayloads {
  readonly received: readonly Received[];
  /** Decisions that it delivered. */
  readonly decisions: number;
  /** Verdicts among them. */
  readonly verdicts: ReadonlySet<string>;
  /** Last events of its log. */
  readonly events: readonly Record<string, unknown>[];
  /** Its metrics while it ran. */
  readonly metrics: string;
}

/** A call by name, with whatever else a request may have. */
function call(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { run_id: "r", call: { name, args: { path: "/d/a" }, context: CONTEXT }, ...more };
}

/** Requests that lead to decisions. */
function requests(): Record<string, unknown>[] {
  const session = { ...CONTEXT, session_id: "s 1/ü" };
  const sessions = Array.from({ length: 5 }, () => ({
    call: { name: "tool.read", args: {}, context: session },
    checkpoint_interval: 2,
    emit_runpack: true,
  }));
  const names = [
    "tool.read",
    "tool.plan",
    "tool.delete",
    'tool.\u2028<b>"\\\u0007',
    "t".repeat(9000),
    "😀",
  ];
  return [
    ...names.map((name) => call(name)),
    ...sessions,
    call("tool.read", { delegation: DELEGATION }),
    call("tool.read", { created_at: "1969-12-31T23:59:59Z" }),
    call("tool.read", { created_at: "2999-01-01T00:00:00.000000001Z" }),
    { call: { name: "tool.read", args: {} } },
  ];
}

/** Requests that fail: no decision, no record. */
const FAILURES: readonly string[] = [
  "",
  "{",
  "[]",
  '{"call":{"name":""}}',
  '{"call":7}',
  '{"run_id":"\\ud800","call":{"name":"tool.read","unknown":1}}',
  JSON.stringify({ run_id: "r".repeat(5000), call: { name: "tool.read" } }),
];

/** Mints the approval of a call. */
async function approve(program: Program, answer: Record<string, unknown>): Promise<unknown> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--quiet", "-A", `${ROOT}cli.ts`, "approve"],
      ...["--intent-digest", String(answer.intent_digest), "--policy-digest"],
      ...[String(answer.policy_digest), "--ttl", "1h", "--scope", "tool:tool.write"],
      ...["--approver", "carol", "--reason-code", "ok", "--out", "token.json", "--no-config"],
      ...["--key-mode", "prod", "--private-key", "approver.key", "--json"],
    ],
    cwd: program.dir,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(await Deno.readTextFile(`${program.dir}/token.json`));
}

/** Asks for everything. Returns the verdicts of the decisions. */
async function askAll(program: Program): Promise<string[]> {
  const ask = async (body: unknown) => {
    const response = await program.post(JSON.stringify(body));
    const answer: Record<string, unknown> = await response.json();
    if (response.status !== 200) throw new Error(`no decision: ${JSON.stringify(answer)}`);
    return answer;
  };
  const verdicts: string[] = [];
  for (const body of requests()) verdicts.push(String((await ask(body)).verdict));
  for (const body of FAILURES) {
    const response = await program.post(body);
    if (response.status === 200) throw new Error(`a decision about ${body}`);
    await response.body?.cancel();
  }
  const waits = await ask(WRITE);
  await Deno.chmod(`${program.dir}/approver.key`, 0o600);
  const token = await approve(program, waits);
  const approved = await ask({ ...WRITE, approval_tokens: [token] });
  if (approved.verdict !== "allow") throw new Error(`not approved: ${JSON.stringify(approved)}`);
  return [...verdicts, String(waits.verdict), String(approved.verdict)];
}

/** Waits until a service has told so many decisions, and returns its metrics. */
async function metricsWith(program: Program, exported: number): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const text = await (await fetch(`http://127.0.0.1:${program.port}/metrics`)).text();
    if (text.includes(`gait_telemetry_exported_total{kind="otlp"} ${exported}\n`)) return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The service did not tell ${exported} decisions`);
}

/** Events in a log of a service; some lines are warnings in plain words. */
function eventsIn(log: string): Record<string, unknown>[] {
  return log.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

/** Runs a service, asks it for everything, and ends it. */
export async function servicePayloads(): Promise<ServicePayloads> {
  await using collector = collect((_received, at) =>
    // The first attempt fails, so that a retry is among the payloads.
    at === 0 ? new Response("", { status: 503, headers: { "retry-after": "1" } }) : taken()
  );
  const program = await startProgram({
    flags: [
      ...["--export-otlp-endpoint", `http://127.0.0.1:${collector.port}`],
      ...["--approval-private-key", "approver.key", "--approval-store", "store.json"],
      ...["--runpack-dir", "runpacks"],
    ],
    files: { "pol.yaml": POLICY, "approver.key": APPROVER },
  });
  let verdicts: string[];
  let metrics: string;
  {
    await using running = program;
    verdicts = await askAll(running);
    metrics = await metricsWith(running, verdicts.length);
    // These wait when the service ends: it tells them on its way out.
    for (const name of ["tool.read", "tool.delete"]) {
      const response = await running.post(JSON.stringify(call(name)));
      verdicts.push(String((await response.json()).verdict));
    }
  }
  return {
    received: collector.received,
    decisions: verdicts.length,
    verdicts: new Set(verdicts),
    events: eventsIn(program.log()),
    metrics,
  };
}
