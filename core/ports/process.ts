/** Child processes as a port. */

import type { Bytes } from "../base/bytes.ts";

/** A command to run to its end with captured output. */
export interface CommandRequest {
  /** Absolute path, or a name that is looked up in `PATH`. */
  readonly command: string;
  /** Arguments, passed as they are; no shell is involved. */
  readonly args: readonly string[];
  /** Bytes for standard input. */
  readonly stdin?: Uint8Array;
  /** Variables of the child, instead of those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables that hold secrets of ours: the child sees them empty. */
  readonly blankVariables?: readonly string[];
  /** Time limit, ms; then the whole process group is killed. */
  readonly timeoutMs: number;
  /** Limit for standard output and for standard error, bytes each; then the process group is killed. */
  readonly maxOutputBytes: number;
}

/** How a captured command ended. */
export interface CommandResult {
  /** Exit code; 128 + signal number when a signal ended it. */
  readonly exitCode: number;
  /** Standard output. */
  readonly stdout: Bytes;
  /** Standard error. */
  readonly stderr: Bytes;
  /** Why gait ended it, if it did. */
  readonly ended: "itself" | "timeout" | "output_limit";
}

/** A command that takes over this process's streams. */
export interface InheritRequest {
  /** Absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Variables that the child must not see. */
  readonly withoutVariables: readonly string[];
  /** Sends the child's standard output to standard error, where standard output holds our own JSON. */
  readonly outputToError: boolean;
}

/** Running programs. */
export interface Processes {
  /** Runs a command with captured output. @throws GaitError `dependency_missing`, `permission_missing` */
  run(request: CommandRequest): Promise<CommandResult>;
  /** Runs a command with this process's own streams and waits; returns its exit code. */
  inherit(request: InheritRequest): Promise<number>;
}
