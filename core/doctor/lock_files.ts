/**
 * Lock files that nobody holds any more (spec 05 §1.2, row 7). Commands of ours take them over by themselves;
 * those of other programs wait for them.
 *
 * @module
 */

import { isJsonObject } from "../base/json_value.ts";
import { parseJson } from "../text/json.ts";
import { causeOf, type Finding, finding, pathArgument } from "./check.ts";
import { isSpecial, lookAt } from "./look.ts";
import type { DoctorPorts } from "./subject.ts";

/** Age above which a lock is looked at closely, ms: holders renew theirs before that. */
const STALE_MS = 30_000;

/** An age for people: `1h0m0s`. */
function ageText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ""}${seconds >= 60 ? `${minutes}m` : ""}${seconds % 60}s`;
}

/** Whether a living process has the operating system's lock on a file. */
export async function isHeld(path: string, ports: DoctorPorts): Promise<boolean> {
  const file = await ports.appends.open(path, { create: false });
  try {
    return !await file.tryLock();
  } finally {
    file.close();
  }
}

/** Longest lock that any program writes, bytes. */
const LOCK_BYTES = 4_096;

/** Whether a file has the content of a lock: nothing, or who holds it since when. */
async function isLock(path: string, size: number, ports: DoctorPorts): Promise<boolean> {
  if (size === 0) return true;
  if (size > LOCK_BYTES) return false;
  const data = await ports.files.read(path, { maxBytes: LOCK_BYTES });
  try {
    const value = parseJson(data, { source: path });
    return isJsonObject(value) &&
      ["created_at", "pid"].some((name) => Object.hasOwn(value, name));
  } catch {
    return false;
  }
}

/** Looks at a lock file; nothing when there is none, or somebody uses it. */
async function judge(path: string, label: string, ports: DoctorPorts): Promise<Finding[]> {
  const info = isSpecial(path) ? undefined : await ports.files.stat(path);
  if (info === undefined) return [];
  if (info.kind !== "file") {
    const kind = info.kind === "directory" ? "a directory" : "no regular file";
    const hint = "move it away; no command can take a lock there";
    return [finding("warn", `${label} path is ${kind}: ${path}`, { hint })];
  }
  const age = Number(ports.clock.now() / 1_000_000n) - (info.modifiedMs ?? 0);
  if (age <= STALE_MS || await isHeld(path, ports)) return [];
  if (!await isLock(path, info.size, ports)) {
    const hint = "look at it; no command can take a lock there";
    return [finding("warn", `${label} path holds something else than a lock: ${path}`, { hint })];
  }
  return [finding("warn", `stale ${label} detected (${ageText(age)} old): ${path}`, {
    fixCommand: `rm -f ${pathArgument(path)}`,
  })];
}

/**
 * What is wrong with a lock file.
 *
 * @param label Which lock it is, for people.
 */
export async function lockFindings(
  path: string,
  label: string,
  ports: DoctorPorts,
): Promise<Finding[]> {
  try {
    // A lock that was released meanwhile is none.
    return await judge(path, label, ports);
  } catch (error) {
    const cause = causeOf(error);
    if (await lookAt(path, ports.files).catch(() => undefined) === undefined) return [];
    return [finding("warn", `${label} cannot be examined: ${cause}`)];
  }
}
