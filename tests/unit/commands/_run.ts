/** Running command lines over memory ports, for the tests of commands. */

import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";

/** What a command line did. */
export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  // deno-lint-ignore no-explicit-any -- tests look into members of every shape
  readonly json: any;
}

/** Runs a command line and takes its output out of the world. */
export async function run(world: MemoryWorld, ...argv: string[]): Promise<Ran> {
  const exit = await runCli(argv, world.ports);
  const stdout = world.stdout.splice(0).join("");
  const stderr = world.stderr.splice(0).join("");
  return { exit, stdout, stderr, json: stdout.startsWith("{") ? JSON.parse(stdout) : undefined };
}

/** A world with a home, a policy, an intent and a key pair. */
export async function gateWorld(policy: string = POLICY): Promise<MemoryWorld> {
  const world = memoryWorld();
  world.env.set("HOME", "/home/user");
  world.files.put("policy.yaml", policy);
  world.files.put("intent.json", intentText("tool.read"));
  for (const prefix of ["gate", "alice", "bob", "lead"]) {
    await run(world, "keys", "init", "--out-dir", "keys", "--prefix", prefix);
  }
  return world;
}

/** The flags by which the gate signs with its own key. */
export const SIGNED: readonly string[] = [
  "--key-mode",
  "prod",
  "--private-key",
  "keys/gate_private.key",
];

/** An intent; members can be replaced. */
export function intentText(tool: string, change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    schema_id: "gait.gate.intent_request",
    schema_version: "1.0.0",
    tool_name: tool,
    args: { path: "/tmp/a" },
    targets: [{ kind: "path", value: "/tmp/a", operation: "read" }],
    context: { identity: "alice", workspace: "/work", risk_class: "low" },
    ...change,
  });
}

/** One rule for each verdict, blocked by default. */
export const POLICY = `schema_id: gait.gate.policy
schema_version: 1.0.0
default_verdict: block
rules:
  - name: reads
    priority: 10
    effect: allow
    match:
      tool_names: [tool.read]
  - name: pays
    priority: 20
    effect: require_approval
    approval:
      single_use: true
    match:
      tool_names: [tool.pay]
  - name: tries
    priority: 30
    effect: dry_run
    match:
      tool_names: [tool.try]
  - name: runs
    priority: 40
    effect: allow
    match:
      tool_names: [proc.exec]
`;

/** Absolute paths of the files that a world holds. */
export function names(world: MemoryWorld): string[] {
  return [...world.files.files().keys()].sort();
}
