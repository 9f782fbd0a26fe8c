/**
 * What the parent and the worker of an isolated service say to each other (design §5). Only plain data
 * crosses, and the worker can name no command: it asks for the one that the configuration fixed.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { PlainError } from "../base/plain_error.ts";
import type { CommandRequest, CommandResult } from "../ports/process.ts";
import type { ServiceConfig, ServiceWarning } from "../ports/service.ts";

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

/**
 * Refuses every command but those that the configuration fixed.
 *
 * @throws GaitError `permission_missing`
 */
export function checkCommand(request: CommandRequest, config: ServiceConfig): void {
  const { broker, signing } = config;
  const fixed = [
    [broker.command, broker.commandArgs],
    [signing.signerCommand, signing.signerArgs],
  ] as const;
  const isFixed = fixed.some(([command, args]) =>
    command !== "" && command === request.command && same(args, request.args)
  );
  if (isFixed) return;
  throw new GaitError("permission_missing", "Cannot run a command that is not configured");
}
