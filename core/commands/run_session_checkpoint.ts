import { trim } from "../base/text_rules.ts";
import { type CompactThreshold, isAbove, parseThreshold } from "../journal/auto_compact.ts";
import { type CheckpointOutcome, checkpointSession } from "../journal/checkpoint_session.ts";
import { compactSession } from "../journal/compact_session.ts";
import { orderedCheckpoint } from "../session/records.ts";
import { sessionPath } from "../session/session_paths.ts";
import { compactionMembers } from "./flags/compaction.ts";
import {
  PACK_SIGNING_FLAGS,
  packSigner,
  packSigningNeeds,
  writeDevPublicKey,
} from "./flags/pack_signing.ts";
import {
  JOURNAL_FLAG,
  type JournalArgument,
  repairMembers,
  requireFlags,
  SESSION_NEEDS,
  shown,
  warnRepairs,
  withJournal,
} from "./flags/session_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** Compacts when the journal is above the threshold. */
async function compactAbove(
  threshold: CompactThreshold | undefined,
  outcome: CheckpointOutcome,
  journal: JournalArgument,
  context: CommandContext,
): Promise<Record<string, unknown> | undefined> {
  const size = { events: outcome.tip.eventCount, bytes: outcome.journalSize };
  if (threshold === undefined || !isAbove(threshold, size)) return undefined;
  const done = await compactSession({ journal: journal.path, dryRun: false }, context.ports);
  return compactionMembers(done, journal);
}

/** Tells that events are left over. */
function warnRemaining(outcome: CheckpointOutcome, context: CommandContext): void {
  const { remainingEvents } = outcome;
  if (remainingEvents === 0) return;
  context.warn({
    code: "session_events_remaining",
    message: `${remainingEvents} events did not fit into one runpack; write another checkpoint`,
    severity: "warning",
  });
}

/** Seals and answers. */
async function run(context: CommandContext): Promise<CommandResult> {
  const { args, ports } = context;
  requireFlags(context, ["journal", "out"]);
  const above = trim(args.text("auto-compact-above"));
  const threshold = above === "" ? undefined : parseThreshold(above);
  return await withJournal(context, async (journal) => {
    const out = sessionPath(args.text("out"), "out");
    const chainOut = trim(args.text("chain-out"));
    const key = await packSigner(context);
    const outcome = await checkpointSession({
      journal: journal.path,
      out,
      ...(chainOut !== "" && { chainOut: sessionPath(chainOut, "chain-out") }),
      signer: key?.signer,
      progress: context.progress,
    }, ports);
    await writeDevPublicKey(out, key, context);
    warnRepairs(context, outcome);
    warnRemaining(outcome, context);
    const { checkpoint, chainPath } = outcome;
    return {
      exit: 0,
      json: {
        ok: true,
        operation: "checkpoint",
        journal: journal.given,
        checkpoint: orderedCheckpoint(checkpoint),
        chain_path: chainPath,
        head: checkpoint.checkpoint_digest,
        key_id: key?.signer.keyId,
        remaining_events: outcome.remainingEvents,
        compaction: await compactAbove(threshold, outcome, journal, context),
        repairs: repairMembers(outcome.repairs),
      },
      text: [
        `session checkpoint: index=${checkpoint.checkpoint_index} ` +
        `runpack=${shown(checkpoint.runpack_path)} ` +
        `range=${checkpoint.sequence_start}..${checkpoint.sequence_end}`,
        `session chain: ${shown(chainPath)}`,
        `head: ${checkpoint.checkpoint_digest}`,
      ],
      tone: "good",
    };
  });
}

/** `gait run session checkpoint` (spec 03 §2.5). */
export const command: Command = {
  spec: {
    path: ["run", "session", "checkpoint"],
    summary: "seal the new events of a session into a runpack",
    explain: "run session checkpoint writes a runpack of the new events and links it to the chain",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      JOURNAL_FLAG,
      { name: "out", kind: "string", value: "path", summary: "runpack to write" },
      { name: "chain-out", kind: "string", value: "path", summary: "further copy of the chain" },
      {
        name: "auto-compact-above",
        kind: "string",
        value: "n|size",
        summary: "compact afterwards when the journal has more events, or bytes (64MiB)",
      },
      ...PACK_SIGNING_FLAGS,
    ],
    failureMembers: { operation: "checkpoint" },
    permissions: (args) => [...SESSION_NEEDS, ...packSigningNeeds(args)],
  },
  run,
};
