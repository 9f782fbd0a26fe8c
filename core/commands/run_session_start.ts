import { trim } from "../base/text_rules.ts";
import { startSession } from "../journal/start_session.ts";
import {
  JOURNAL_FLAG,
  repairMembers,
  requireFlags,
  SESSION_NEEDS,
  statusLines,
  statusMembers,
  warnRepairs,
  withJournal,
} from "./flags/session_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** `gait run session start` (spec 03 §2.2). */
export const command: Command = {
  spec: {
    path: ["run", "session", "start"],
    summary: "start a session, or find it started",
    explain: "run session start creates the journal of a session; an existing one stays as it is",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      JOURNAL_FLAG,
      { name: "session-id", kind: "string", value: "id", summary: "id of the session" },
      { name: "run-id", kind: "string", value: "id", summary: "id of the run: run_…" },
    ],
    failureMembers: { operation: "start" },
    permissions: () => SESSION_NEEDS,
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    requireFlags(context, ["journal", "session-id", "run-id"]);
    const identity = {
      session_id: trim(args.text("session-id")),
      run_id: trim(args.text("run-id")),
    };
    return await withJournal(context, async (journal) => {
      const status = await startSession(journal.path, identity, ports);
      warnRepairs(context, status);
      return {
        exit: 0,
        json: {
          ok: true,
          operation: "start",
          journal: journal.given,
          status: statusMembers(status),
          journal_sha256: status.journalSha256,
          repairs: repairMembers(status.repairs),
        },
        text: statusLines("start", status, journal),
        tone: "good",
      };
    });
  },
};
