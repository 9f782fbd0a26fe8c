/**
 * Failures of commands that read a runpack as input. Their exit code for a pack that does not hold is that of
 * bad input, 6, as in the reference; the code tells what is wrong (divergence E2).
 *
 * @module
 */

import { ERROR_MAP, EXIT } from "../../base/error_map.ts";
import { type GaitError, toGaitError } from "../../base/errors.ts";
import type { CommandResult } from "../frame/command.ts";
import { failureMembers } from "../frame/render.ts";

/** How a failure is reported. */
export interface FailureForm {
  /** Name of the command in front of the message. */
  readonly name: string;
  /** Members that the output has besides. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Exit code instead of the one that the category gives. */
  readonly exit?: number;
}

/** A failure as a result, so that it can carry further members and another exit code. */
export function failureResult(error: GaitError, form: FailureForm): CommandResult {
  return {
    exit: form.exit ?? ERROR_MAP[error.category].exit,
    json: { ...form.members, ...failureMembers(error), ok: false },
    text: [],
    errorText: [`${form.name} error: ${error.located}`, `hint: ${error.hint}`],
  };
}

/** The answer to a pack that cannot be used. */
export function unusablePack(thrown: unknown, form: FailureForm): CommandResult {
  const error = toGaitError(thrown);
  const exit = error.category === "verification_failed" ? { exit: EXIT.usage } : {};
  return failureResult(error, { ...exit, ...form });
}
