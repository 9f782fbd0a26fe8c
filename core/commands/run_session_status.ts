import { sessionStatus } from "../journal/session_status.ts";
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

/** `gait run session status` (spec 03 §2.4). */
export const command: Command = {
  spec: {
    path: ["run", "session", "status"],
    summary: "show where a session stands",
    explain: "run session status shows the counters of a session; the journal is not written",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [JOURNAL_FLAG],
    failureMembers: { operation: "status" },
    permissions: () => SESSION_NEEDS,
  },
  async run(context: CommandContext): Promise<CommandResult> {
    requireFlags(context, ["journal"]);
    return await withJournal(context, async (journal) => {
      const status = await sessionStatus(journal.path, context.ports);
      warnRepairs(context, status);
      return {
        exit: 0,
        json: {
          ok: true,
          operation: "status",
          journal: journal.given,
          status: statusMembers(status),
          head: status.tip.lastCheckpointDigest,
          journal_sha256: status.journalSha256,
          journal_size_bytes: status.journalSize,
          repairs: repairMembers(status.repairs),
        },
        text: statusLines("status", status, journal),
        tone: "good",
      };
    });
  },
};
