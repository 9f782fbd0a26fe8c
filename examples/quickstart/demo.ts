/**
 * The quickstart: an assistant asks for three tool calls; gait allows one, blocks one, and asks a human about
 * one. Every decision leaves a signed trace, every trace is verified, and a changed copy is refused.
 *
 * Run it with `deno task demo`.
 *
 * @module
 */

import { type Answer, gait } from "./gait.ts";
import { type ToolCall, toolCalls } from "./tools.ts";

const HERE = new URL(".", import.meta.url).pathname;

/** Paths of one run. */
interface Scene {
  readonly scratch: string;
  readonly policy: string;
  readonly gateKey: string;
  readonly gatePublic: string;
  readonly aliceKey: string;
  readonly alicePublic: string;
}

/** Prints one line; standard output is all this program has. */
function say(line = ""): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** Stops when something does not go as the demo says. */
function expect(condition: boolean, what: string, answer: Answer): void {
  if (condition) return;
  say(`unexpected: ${what}: ${JSON.stringify(answer.json)}`);
  Deno.exit(1);
}

/** Makes the keys of the gate and of alice, who may approve. */
async function prepare(): Promise<Scene> {
  const scratch = await Deno.makeTempDir({ prefix: "gait-demo-" });
  const keys = `${scratch}/keys`;
  for (const prefix of ["gate", "alice"]) {
    const answer = await gait("keys", "init", "--out-dir", keys, "--prefix", prefix);
    expect(answer.exit === 0, "keys init", answer);
  }
  return {
    scratch,
    policy: `${HERE}policy.yaml`,
    gateKey: `${keys}/gate_private.key`,
    gatePublic: `${keys}/gate_public.key`,
    aliceKey: `${keys}/alice_private.key`,
    alicePublic: `${keys}/alice_public.key`,
  };
}

/** Asks the gate. */
async function ask(scene: Scene, call: ToolCall, trace: string, token?: string): Promise<Answer> {
  return await gait(
    ...["gate", "eval", "--no-config", "--policy", scene.policy, "--intent", call.intent],
    ...["--key-mode", "prod", "--private-key", scene.gateKey],
    ...["--approval-public-key", scene.alicePublic],
    ...["--trace-out", trace, "--approval-audit-out", trace.replace(".json", ".approvals.json")],
    ...(token === undefined ? [] : ["--approval-token", token]),
  );
}

/** Lets alice sign the very call that waits. */
async function approve(scene: Scene, call: ToolCall): Promise<string> {
  const token = `${scene.scratch}/approval.json`;
  const answer = await gait(
    ...["approve", "--no-config", "--policy", scene.policy, "--intent", call.intent],
    ...["--ttl", "10m", "--approver", "alice", "--reason-code", "invoice_checked"],
    ...["--key-mode", "prod", "--private-key", scene.aliceKey, "--out", token],
  );
  expect(answer.exit === 0, "approve", answer);
  return token;
}

/** One line about a decision. */
function report(call: ToolCall, answer: Answer): void {
  const verdict = String(answer.json.verdict).toUpperCase().padEnd(16);
  say(`  ${verdict} ${call.wish}`);
  say(`                   rule ${answer.json.matched_rule}, exit ${answer.exit}`);
}

/** Gates one call, executes it only on allow, and tells whether it did. */
async function gateCall(scene: Scene, call: ToolCall, traces: string[]): Promise<boolean> {
  const trace = `${scene.scratch}/trace_${traces.length + 1}.json`;
  let answer = await ask(scene, call, trace);
  traces.push(trace);
  report(call, answer);
  if (answer.json.verdict === "require_approval") {
    say("                   alice reviews the call and signs an approval");
    const token = await approve(scene, call);
    const second = `${scene.scratch}/trace_${traces.length + 1}.json`;
    answer = await ask(scene, call, second, token);
    traces.push(second);
    report(call, answer);
  }
  const allowed = answer.exit === 0;
  say(`                   ${allowed ? call.execute() : call.untouched()}`);
  return allowed;
}

/** Verifies all traces with nothing but the public key. */
async function verifyAll(scene: Scene, traces: readonly string[]): Promise<void> {
  for (const trace of traces) {
    const answer = await gait("trace", "verify", trace, "--public-key", scene.gatePublic);
    expect(answer.exit === 0, `trace verify ${trace}`, answer);
  }
  say(`  ${traces.length} signed traces verify with the public key alone`);
}

/** Changes one word of a blocked call's trace and shows that it is noticed. */
async function tamper(scene: Scene, trace: string): Promise<void> {
  const copy = `${scene.scratch}/tampered.json`;
  const text = await Deno.readTextFile(trace);
  await Deno.writeTextFile(copy, text.replace('"verdict": "block"', '"verdict": "allow"'));
  const answer = await gait("trace", "verify", copy, "--public-key", scene.gatePublic);
  expect(answer.exit === 2, "the tampered trace must be refused", answer);
  say(`  a copy with "block" changed to "allow" is refused: ${answer.json.error}`);
}

/** One call for the record of the run. */
interface RecordedCall {
  readonly intent: string;
  readonly executed: boolean;
}

/** Lines that `gait run record` reads: every call, and what came of it. */
async function recordLines(calls: readonly RecordedCall[]): Promise<string> {
  const lines: unknown[] = [];
  for (const [index, { intent, executed }] of calls.entries()) {
    const { tool_name, args } = JSON.parse(await Deno.readTextFile(intent));
    const intent_id = `call_${index + 1}`;
    lines.push({ type: "call", intent_id, tool_name, args });
    const status = executed ? "ok" : "error";
    lines.push({ type: "result", intent_id, status, result: { executed } });
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Packs the run into one signed file and verifies it. */
async function pack(scene: Scene, calls: readonly RecordedCall[]): Promise<string> {
  const input = `${scene.scratch}/run.jsonl`;
  await Deno.writeTextFile(input, await recordLines(calls));
  const recorded = await gait(
    ...["run", "record", "--input", input, "--run-id", "run_quickstart"],
    ...["--out-dir", scene.scratch, "--capture-mode", "digest-only"],
    ...["--key-mode", "prod", "--private-key", scene.gateKey],
  );
  expect(recorded.exit === 0, "run record", recorded);
  const path = String(recorded.json.bundle);
  const verified = await gait("verify", path, "--public-key", scene.gatePublic);
  expect(verified.exit === 0, "verify", verified);
  say(`  the whole run in one signed pack verifies: ${path}`);
  return path;
}

/** Changes one byte of the pack and shows that it is noticed. */
async function tamperPack(scene: Scene, path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  const copy = `${scene.scratch}/tampered.zip`;
  await Deno.writeFile(copy, bytes);
  const answer = await gait("verify", copy, "--public-key", scene.gatePublic);
  expect(answer.exit !== 0, "the tampered pack must be refused", answer);
  say(`  a copy of it with one bit changed is refused: ${answer.json.error_code}`);
}

/** Runs the demo. */
async function main(): Promise<void> {
  const began = performance.now();
  const scene = await prepare();
  const traces: string[] = [];
  const calls: RecordedCall[] = [];
  say("An assistant asks for three tool calls:");
  for (const call of toolCalls(scene.scratch, `${HERE}intents`)) {
    const executed = await gateCall(scene, call, traces);
    calls.push({ intent: call.intent, executed });
  }
  say();
  say("What an auditor can check afterwards:");
  await verifyAll(scene, traces);
  await tamper(scene, traces[1] as string);
  await tamperPack(scene, await pack(scene, calls));
  say();
  say(`Everything is in ${scene.scratch} (${Math.round(performance.now() - began)} ms)`);
  say("Next: gait policy init coding-agent, then docs/policy.md; gait --help lists all commands");
}

if (import.meta.main) await main();
