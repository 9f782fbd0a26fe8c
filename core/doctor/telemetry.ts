/**
 * Whether the local event logs take events (divergence S9).
 *
 * @module
 */

import { type TelemetryStatus, telemetryStatus } from "../telemetry/status.ts";
import { TELEMETRY_VARIABLES } from "../telemetry/wanted.ts";
import { trim } from "../base/text_rules.ts";
import { causeOf, type Check, checkOf, type Finding, finding, pathArgument } from "./check.ts";
import { lookAt } from "./look.ts";
import { lockFindings } from "./lock_files.ts";
import type { DoctorPorts, Subject } from "./subject.ts";

const NAME = "telemetry";

/** Failures of the past, and logs that cannot be used. */
function findingsOf(status: TelemetryStatus): Finding[] {
  const out: Finding[] = [];
  const fixCommand = status.healthPath === ""
    ? undefined
    : `rm -f ${pathArgument(status.healthPath)}`;
  for (const [stream, { attempts, failed, lastError, lastFailureAt }] of status.streams) {
    if (failed === 0) continue;
    const text = `stream ${stream}: ${failed} of ${attempts} events failed, the last at ` +
      `${lastFailureAt} (${lastError}); mend the cause, then start the counters anew`;
    out.push(finding("warn", text, { fixCommand }));
  }
  for (const { stream, error, tail, path } of status.logs) {
    if (error !== "") out.push(finding("warn", `log ${stream}: ${error}`));
    else if (tail === "torn") {
      out.push(
        finding("warn", `log ${stream} has a torn last line, which the next event cuts: ${path}`),
      );
    }
  }
  return out;
}

/** Files that the variables name and that are no regular ones: nothing may wait for them. */
async function oddPaths(ports: DoctorPorts): Promise<Finding[]> {
  const out: Finding[] = [];
  for (const name of Object.values(TELEMETRY_VARIABLES)) {
    const path = trim(ports.env.get(name) ?? "");
    const info = path === "" ? undefined : await lookAt(path, ports.files);
    if (info === undefined || info.kind === "file") continue;
    out.push(finding("warn", `${name} names something else than a file: ${path}`));
  }
  return out;
}

/** Left-over locks of the files. */
async function locks(ports: DoctorPorts): Promise<Finding[]> {
  const out: Finding[] = [];
  for (const name of Object.values(TELEMETRY_VARIABLES)) {
    const path = trim(ports.env.get(name) ?? "");
    if (path !== "") out.push(...await lockFindings(`${path}.lock`, "telemetry lock", ports));
  }
  return out;
}

/** The logs that the environment asks for. */
export async function checkTelemetry(_subject: Subject, ports: DoctorPorts): Promise<Check> {
  try {
    const odd = await oddPaths(ports);
    if (odd.length > 0) return checkOf(NAME, odd);
    const status = await telemetryStatus(ports);
    const findings = [...findingsOf(status), ...await locks(ports)];
    return checkOf(
      NAME,
      findings,
      status.health === "off" ? "telemetry is off" : "telemetry works",
    );
  } catch (error) {
    return checkOf(NAME, [finding("warn", `telemetry cannot be examined: ${causeOf(error)}`)]);
  }
}
