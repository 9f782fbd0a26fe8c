/**
 * Telemetry events as values (spec 05 §8.1, §8.2). They hold no argument of a command line: a word that is no
 * command of ours is recorded as `unknown`.
 *
 * @module
 */

import { formatInstant, type Instant } from "../base/instant.ts";

/** What is known of an invocation before it runs. */
export interface InvocationFacts {
  /** The words behind the program name, up to the first flag. */
  readonly words: readonly string[];
  /** Words of the command that was found; absent when there is none. */
  readonly command?: readonly string[];
  /** Whether help or an explanation was asked for instead of work. */
  readonly onlyText: boolean;
  readonly correlationId: string;
  readonly version: string;
  readonly os: string;
  readonly arch: string;
}

/** How an invocation ended. */
export interface InvocationEnd {
  readonly at: Instant;
  readonly exitCode: number;
  /** Time since the start, ms. */
  readonly elapsedMs: number;
  /** `GAIT_ADOPTION_WORKFLOW`; "" when unset. */
  readonly workflow: string;
}

/** First words that form a name together with their second word. */
const GROUPS = new Set([
  "gate",
  "policy",
  "keys",
  "trace",
  "regress",
  "run",
  "scout",
  "guard",
  "incident",
  "registry",
  "mcp",
  "doctor",
  "delegate",
]);
const CATEGORIES: readonly string[] = [
  "none",
  "internal_failure",
  "verification_failed",
  "policy_blocked",
  "approval_required",
  "internal_failure",
  "invalid_input",
  "dependency_missing",
  "internal_failure",
];
const MILESTONES: ReadonlyMap<string, string> = new Map([
  ["demo", "A1"],
  ["verify", "A2"],
  ["regress init", "A3"],
  ["regress run", "A4"],
]);

/** Name of a command in events. */
export function commandName(facts: Pick<InvocationFacts, "words" | "command">): string {
  const { command, words } = facts;
  if (command !== undefined) {
    const [first = "unknown", second] = command;
    return GROUPS.has(first) && second !== undefined ? `${first} ${second}` : first;
  }
  const [first] = words;
  if (first === undefined || /^(version|--version|-v)$/.test(first)) return "version";
  return /^--?explain$/.test(first) ? "explain" : "unknown";
}

/** Members that every event has. */
function base(schema: string, facts: InvocationFacts, at: Instant) {
  return {
    schema_id: `gait.scout.${schema}`,
    schema_version: "1.0.0",
    created_at: formatInstant(at),
    producer_version: facts.version,
  };
}

/** Milliseconds as the format has them. */
function whole(ms: number): number {
  return Math.max(0, Math.round(ms));
}

/** An operational event; the start of a command when there is no end yet. */
export function operationalEvent(
  facts: InvocationFacts,
  moment: { readonly at: Instant } | InvocationEnd,
): Record<string, unknown> {
  const end = "exitCode" in moment ? moment : undefined;
  const exitCode = end?.exitCode ?? 0;
  return {
    ...base("operational_event", facts, moment.at),
    correlation_id: facts.correlationId,
    command: commandName(facts),
    phase: end === undefined ? "start" : "end",
    exit_code: exitCode,
    error_category: CATEGORIES[exitCode] ?? "internal_failure",
    retryable: false,
    elapsed_ms: whole(end?.elapsedMs ?? 0),
    environment: { os: facts.os, arch: facts.arch },
  };
}

/** An adoption event. */
export function adoptionEvent(facts: InvocationFacts, end: InvocationEnd): Record<string, unknown> {
  const command = commandName(facts);
  const success = end.exitCode === 0;
  const milestone = success && !facts.onlyText ? MILESTONES.get(command) : undefined;
  return {
    ...base("adoption_event", facts, end.at),
    command,
    workflow_id: end.workflow === "" ? undefined : end.workflow,
    success,
    exit_code: end.exitCode,
    elapsed_ms: whole(end.elapsedMs),
    milestones: milestone === undefined ? undefined : [milestone],
    environment: { os: facts.os, arch: facts.arch },
  };
}
