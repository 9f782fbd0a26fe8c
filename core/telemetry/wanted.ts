/**
 * Whether telemetry is asked for. Apart from the rest, so that a command without it loads nothing more.
 *
 * @module
 */

import { type Env, readComfort } from "../ports/env.ts";

/** Variables that name a telemetry file (spec 03 §10). */
export const TELEMETRY_VARIABLES = {
  adoption: "GAIT_ADOPTION_LOG",
  operational: "GAIT_OPERATIONAL_LOG",
  health: "GAIT_TELEMETRY_HEALTH_PATH",
} as const;

/** Whether a stream is on. */
export function telemetryWanted(env: Env): boolean {
  return (readComfort(env, TELEMETRY_VARIABLES.operational) ?? "").trim() !== "" ||
    (readComfort(env, TELEMETRY_VARIABLES.adoption) ?? "").trim() !== "";
}
