/**
 * Recording an invocation (spec 03 §10): never fatal, never longer than a bounded wait, every failure counted
 * and told (divergence S9).
 *
 * @module
 */

import { utf8 } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import type { Instant } from "../base/instant.ts";
import { LIMITS } from "../base/limits.ts";
import { printable } from "../base/printable.ts";
import { lower, trim } from "../base/text_rules.ts";
import { logAppender } from "../journal/append_log.ts";
import { readComfort } from "../ports/env.ts";
import type { Ports } from "../ports/ports.ts";
import { adoptionEvent, type InvocationFacts, operationalEvent } from "./events.ts";
import {
  addAttempts,
  type Attempt,
  encodeHealth,
  type Health,
  parseHealth,
  type Stream,
} from "./health.ts";
import { TELEMETRY_VARIABLES } from "./wanted.ts";

/** Ports of telemetry. */
export type TelemetryPorts = Pick<
  Ports,
  "appends" | "clock" | "env" | "files" | "locks" | "terminal" | "version"
>;

/** A recorded start. */
export interface RecordedStart {
  /** Failures so far, for the output of the command. */
  readonly failures: readonly string[];
  /** Records the end. Never rejects. */
  end(exitCode: number): Promise<void>;
}

/** Longest cause that is repeated. */
const CAUSE_LENGTH = 200;
const STALE_MS = 120_000;

/** Value of a variable, trimmed; "" when unset. */
function variable(name: string, ports: TelemetryPorts): string {
  return trim(readComfort(ports.env, name) ?? "");
}

/** A cause in one line. */
function causeOf(error: unknown): string {
  return printable(error instanceof GaitError ? error.message : "unexpected failure", CAUSE_LENGTH);
}

/** Tells a failure, unless that was switched off. */
function warn(stream: string, cause: string, ports: TelemetryPorts): string {
  const message = `telemetry stream=${stream} write failed: ${cause}`;
  if (lower(variable("GAIT_TELEMETRY_WARN", ports)) !== "off") {
    ports.terminal.err(`gait warning: ${message}\n`);
  }
  return message;
}

/** Writes one event. */
async function writeEvent(
  stream: Stream,
  event: { readonly path: string; readonly record: object; readonly at: Instant },
  ports: TelemetryPorts,
): Promise<Attempt> {
  const { path, record, at } = event;
  try {
    await logAppender(path, ports, { waitMs: LIMITS.telemetryWaitMs }).append(record);
    return { stream, at };
  } catch (error) {
    return { stream, at, error: causeOf(error) };
  }
}

/** Counters so far. */
async function readHealth(path: string, ports: TelemetryPorts): Promise<Health> {
  try {
    return parseHealth(await ports.files.read(path, { maxBytes: LIMITS.configBytes }));
  } catch (error) {
    if (error instanceof GaitError && error.code === "file_not_found") return new Map();
    throw error;
  }
}

/** Adds attempts to the health file. */
async function countAttempts(attempts: readonly Attempt[], ports: TelemetryPorts): Promise<void> {
  const path = variable(TELEMETRY_VARIABLES.health, ports);
  if (path === "" || attempts.length === 0) return;
  const lock = { style: "append", waitMs: LIMITS.telemetryWaitMs, staleMs: STALE_MS } as const;
  await ports.locks.withLock(`${path}.lock`, lock, async () => {
    const health = addAttempts(await readHealth(path, ports), attempts);
    const meta = { at: ports.clock.now(), version: ports.version };
    await ports.appends.replaceCache(path, utf8(encodeHealth(health, meta)));
  });
}

/** Counts and tells what came of some attempts. */
async function conclude(attempts: readonly Attempt[], ports: TelemetryPorts): Promise<string[]> {
  const told = attempts.filter(({ error }) => error !== undefined)
    .map(({ stream, error }) => warn(stream, error ?? "", ports));
  try {
    await countAttempts(attempts, ports);
  } catch (error) {
    told.push(warn("telemetry_health", causeOf(error), ports));
  }
  return told;
}

/** Runs a step whose failure must not matter. */
async function harmless<T>(step: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await step();
  } catch {
    return otherwise;
  }
}

/** Writes the events of an end. */
async function recordEnd(
  facts: InvocationFacts,
  end: { readonly exitCode: number; readonly elapsedMs: number },
  ports: TelemetryPorts,
): Promise<void> {
  const at = ports.clock.now();
  const workflow = variable("GAIT_ADOPTION_WORKFLOW", ports);
  const moment = { at, workflow, ...end };
  const attempts: Attempt[] = [];
  const adoption = variable(TELEMETRY_VARIABLES.adoption, ports);
  if (adoption !== "") {
    const event = { path: adoption, record: adoptionEvent(facts, moment), at };
    attempts.push(await writeEvent("adoption", event, ports));
  }
  const operational = variable(TELEMETRY_VARIABLES.operational, ports);
  if (operational !== "") {
    const event = { path: operational, record: operationalEvent(facts, moment), at };
    attempts.push(await writeEvent("operational_end", event, ports));
  }
  await conclude(attempts, ports);
}

/**
 * Records the start of an invocation.
 *
 * @returns How to record its end. Never rejects.
 */
export async function recordStart(
  facts: InvocationFacts,
  ports: TelemetryPorts,
): Promise<RecordedStart> {
  const began = ports.clock.monotonic();
  const failures = await harmless(async () => {
    const path = variable(TELEMETRY_VARIABLES.operational, ports);
    if (path === "") return [];
    const at = ports.clock.now();
    const event = { path, record: operationalEvent(facts, { at }), at };
    return await conclude([await writeEvent("operational_start", event, ports)], ports);
  }, []);
  return {
    failures,
    async end(exitCode) {
      const elapsedMs = ports.clock.monotonic() - began;
      await harmless(() => recordEnd(facts, { exitCode, elapsedMs }, ports), undefined);
    },
  };
}
