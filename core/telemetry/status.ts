/**
 * How telemetry is doing: the counters, and what the logs look like (divergence S9).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { printable } from "../base/printable.ts";
import { trim } from "../base/text_rules.ts";
import type { Ports } from "../ports/ports.ts";
import { type Health, parseHealth } from "./health.ts";
import { TELEMETRY_VARIABLES } from "./wanted.ts";

/** Ports of the status. */
export type StatusPorts = Pick<Ports, "appends" | "env" | "files">;

/** One log. */
export interface LogStatus {
  readonly stream: "adoption" | "operational";
  readonly path: string;
  /** Size, bytes; 0 when there is none yet. */
  readonly sizeBytes: number;
  /** Whether the last line is whole; a torn one is mended by the next event. */
  readonly tail: "clean" | "torn" | "absent";
  /** Why it cannot be read; "" when it can. */
  readonly error: string;
}

/** Status of telemetry. */
export interface TelemetryStatus {
  /** `off` without a stream, `degraded` after a failure, `unknown` without counters. */
  readonly health: "off" | "ok" | "degraded" | "unknown";
  readonly healthPath: string;
  readonly streams: Health;
  readonly logs: readonly LogStatus[];
}

const NEWLINE = 0x0a;

/** Looks at one log. */
async function logStatus(
  stream: LogStatus["stream"],
  path: string,
  ports: StatusPorts,
): Promise<LogStatus> {
  const none = { stream, path, sizeBytes: 0, tail: "absent", error: "" } as const;
  try {
    const file = await ports.appends.open(path, { create: false });
    try {
      const sizeBytes = await file.size();
      const last = sizeBytes === 0 ? NEWLINE : (await file.read(sizeBytes - 1, 1))[0];
      return { stream, path, sizeBytes, tail: last === NEWLINE ? "clean" : "torn", error: "" };
    } finally {
      file.close();
    }
  } catch (error) {
    if (!(error instanceof GaitError)) throw error;
    return error.code === "file_not_found"
      ? none
      : { ...none, error: printable(error.message, 200) };
  }
}

/** Reads the counters; `undefined` when there are none. */
async function readHealth(path: string, ports: StatusPorts): Promise<Health | undefined> {
  if (path === "") return undefined;
  try {
    return parseHealth(await ports.files.read(path, { maxBytes: LIMITS.configBytes }));
  } catch (error) {
    if (error instanceof GaitError && error.code === "file_not_found") return undefined;
    throw error;
  }
}

/** Judges. */
function judge(logs: readonly LogStatus[], health: Health | undefined): TelemetryStatus["health"] {
  if (logs.length === 0) return "off";
  const broken = logs.some(({ error, tail }) => error !== "" || tail === "torn");
  const failed = [...health?.values() ?? []].some((stream) => stream.failed > 0);
  if (broken || failed) return "degraded";
  return health === undefined ? "unknown" : "ok";
}

/** Reads the status that the variables describe. */
export async function telemetryStatus(ports: StatusPorts): Promise<TelemetryStatus> {
  const path = (name: string): string => trim(ports.env.get(name) ?? "");
  const logs: LogStatus[] = [];
  for (const stream of ["adoption", "operational"] as const) {
    const log = path(TELEMETRY_VARIABLES[stream]);
    if (log !== "") logs.push(await logStatus(stream, log, ports));
  }
  const healthPath = path(TELEMETRY_VARIABLES.health);
  const streams = await readHealth(healthPath, ports);
  return { health: judge(logs, streams), healthPath, streams: streams ?? new Map(), logs };
}
