import { trim } from "../base/text_rules.ts";
import { compactSession } from "../journal/compact_session.ts";
import { sessionPath } from "../session/session_paths.ts";
import { compactionMembers } from "./flags/compaction.ts";
import {
  JOURNAL_FLAG,
  repairMembers,
  requireFlags,
  SESSION_NEEDS,
  shown,
  warnRepairs,
  withJournal,
} from "./flags/session_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** `gait run session compact` (spec 03 §2.6). */
export const command: Command = {
  spec: {
    path: ["run", "session", "compact"],
    summary: "drop events that verified checkpoints hold",
    explain: "run session compact drops sealed events after verifying the runpacks that hold them",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      JOURNAL_FLAG,
      { name: "out", kind: "string", value: "path", summary: "write there, leave the journal" },
      { name: "dry-run", kind: "boolean", summary: "only say what would happen" },
    ],
    failureMembers: { operation: "compact" },
    permissions: () => SESSION_NEEDS,
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    requireFlags(context, ["journal"]);
    return await withJournal(context, async (journal) => {
      const out = trim(args.text("out"));
      const outcome = await compactSession({
        journal: journal.path,
        ...(out !== "" && { out: sessionPath(out, "out") }),
        dryRun: args.flag("dry-run"),
        progress: context.progress,
      }, ports);
      warnRepairs(context, outcome);
      return {
        exit: 0,
        json: {
          ok: true,
          operation: "compact",
          journal: journal.given,
          compaction: compactionMembers(outcome, journal),
          repairs: repairMembers(outcome.repairs),
        },
        text: [
          `session compact: compacted=${outcome.compacted} dry_run=${outcome.dryRun} ` +
          `events=${outcome.eventsBefore}->${outcome.eventsAfter} ` +
          `checkpoints=${outcome.checkpoints} bytes=${outcome.bytesBefore}->${outcome.bytesAfter}`,
          `journal: ${shown(journal.given)}`,
          `output: ${shown(outcome.outputPath)}`,
        ],
        tone: "good",
      };
    });
  },
};
