import { GaitError } from "../base/errors.ts";
import { type RepairAction, type RepairOutcome, repairSession } from "../journal/repair_session.ts";
import {
  JOURNAL_FLAG,
  requireFlags,
  SESSION_NEEDS,
  shown,
  withJournal,
} from "./flags/session_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** An action as JSON. */
function actionMembers(action: RepairAction): Record<string, unknown> {
  return {
    kind: action.kind,
    message: action.message,
    ...(action.firstBadSequence !== undefined && { first_bad_sequence: action.firstBadSequence }),
    ...(action.lastBadSequence !== undefined && { last_bad_sequence: action.lastBadSequence }),
    ...(action.bytes !== undefined && { bytes: action.bytes }),
    ...(action.line !== undefined && { journal_line: action.line }),
  };
}

/** Lines for people. */
function lines(outcome: RepairOutcome, journal: string): string[] {
  const { actions, applied, backupPath } = outcome;
  const what = actions.length === 0 ? "nothing to do" : applied ? "done" : "planned";
  return [
    `session repair: ${what} events=${outcome.eventCount} last_sequence=${outcome.lastSequence}`,
    `journal: ${shown(journal)}`,
    ...actions.map(({ kind, message }) => `${kind}: ${shown(message)}`),
    ...(backupPath === "" ? [] : [`backup: ${shown(backupPath)}`]),
    ...(actions.length === 0 || applied ? [] : ["nothing was changed; add --apply to do this"]),
  ];
}

/** `gait run session repair` (divergences S1, S2). */
export const command: Command = {
  spec: {
    path: ["run", "session", "repair"],
    summary: "show what is wrong with a session, and mend it with --apply",
    explain: "run session repair says what a repair would lose; --apply does it and keeps a copy",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      JOURNAL_FLAG,
      { name: "dry-run", kind: "boolean", summary: "only say what would happen (the default)" },
      { name: "apply", kind: "boolean", summary: "mend it" },
    ],
    failureMembers: { operation: "repair" },
    permissions: () => SESSION_NEEDS,
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    requireFlags(context, ["journal"]);
    if (args.flag("dry-run") && args.flag("apply")) {
      throw new GaitError("usage", "--dry-run contradicts --apply");
    }
    return await withJournal(context, async (journal) => {
      const outcome = await repairSession({
        journal: journal.path,
        apply: args.flag("apply"),
        progress: context.progress,
      }, ports);
      return {
        exit: 0,
        json: {
          ok: true,
          operation: "repair",
          journal: journal.given,
          repair: {
            applied: outcome.applied,
            actions: outcome.actions.map(actionMembers),
            backup_path: outcome.backupPath,
            event_count: outcome.eventCount,
            last_sequence: outcome.lastSequence,
          },
        },
        text: lines(outcome, journal.given),
        tone: outcome.actions.length === 0 ? "good" : "attention",
      };
    });
  },
};
