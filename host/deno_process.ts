/**
 * Child processes over Deno. Every captured child leads a process group of its own, so that a limit ends
 * its grandchildren too. A grandchild that left the group may keep the pipes open; nobody waits for it.
 *
 * @module
 */

import type { Bytes } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";
import type {
  CommandRequest,
  CommandResult,
  InheritRequest,
  Processes,
} from "../core/ports/process.ts";
import { permissionHint } from "./errors.ts";

/** Ends a whole process group; that it ended by itself is fine. */
function killGroup(child: Deno.ChildProcess): void {
  try {
    if (Deno.build.os === "windows") child.kill("SIGKILL");
    else Deno.kill(-child.pid, "SIGKILL");
  } catch (error) {
    const over = error instanceof Deno.errors.NotFound || error instanceof TypeError;
    if (!over && !/ESRCH|no such process/i.test(String(error))) child.kill("SIGKILL");
  }
}

/** Starts a child, with one clear error when that is not possible. */
function spawn(command: string, options: Deno.CommandOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(command, options).spawn();
  } catch (error) {
    const missing = error instanceof Deno.errors.NotCapable;
    const code = missing ? "permission_missing" : "dependency_missing";
    const reason = missing ? "the runtime permission is missing" : "it cannot be started";
    throw new GaitError(code, `Cannot run ${command}: ${reason}`, {
      cause: error,
      details: { command },
      ...(missing ? { hint: permissionHint(error) } : {}),
    });
  }
}

/** A stream that is being collected. */
interface Collecting {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly maxBytes: number;
  onLimit(): void;
}

/** Collects a stream until it ends or its reader is cancelled; calls `onLimit` when it grows too long. */
async function collect({ reader, maxBytes, onLimit }: Collecting): Promise<Bytes> {
  const out = new Uint8Array(maxBytes);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const room = out.length - length;
    out.set(value.subarray(0, room), length);
    length += Math.min(value.length, room);
    if (value.length > room) {
      onLimit();
      break;
    }
  }
  return out.subarray(0, length);
}

/** Hands bytes to the child; a child that does not read them is no failure. */
async function feed(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  data: Uint8Array,
): Promise<void> {
  try {
    await writer.write(data);
    await writer.close();
  } catch {
    await writer.abort().catch(() => {});
  }
}

/** Starts a command with captured output. */
function spawnCaptured(request: CommandRequest): Deno.ChildProcess {
  return spawn(request.command, {
    args: [...request.args],
    stdin: request.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    detached: true,
    // Without reading the environment, which takes another permission, variables can only be blanked.
    env: Object.fromEntries((request.blankVariables ?? []).map((name) => [name, ""])),
    ...(request.env === undefined ? {} : { env: { ...request.env }, clearEnv: true }),
  });
}

/** Runs a command with captured output. */
async function run(request: CommandRequest): Promise<CommandResult> {
  const child = spawnCaptured(request);
  const stdout = child.stdout.getReader();
  const stderr = child.stderr.getReader();
  const stdin = request.stdin === undefined ? undefined : child.stdin.getWriter();
  let ended: CommandResult["ended"] = "itself";
  function end(why: CommandResult["ended"]): void {
    if (ended === "itself") ended = why;
    killGroup(child);
    // Whoever escaped the group may hold the other ends for ever.
    for (const stream of [stdout, stderr]) stream.cancel().catch(() => {});
    stdin?.abort().catch(() => {});
  }
  const timer = setTimeout(() => end("timeout"), request.timeoutMs);
  try {
    const limit = { maxBytes: request.maxOutputBytes, onLimit: () => end("output_limit") };
    const [out, errors, status] = await Promise.all([
      collect({ reader: stdout, ...limit }),
      collect({ reader: stderr, ...limit }),
      child.status,
      stdin === undefined ? undefined : feed(stdin, request.stdin ?? new Uint8Array()),
    ]);
    return { exitCode: status.code, stdout: out, stderr: errors, ended };
  } finally {
    clearTimeout(timer);
  }
}

/** The environment without some variables. */
function environmentWithout(names: readonly string[]): Record<string, string> {
  const hidden = new Set(names);
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => !hidden.has(name)),
  );
}

/** Copies a stream to standard error. */
async function copyToError(stream: ReadableStream<Uint8Array>): Promise<void> {
  for await (const part of stream) {
    let written = 0;
    try {
      while (written < part.length) written += Deno.stderr.writeSync(part.subarray(written));
    } catch {
      // Nobody reads the child's output any more; the child ran all the same and must be reported.
    }
  }
}

/** Runs a command with this process's own streams. */
async function inherit(request: InheritRequest): Promise<number> {
  const child = spawn(request.command, {
    args: [...request.args],
    cwd: request.cwd,
    env: environmentWithout(request.withoutVariables),
    clearEnv: true,
    stdin: "inherit",
    stdout: request.outputToError ? "piped" : "inherit",
    stderr: "inherit",
  });
  if (request.outputToError) await copyToError(child.stdout);
  return (await child.status).code;
}

/** Processes of the host. */
export const denoProcesses: Processes = { run, inherit };
