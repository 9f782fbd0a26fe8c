/**
 * Programs that the configuration names. They are looked at and never run: the folder may be anybody's
 * (divergence O1).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { Processes } from "../ports/process.ts";
import { causeOf, type Finding, finding, pathArgument } from "./check.ts";
import { lookAt, mayOthers } from "./look.ts";
import type { DoctorPorts } from "./subject.ts";

/** Refuses. */
function refuse(): Promise<never> {
  return Promise.reject(new GaitError("signer_failed", "Cannot run a program: doctor runs none"));
}

/** What stands for processes. */
const RUNS_NOTHING: Processes = { run: refuse, inherit: refuse };

/** The ports for a use case that could run something. */
export function withoutProcesses(ports: DoctorPorts): DoctorPorts & { processes: Processes } {
  return { ...ports, processes: RUNS_NOTHING };
}

/**
 * What is wrong with a program.
 *
 * @param key Key that names it.
 * @param command Absolute path, or a name in `PATH`, which is not searched.
 */
export async function programFindings(
  key: string,
  command: string,
  ports: DoctorPorts,
): Promise<Finding[]> {
  if (!/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(command)) {
    if (/[\\/]/.test(command)) {
      return [finding("fail", `${key} is a relative path: ${command}`, {
        hint: "name the program by its absolute path",
      })];
    }
    return [finding("warn", `${key} is whatever PATH has under the name ${command}`, {
      hint: "name the program by its absolute path",
    })];
  }
  try {
    const info = await lookAt(command, ports.files);
    if (info?.kind !== "file") return [finding("fail", `${key} names no program: ${command}`)];
    if (info.mode !== undefined && (info.mode & 0o111) === 0) {
      return [finding("fail", `${key} is not executable: ${command}`, {
        fixCommand: `chmod u+x ${pathArgument(command)}`,
      })];
    }
    if (!mayOthers(info, 0o022)) return [];
    return [finding("fail", `${key} is writable by group/others: ${command}`, {
      fixCommand: `chmod go-w ${pathArgument(command)}`,
    })];
  } catch (error) {
    return [finding("fail", `${key} cannot be examined: ${causeOf(error)}`)];
  }
}
