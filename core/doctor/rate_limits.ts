/**
 * The counters of the rate limits: a lock that was left over, a file that cannot be counted on, and windows of
 * the future, as a clock leaves them that jumped (divergence G9).
 *
 * @module
 */

import { DEFAULT_RATE_LIMIT_STATE } from "../config/settings.ts";
import { readState } from "../enforce/quota_stage.ts";
import { rateLimitStatus } from "../quota/status.ts";
import {
  causeOf,
  type Check,
  checkOf,
  failed,
  type Finding,
  passed,
  pathArgument,
  warned,
} from "./check.ts";
import { below, lookAt, needRegular } from "./look.ts";
import { lockFindings } from "./lock_files.ts";
import { type DoctorPorts, isForeign, settingPath, type Subject } from "./subject.ts";

/** The state file in force. */
function statePath(subject: Subject): string {
  const { workdir } = subject.request;
  return settingPath(subject, "gate.rate_limit_state") || below(workdir, DEFAULT_RATE_LIMIT_STATE);
}

/** Locks: of the file in force, of the usual one, and where the reference looks for it. */
export async function checkRateLimitLock(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const states = new Set([
    below(subject.outputDir, "gate_rate_limits.json"),
    below(subject.request.workdir, DEFAULT_RATE_LIMIT_STATE),
    statePath(subject),
  ]);
  const findings: Finding[] = [];
  for (const state of states) {
    findings.push(...await lockFindings(`${state}.lock`, "gate rate-limit lock", ports));
  }
  return checkOf("gate_rate_limit_lock", findings, "no stale gate rate-limit lock detected");
}

const NAME = "gate_rate_limit_state";

/** The counters themselves. */
export async function checkRateLimitState(subject: Subject, ports: DoctorPorts): Promise<Check> {
  const path = statePath(subject);
  const reset = `gait rate-limit reset --rate-limit-state ${pathArgument(path)}`;
  // Somebody else may have named a file that is none of ours.
  const remedy = (command: string) =>
    isForeign(subject, "gate.rate_limit_state")
      ? { hint: "an untrusted file names it; look at both" }
      : { fixCommand: command };
  try {
    if (await lookAt(path, ports.files) === undefined) {
      return passed(NAME, "nothing counted yet");
    }
    await needRegular(path, ports.files);
    const counters = rateLimitStatus(await readState(path, ports), { now: ports.clock.now() });
    const suspects = counters.filter(({ phase }) => phase === "future").length;
    if (suspects === 0) return passed(NAME, `${counters.length} counters`);
    const message = `${suspects} counters lie in the future: the clock jumped ` +
      `(rate_limit_clock_suspect): ${path}`;
    return warned(NAME, message, remedy(`${reset} --future`));
  } catch (error) {
    const message = `calls with a rate limit are blocked: ${causeOf(error)}`;
    return failed(NAME, message, remedy(reset));
  }
}
