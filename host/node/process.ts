/**
 * Child processes over Node. Every captured child leads a process group of its own, so that a limit ends its
 * grandchildren too. A grandchild that left the group may keep the pipes open; nobody waits for it.
 *
 * @module
 */

import type { ChildProcess, SpawnOptions } from "node:child_process";
import os from "node:os";
import type { Readable } from "node:stream";
import type { Bytes } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import type {
  CommandRequest,
  CommandResult,
  InheritRequest,
  Processes,
} from "../../core/ports/process.ts";
import { isNotPermitted } from "./errors.ts";
import { IS_WINDOWS } from "./fs.ts";
import { process } from "./_process.ts";

/** The failure to start a command. */
function startError(command: string, cause: unknown): GaitError {
  const missing = isNotPermitted(cause);
  const reason = missing ? "the runtime permission is missing" : "it cannot be started";
  return new GaitError(
    missing ? "permission_missing" : "dependency_missing",
    `Cannot run ${command}: ${reason}`,
    { cause, details: { command } },
  );
}

/** Starts a child; resolves once it runs. */
async function start(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<ChildProcess> {
  // Loaded here: most commands start nothing, and the module costs start-up time.
  const { spawn } = await import("node:child_process");
  return await new Promise((resolve, reject) => {
    try {
      const child = spawn(command, [...args], { windowsHide: true, ...options });
      child.once("spawn", () => resolve(child));
      child.once("error", (error) => reject(startError(command, error)));
    } catch (error) {
      reject(startError(command, error));
    }
  });
}

/** Exit code of a child: 128 + signal number when a signal ended it. */
function exitCode(child: ChildProcess): Promise<number> {
  function codeOf(code: number | null, signal: NodeJS.Signals | null): number {
    return code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]);
  }
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve(codeOf(child.exitCode, child.signalCode));
  }
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(codeOf(code, signal)));
  });
}

/** Ends a whole process group; that it ended by itself is fine. */
function killGroup(child: ChildProcess): void {
  try {
    if (IS_WINDOWS || child.pid === undefined) child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

/** Collects a stream until it ends or is destroyed; calls `onLimit` when it grows too long. */
function collect(
  stream: Readable | null,
  limit: { readonly maxBytes: number; onLimit(): void },
): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  return new Promise((resolve) => {
    function finish(): void {
      const out = new Uint8Array(length);
      let at = 0;
      for (const part of parts) {
        out.set(part, at);
        at += part.length;
      }
      resolve(out);
    }
    if (stream === null) return finish();
    stream.on("data", (data: Uint8Array) => {
      const room = limit.maxBytes - length;
      const part = data.subarray(0, room);
      parts.push(part);
      length += part.length;
      if (data.length > room) limit.onLimit();
    });
    stream.once("error", () => {});
    stream.once("close", finish);
  });
}

/** The environment of a captured child. */
function environmentOf(request: CommandRequest): Record<string, string | undefined> {
  const base = request.env ?? process.env;
  return { ...base, ...Object.fromEntries((request.blankVariables ?? []).map((n) => [n, ""])) };
}

/** Runs a command with captured output. */
async function run(request: CommandRequest): Promise<CommandResult> {
  const child = await start(request.command, request.args, {
    stdio: [request.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    detached: !IS_WINDOWS,
    env: environmentOf(request),
  });
  let ended: CommandResult["ended"] = "itself";
  function end(why: CommandResult["ended"]): void {
    if (ended === "itself") ended = why;
    killGroup(child);
    // Whoever escaped the group may hold the other ends for ever.
    for (const stream of [child.stdout, child.stderr, child.stdin]) stream?.destroy();
  }
  const timer = setTimeout(() => end("timeout"), request.timeoutMs);
  try {
    const limit = { maxBytes: request.maxOutputBytes, onLimit: () => end("output_limit") };
    const work = Promise.all([
      collect(child.stdout, limit),
      collect(child.stderr, limit),
      exitCode(child),
    ]);
    // A child that does not read what it is given is no failure.
    child.stdin?.once("error", () => {});
    child.stdin?.end(request.stdin);
    const [stdout, stderr, code] = await work;
    return { exitCode: code, stdout, stderr, ended };
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a command with this process's own streams. */
async function inherit(request: InheritRequest): Promise<number> {
  const hidden = new Set(request.withoutVariables);
  const child = await start(request.command, request.args, {
    cwd: request.cwd,
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !hidden.has(name))),
    stdio: ["inherit", request.outputToError ? 2 : "inherit", "inherit"],
  });
  return await exitCode(child);
}

/** Processes of the host. */
export const nodeProcesses: Processes = { run, inherit };
