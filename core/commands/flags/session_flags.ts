/**
 * What the session commands share: the journal, its permissions, and how repairs are told.
 *
 * @module
 */

import { GaitError, toGaitError } from "../../base/errors.ts";
import { printable } from "../../base/printable.ts";
import { trim } from "../../base/text_rules.ts";
import { SESSION_LOCK_VARIABLES } from "../../journal/lock_settings.ts";
import type { SessionRepair } from "../../journal/load_session.ts";
import type { SessionStatus } from "../../journal/session_status.ts";
import type { PermissionNeed } from "../../ports/sandbox.ts";
import { sessionPath } from "../../session/session_paths.ts";
import type { CommandContext, FlagSpec } from "../frame/command.ts";
import { INPUT_NEED, OUTPUT_NEED } from "./needs.ts";

/** Which journal. */
export const JOURNAL_FLAG: FlagSpec = {
  name: "journal",
  kind: "string",
  value: "path",
  summary: "journal of the session, for example ./gait-out/sessions/demo.journal.jsonl",
};

/** Permissions of every session command. */
export const SESSION_NEEDS: readonly PermissionNeed[] = [
  INPUT_NEED,
  OUTPUT_NEED,
  { kind: "env", values: SESSION_LOCK_VARIABLES, why: "waiting for the lock of a session" },
];

/** Longest text of a record that is shown to people. */
const SHOWN_LENGTH = 512;

/** A text of a record or path for people: nothing in it acts on a terminal. */
export function shown(text: string): string {
  return printable(text, SHOWN_LENGTH);
}

/**
 * Refuses a command line that lacks a flag.
 *
 * @throws GaitError `usage`
 */
export function requireFlags(context: CommandContext, names: readonly string[]): void {
  const missing = names.filter((name) => trim(context.args.text(name)) === "");
  if (missing.length === 0) return;
  const list = missing.map((name) => `--${name}`).join(", ");
  throw new GaitError("usage", `Missing ${list}`, {
    hint: `this command needs ${names.map((name) => `--${name}`).join(", ")}`,
  });
}

/** The journal of a command line. */
export interface JournalArgument {
  /** As given, trimmed: for output. */
  readonly given: string;
  /** Cleaned: for use. */
  readonly path: string;
}

/**
 * Runs the work of a session command; every failure names the journal.
 *
 * @throws GaitError what `work` throws, with `journal` in its details
 */
export async function withJournal<T>(
  context: CommandContext,
  work: (journal: JournalArgument) => Promise<T>,
): Promise<T> {
  const given = trim(context.args.text("journal"));
  try {
    return await work({ given, path: sessionPath(given, "journal") });
  } catch (thrown) {
    const error = toGaitError(thrown);
    throw new GaitError(error.code, error.message, {
      hint: error.hint,
      ...(error.place !== undefined && { place: error.place }),
      details: { ...error.details, journal: given },
      cause: error.cause ?? error,
    });
  }
}

/** Tells what was found and mended. A state that was only missing is not worth a warning. */
export function warnRepairs(
  context: CommandContext,
  found: { readonly repairs: readonly SessionRepair[]; readonly stateFailure?: string | undefined },
): void {
  for (const { kind, message } of found.repairs) {
    if (kind === "state_rebuilt") continue;
    context.warn({ code: `session_${kind}`, message, severity: "warning" });
  }
  if (found.stateFailure !== undefined) {
    context.warn({
      code: "session_state_not_written",
      message: `the journal is complete, its state could not be written: ${found.stateFailure}`,
      severity: "warning",
    });
  }
}

/** Repairs as JSON. */
export function repairMembers(repairs: readonly SessionRepair[]): Record<string, unknown>[] {
  return repairs.map(({ kind, bytes }) => ({ kind, ...(bytes !== undefined && { bytes }) }));
}

/** Status as JSON; counters are always there. */
export function statusMembers({ tip }: SessionStatus): Record<string, unknown> {
  return {
    session_id: tip.header.session_id,
    run_id: tip.header.run_id,
    created_at: tip.header.created_at,
    started_at: tip.header.started_at,
    event_count: tip.eventCount,
    checkpoint_count: tip.checkpointCount,
    last_sequence: tip.lastSequence,
  };
}

/** Status for people. */
export function statusLines(
  operation: string,
  status: SessionStatus,
  journal: JournalArgument,
): string[] {
  const { tip } = status;
  return [
    `session ${operation}: session_id=${shown(tip.header.session_id)} ` +
    `run_id=${shown(tip.header.run_id)} events=${tip.eventCount} ` +
    `checkpoints=${tip.checkpointCount} last_sequence=${tip.lastSequence}`,
    `journal: ${shown(journal.given)}`,
  ];
}
