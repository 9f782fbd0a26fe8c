/**
 * All ports of the host in one record.
 *
 * @module
 */

import type { Bytes } from "../core/base/bytes.ts";
import { GaitError } from "../core/base/errors.ts";
import { sortedSet } from "../core/base/text_rules.ts";
import { webDigester } from "../core/digest/web_digester.ts";
import type { Ports } from "../core/ports/ports.ts";
import { webEd25519 } from "../core/sign/web_ed25519.ts";
import { denoAppends } from "./deno_append.ts";
import { denoClock } from "./deno_clock.ts";
import { denoFiles } from "./deno_files.ts";
import { denoLocks } from "./deno_locks.ts";
import { denoProcesses } from "./deno_process.ts";
import { denoSandbox } from "./deno_sandbox.ts";
import { denoSockets } from "./deno_sockets.ts";
import { denoTerminal } from "./deno_terminal.ts";
import { flagHint } from "./flag_hint.ts";

/** Value of a variable. */
function readVariable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new GaitError("permission_missing", `Cannot read the variable ${name}: not permitted`, {
      cause: error,
      hint: flagHint(`--allow-env=${name}`),
    });
  }
}

/** Names of all variables; none when listing them is not permitted. */
function variableNames(): string[] {
  try {
    return sortedSet(Object.keys(Deno.env.toObject()));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return [];
    throw error;
  }
}

/**
 * Ports over Deno and WebCrypto.
 *
 * @param version Version of this build.
 */
export function denoPorts(version: string): Ports {
  return {
    appends: denoAppends,
    clock: denoClock,
    digester: webDigester,
    ed25519: webEd25519,
    env: { get: readVariable, names: variableNames },
    files: denoFiles,
    locks: denoLocks,
    processes: denoProcesses,
    random: { bytes: (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length)) },
    sandbox: denoSandbox,
    sockets: denoSockets,
    terminal: denoTerminal,
    platform: Deno.build.os,
    architecture: Deno.build.arch === "x86_64" ? "amd64" : "arm64",
    version,
  };
}
