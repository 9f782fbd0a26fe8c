/**
 * All ports of the host in one record.
 *
 * @module
 */

import type { Bytes } from "../../core/base/bytes.ts";
import { sortedSet } from "../../core/base/text_rules.ts";
import type { Ports } from "../../core/ports/ports.ts";
import { nativeCrypto } from "../native_crypto.ts";
import { nodeAppends } from "./append.ts";
import { nodeClock } from "./clock.ts";
import { nodeFiles } from "./files.ts";
import { nodeLocks } from "./locks.ts";
import { nodeProcesses } from "./process.ts";
import { nodeSandbox } from "./sandbox.ts";
import { nodeSockets } from "./sockets.ts";
import { nodeTerminal } from "./terminal.ts";
import { cryptoLibrary, process } from "./_process.ts";

/** Operating system in the naming of our records. */
function platformName(): string {
  return process.platform === "win32" ? "windows" : process.platform;
}

/** Value of a variable. */
function readVariable(name: string): string | undefined {
  // The object has a prototype, so names such as `constructor` find something that is no variable.
  const value: unknown = process.env[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * Ports over Node and its native crypto.
 *
 * @param version Version of this build.
 */
export async function nodePorts(version: string): Promise<Ports> {
  const library = await cryptoLibrary();
  const { digester, ed25519 } = nativeCrypto(library);
  return {
    appends: nodeAppends,
    clock: nodeClock,
    digester,
    ed25519,
    env: { get: readVariable, names: () => sortedSet(Object.keys(process.env)) },
    files: nodeFiles,
    locks: nodeLocks,
    processes: nodeProcesses,
    random: { bytes: (length: number): Bytes => library.randomFillSync(new Uint8Array(length)) },
    sandbox: nodeSandbox,
    sockets: nodeSockets,
    terminal: nodeTerminal,
    platform: platformName(),
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    version,
  };
}
