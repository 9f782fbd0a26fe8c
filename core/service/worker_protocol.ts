/**
 * What the parent and the worker of an isolated service say to each other (design §5). Only plain data
 * crosses, and the worker can name no command: it asks for the one that the configuration fixed.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { PlainError } from "../base/plain_error.ts";
import type { CommandRequest, CommandResult } from "../ports/process.ts";
import type { ServiceConfig, ServiceWarning } from "../ports/service.ts";
import { keyVariables } from "./key_variables.ts";

/** What a started service tells. */
export interface StartedFacts {
  readonly listen: string;
  readonly adapter: string;
  readonly profile: string;
  readonly policyDigest: string;
  readonly warnings: readonly ServiceWarning[];
}

/** From the parent. */
export type ToWorker =
  | { readonly kind: "start"; readonly config: ServiceConfig; readonly version: string }
  | { readonly kind: "signal"; readonly name: "SIGTERM" | "SIGHUP" }
  /** The policy file may have changed: the parent watches it for the worker. */
  | { readonly kind: "watched" }
  | { readonly kind: "ran"; readonly id: number; readonly result: CommandResult }
  | { readonly kind: "failed"; readonly id: number; readonly error: PlainError };

/** From the worker. */
export type FromWorker =
  | { readonly kind: "started"; readonly facts: StartedFacts }
  | { readonly kind: "refused"; readonly error: PlainError }
  | { readonly kind: "ended" }
  | { readonly kind: "run"; readonly id: number; readonly request: CommandRequest };

/** Whether two lists are the same. */
function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** What of a request is the worker's own. */
function inputOf({ stdin }: CommandRequest): Pick<CommandRequest, "stdin"> {
  return stdin === undefined ? {} : { stdin };
}

/**
 * The command that a request stands for: one of those that the configuration fixed. Only its input is the
 * worker's own. With variables of its choice it could make any command run its code, and with limits of its
 * choice take the parent's memory.
 *
 * @throws GaitError `permission_missing` for every other command
 */
export function fixedCommand(request: CommandRequest, config: ServiceConfig): CommandRequest {
  const { broker, signing } = config;
  const asksFor = (command: string, args: readonly string[]) =>
    command !== "" && command === request.command && same(args, request.args);
  if (asksFor(broker.command, broker.commandArgs)) {
    return {
      command: broker.command,
      args: broker.commandArgs,
      ...inputOf(request),
      blankVariables: keyVariables(config).filter((name) => !/[=\0]/.test(name)),
      timeoutMs: LIMITS.brokerTimeoutMs,
      maxOutputBytes: LIMITS.brokerOutputBytes,
    };
  }
  if (asksFor(signing.signerCommand, signing.signerArgs)) {
    return {
      command: signing.signerCommand,
      args: signing.signerArgs,
      ...inputOf(request),
      timeoutMs: LIMITS.signerTimeoutMs,
      maxOutputBytes: LIMITS.signerOutputBytes,
    };
  }
  throw new GaitError("permission_missing", "Cannot run a command that is not configured");
}
