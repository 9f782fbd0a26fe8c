/**
 * All commands. A module is imported only when its command runs; the literal `import()` lets the bundler
 * and `deno compile` see it.
 *
 * @module
 */

import type { Command } from "./command.ts";

/** One row of the table. */
export interface CommandEntry {
  /** Words after the program name. */
  readonly path: readonly string[];
  /** Loads the command. */
  load(): Promise<{ readonly command: Command }>;
}

/** Groups of commands and what they are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  config: "see and check the configuration",
  delegate: "let one identity act for another",
  doctor: "examine an installation, and report adoption",
  gate: "decide about a tool call",
  keys: "create and check signing keys",
  mcp: "decide about tool calls at the boundary of a framework or service",
  policy: "write, check and try policies",
  "rate-limit": "see and mend the counters of rate limits",
  run: "record, inspect and compare runs",
  "run session": "keep a durable journal of a session",
  telemetry: "see how the local event logs are doing",
  trace: "check signed decision records",
  verify: "verify runs, sessions and chains of evidence",
};

/** The table, sorted by path. */
export const COMMANDS: readonly CommandEntry[] = [
  { path: ["approve"], load: () => import("../approve.ts") },
  { path: ["completion"], load: () => import("../completion.ts") },
  { path: ["config", "show"], load: () => import("../config_show.ts") },
  { path: ["config", "trust"], load: () => import("../config_trust.ts") },
  { path: ["config", "validate"], load: () => import("../config_validate.ts") },
  { path: ["delegate", "mint"], load: () => import("../delegate_mint.ts") },
  { path: ["delegate", "verify"], load: () => import("../delegate_verify.ts") },
  { path: ["demo"], load: () => import("../demo.ts") },
  { path: ["doctor"], load: () => import("../doctor.ts") },
  { path: ["doctor", "adoption"], load: () => import("../doctor_adoption.ts") },
  { path: ["enforce"], load: () => import("../enforce.ts") },
  { path: ["gate", "eval"], load: () => import("../gate_eval.ts") },
  { path: ["keys", "init"], load: () => import("../keys_init.ts") },
  { path: ["keys", "rotate"], load: () => import("../keys_rotate.ts") },
  { path: ["keys", "show"], load: () => import("../keys_show.ts") },
  { path: ["keys", "verify"], load: () => import("../keys_verify.ts") },
  { path: ["mcp", "bridge"], load: () => import("../mcp_bridge.ts") },
  { path: ["mcp", "proxy"], load: () => import("../mcp_proxy.ts") },
  { path: ["mcp", "serve"], load: () => import("../mcp_serve.ts") },
  { path: ["migrate"], load: () => import("../migrate.ts") },
  { path: ["permissions"], load: () => import("../permissions.ts") },
  { path: ["policy", "explain"], load: () => import("../policy_explain.ts") },
  { path: ["policy", "fmt"], load: () => import("../policy_fmt.ts") },
  { path: ["policy", "init"], load: () => import("../policy_init.ts") },
  { path: ["policy", "simulate"], load: () => import("../policy_simulate.ts") },
  { path: ["policy", "test"], load: () => import("../policy_test.ts") },
  { path: ["policy", "validate"], load: () => import("../policy_validate.ts") },
  { path: ["rate-limit", "reset"], load: () => import("../rate_limit_reset.ts") },
  { path: ["rate-limit", "status"], load: () => import("../rate_limit_status.ts") },
  { path: ["run", "diff"], load: () => import("../run_diff.ts") },
  { path: ["run", "inspect"], load: () => import("../run_inspect.ts") },
  { path: ["run", "receipt"], load: () => import("../run_receipt.ts") },
  { path: ["run", "record"], load: () => import("../run_record.ts") },
  { path: ["run", "reduce"], load: () => import("../run_reduce.ts") },
  { path: ["run", "replay"], load: () => import("../run_replay.ts") },
  { path: ["run", "session", "append"], load: () => import("../run_session_append.ts") },
  { path: ["run", "session", "checkpoint"], load: () => import("../run_session_checkpoint.ts") },
  { path: ["run", "session", "compact"], load: () => import("../run_session_compact.ts") },
  { path: ["run", "session", "repair"], load: () => import("../run_session_repair.ts") },
  { path: ["run", "session", "start"], load: () => import("../run_session_start.ts") },
  { path: ["run", "session", "status"], load: () => import("../run_session_status.ts") },
  { path: ["telemetry", "status"], load: () => import("../telemetry_status.ts") },
  { path: ["trace", "recover"], load: () => import("../trace_recover.ts") },
  { path: ["trace", "verify"], load: () => import("../trace_verify.ts") },
  { path: ["verify"], load: () => import("../verify.ts") },
  { path: ["verify", "chain"], load: () => import("../verify_chain.ts") },
  { path: ["verify", "record"], load: () => import("../verify_record.ts") },
  { path: ["verify", "session-chain"], load: () => import("../verify_session_chain.ts") },
  { path: ["version"], load: () => import("../version.ts") },
];

/** Finds the command with the longest path that the words start with: `verify chain` before `verify`. */
export function findCommand(words: readonly string[]): CommandEntry | undefined {
  const matches = COMMANDS.filter((entry) =>
    entry.path.length <= words.length && entry.path.every((word, i) => word === words[i])
  );
  return matches.reduce<CommandEntry | undefined>(
    (best, entry) => best === undefined || entry.path.length > best.path.length ? entry : best,
    undefined,
  );
}

/** Loads every command, for help and completion. */
export async function loadAll(): Promise<Command[]> {
  const modules = await Promise.all(COMMANDS.map((entry) => entry.load()));
  return modules.map((module) => module.command);
}
