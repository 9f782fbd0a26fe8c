/**
 * Whether the process that owns a file is alive (divergence S3): Node offers no lock on a file, so the file names
 * its process, when that started, and the machine that may judge it.
 *
 * @module
 */

import fs from "node:fs";
import os from "node:os";
import { systemCode } from "./errors.ts";
import { process } from "./_process.ts";

/** A process, as files name it. */
export interface Owner {
  readonly pid?: number;
  readonly host?: string;
  readonly started?: string;
}

/** Text of a small file of the system; "" where there is none. */
function systemText(path: string): string {
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Where a process number means something: this machine, and the process table of this container. */
function processTable(): string {
  let namespace = "";
  try {
    namespace = fs.readlinkSync("/proc/self/ns/pid");
  } catch {
    // Only Linux has more than one.
  }
  return `${os.hostname()} ${systemText("/proc/sys/kernel/random/boot_id").trim()} ${namespace}`
    .trim();
}

/** When a process started, in ticks; numbers of processes are used again. "" where it cannot be told. */
function startOf(pid: number): string {
  const text = systemText(`/proc/${pid}/stat`);
  // The name in the second field may hold anything, so the fields are counted from its end.
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

/** Whether a process runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

let own: { readonly pid: number; readonly host: string; readonly started: string } | undefined;

/** This process. */
export function ownProcess(): {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
} {
  own ??= { pid: process.pid, host: processTable(), started: startOf(process.pid) };
  return own;
}

/**
 * Whether an owner is alive.
 *
 * @returns `undefined` when this machine, or this container, cannot tell.
 */
export function isAlive({ pid, host, started }: Owner): boolean | undefined {
  if (pid === undefined || host !== ownProcess().host) return undefined;
  return isRunning(pid) && (started === undefined || started === startOf(pid));
}
