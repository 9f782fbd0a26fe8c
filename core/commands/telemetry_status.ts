import { telemetryStatus } from "../telemetry/status.ts";
import { TELEMETRY_VARIABLES } from "../telemetry/wanted.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./flags/needs.ts";
import { shown } from "./flags/session_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** `gait telemetry status` (divergence S9). */
export const command: Command = {
  spec: {
    path: ["telemetry", "status"],
    summary: "show how the local event logs are doing",
    explain:
      "telemetry status shows the counters of the local event logs and whether they are whole",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [],
    examples: ["gait telemetry status"],
    permissions: () => [
      INPUT_NEED,
      // Looking at the end of a log opens it as its writers do.
      OUTPUT_NEED,
      { kind: "env", values: Object.values(TELEMETRY_VARIABLES), why: "find the event logs" },
    ],
  },
  async run({ ports }: CommandContext): Promise<CommandResult> {
    const status = await telemetryStatus(ports);
    const streams = [...status.streams].map(([stream, counters]) => ({
      stream,
      attempts: counters.attempts,
      success: counters.success,
      failed: counters.failed,
      ...(counters.failed > 0 && {
        last_failure_at: counters.lastFailureAt,
        last_error: counters.lastError,
      }),
    }));
    const logs = status.logs.map(({ stream, path, sizeBytes, tail, error }) => ({
      stream,
      path,
      size_bytes: sizeBytes,
      tail,
      ...(error !== "" && { error }),
    }));
    return {
      exit: 0,
      json: { ok: true, health: status.health, health_path: status.healthPath, streams, logs },
      text: [
        `telemetry: ${status.health}`,
        ...streams.map(({ stream, attempts, failed }) =>
          `stream ${stream}: attempts=${attempts} failed=${failed}`
        ),
        ...logs.map(({ stream, path, size_bytes, tail }) =>
          `log ${stream}: ${shown(path)} bytes=${size_bytes} tail=${tail}`
        ),
      ],
      tone: status.health === "degraded" ? "attention" : "good",
    };
  },
};
