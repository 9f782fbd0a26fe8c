/** A project that is ready for production, in memory, and how to examine it. */

import type { Ports } from "../../../core/ports/ports.ts";
import type { Segments } from "../../../core/ports/segments.ts";
import { runCli } from "../../../core/commands/frame/run_cli.ts";
import { type MemoryWorld, memoryWorld } from "../../support/memory_ports.ts";
import { POLICY, type Ran, run } from "../commands/_run.ts";

/** What a diagnosis said, with its checks by name. */
export interface Diagnosed extends Ran {
  // deno-lint-ignore no-explicit-any -- tests look into members of every shape
  check(name: string): any;
}

/** A world with folders of its own and nothing in them. */
export function doctorWorld(): MemoryWorld {
  const world = memoryWorld();
  world.env.set("HOME", "/home/user");
  world.files.put("/tmp/.keep", "");
  world.files.put("/home/user/.gait/registry/.keep", "");
  world.files.put("gait-out/.keep", "");
  return world;
}

/** Runs doctor over some ports. */
export async function doctorWith(
  world: MemoryWorld,
  ports: Partial<Ports>,
  ...argv: string[]
): Promise<Diagnosed> {
  const exit = await runCli(["doctor", "--json", ...argv], { ...world.ports, ...ports });
  const stdout = world.stdout.splice(0).join("");
  const stderr = world.stderr.splice(0).join("");
  const json = JSON.parse(stdout);
  const checks: { name: string }[] = json.checks ?? [];
  return { exit, stdout, stderr, json, check: (name) => checks.find((each) => each.name === name) };
}

/** Runs doctor. */
export function doctor(world: MemoryWorld, ...argv: string[]): Promise<Diagnosed> {
  return doctorWith(world, {}, ...argv);
}

/** Settings of a hardened project. */
export const CONFIG: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gate: {
    policy: "policy.yaml",
    profile: "oss-prod",
    key_mode: "prod",
    private_key: "keys/gate_private.key",
  },
  mcp_serve: {
    enabled: "true",
    listen: "127.0.0.1:8787",
    auth_mode: "token",
    auth_token_env: "SERVICE_TOKEN",
    max_request_bytes: "1048576",
    http_verdict_status: "strict",
    allow_client_artifact_paths: "false",
  },
  retention: { trace_ttl: "168h", session_ttl: "336h", export_ttl: "168h" },
};

/** The text of a configuration; `changes` by dotted key, `undefined` removes one. */
export function configText(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const sections = new Map(
    Object.entries(CONFIG).map(([name, keys]) => [name, new Map(Object.entries(keys))]),
  );
  for (const [path, value] of Object.entries(changes)) {
    const [section = "", key = ""] = path.split(".");
    if (value === undefined) sections.get(section)?.delete(key);
    else sections.get(section)?.set(key, value);
  }
  return [...sections].map(([name, keys]) =>
    `${name}:\n` + [...keys].map(([key, value]) => `  ${key}: ${value}\n`).join("")
  ).join("");
}

/** The policy of a hardened project. */
export const SAFE_POLICY = POLICY;

/** A project that passes. */
export async function readyWorld(
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<MemoryWorld> {
  const world = doctorWorld();
  await run(world, "keys", "init", "--out-dir", "keys", "--prefix", "gate");
  world.files.put("policy.yaml", SAFE_POLICY);
  world.files.put(".gait/config.yaml", configText(changes));
  world.env.set("SERVICE_TOKEN", "0123456789abcdef0123456789abcdef");
  await run(world, "config", "trust");
  return world;
}

/** Refuses. */
function refuse(): Promise<never> {
  return Promise.reject(new Error("doctor writes no segments"));
}

/** Segments that nobody writes. */
export const NO_SEGMENTS: Segments = {
  hold: refuse,
  createVisible: refuse,
  create: refuse,
  settle: refuse,
  settleDirectory: refuse,
};
