/** All ports in memory: deterministic, observable, without any authority. */

import type { Bytes } from "../../core/base/bytes.ts";
import { GaitError } from "../../core/base/errors.ts";
import { webDigester } from "../../core/digest/web_digester.ts";
import { memoryLocks } from "./memory_locks.ts";
import type { Ports } from "../../core/ports/ports.ts";
import type { CommandRequest, CommandResult, InheritRequest } from "../../core/ports/process.ts";
import type { PermissionNeed } from "../../core/ports/sandbox.ts";
import { webEd25519 } from "../../core/sign/web_ed25519.ts";
import { memoryAppends } from "./memory_appends.ts";
import { MemoryFiles } from "./memory_files.ts";

/** What a test may set and look at. */
export interface MemoryWorld {
  readonly ports: Ports;
  readonly files: MemoryFiles;
  readonly env: Map<string, string>;
  readonly stdout: string[];
  readonly stderr: string[];
  readonly dropped: PermissionNeed["kind"][];
  readonly commands: CommandRequest[];
  readonly inherited: InheritRequest[];
  /** Answer of the next captured commands. */
  onCommand: (request: CommandRequest) => Partial<CommandResult>;
  /** Exit code of commands that inherit the streams. */
  inheritExit: number;
  /** Wall clock, ns since the epoch; every reading advances it by 1 µs. */
  now: bigint;
  /** Standard input. */
  stdin: string;
  terminal: boolean;
}

/** 2026-02-06T00:00:00Z. */
const START = 1_770_336_000_000_000_000n;

/** Makes a world. */
export function memoryWorld(cwd = "/work"): MemoryWorld {
  const files = new MemoryFiles(cwd);
  const env = new Map<string, string>();
  let counter = 0;
  const world: MemoryWorld = {
    files,
    env,
    stdout: [],
    stderr: [],
    dropped: [],
    commands: [],
    inherited: [],
    onCommand: () => ({}),
    inheritExit: 0,
    now: START,
    stdin: "",
    terminal: false,
    ports: {
      appends: memoryAppends(files),
      clock: {
        now: () => world.now += 1000n,
        monotonic: () => Number(world.now - START) / 1e6,
        sleep: () => Promise.resolve(),
      },
      digester: webDigester,
      ed25519: webEd25519,
      env: { get: (name) => env.get(name), names: () => [...env.keys()].sort() },
      files,
      locks: memoryLocks(() => world.now += 1000n),
      processes: {
        run(request) {
          world.commands.push(request);
          const empty = new Uint8Array();
          const result: CommandResult = {
            exitCode: 0,
            stdout: empty,
            stderr: empty,
            ended: "itself",
          };
          return Promise.resolve({ ...result, ...world.onCommand(request) });
        },
        inherit(request) {
          world.inherited.push(request);
          return Promise.resolve(world.inheritExit);
        },
      },
      random: {
        bytes(length): Bytes {
          return Uint8Array.from({ length }, () => (counter = (counter * 167 + 13) % 251));
        },
      },
      sandbox: {
        enforced: false,
        query: () => Promise.resolve("granted"),
        drop(kind) {
          world.dropped.push(kind);
          return Promise.resolve();
        },
      },
      sockets: {
        connectUnix: (path) =>
          Promise.reject(new GaitError("dependency_missing", `Cannot connect to ${path}`)),
      },
      terminal: {
        out: (text) => void world.stdout.push(text),
        err: (text) => void world.stderr.push(text),
        get outIsTerminal() {
          return world.terminal;
        },
        get errIsTerminal() {
          return world.terminal;
        },
        readInput: () => Promise.resolve(new TextEncoder().encode(world.stdin)),
        inputChunks: () => new Blob([world.stdin]).stream(),
      },
      platform: "linux",
      architecture: "amd64",
      version: "0.0.0-dev",
    },
  };
  return world;
}
