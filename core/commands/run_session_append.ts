import { GaitError } from "../base/errors.ts";
import { lower, trim, uniqueSorted } from "../base/text_rules.ts";
import { type EventInput, sessionAppender } from "../journal/append_events.ts";
import type { SessionEvent } from "../session/records.ts";
import {
  JOURNAL_FLAG,
  repairMembers,
  requireFlags,
  SESSION_NEEDS,
  shown,
  warnRepairs,
  withJournal,
} from "./flags/session_flags.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";

const VERDICTS = ["allow", "block", "dry_run", "require_approval"] as const;

/** Flags whose text goes into the event as it is, trimmed. */
const TEXTS = [
  ["intent-id", "intent_id", "id of the intent"],
  ["trace-id", "trace_id", "id of the decision's trace"],
  ["trace-path", "trace_path", "path of the decision's trace"],
] as const;
const DIGESTS = [
  ["intent-digest", "intent_digest", "digest of the intent, 64 hex digits"],
  ["policy-digest", "policy_digest", "digest of the policy, 64 hex digits"],
] as const;
const LISTS = [
  ["reason-codes", "reason_codes", "reason codes, separated by commas"],
  ["violations", "violations", "violations, separated by commas"],
] as const;

/** The verdict. @throws GaitError `unsupported_value` */
function verdictOf(args: Arguments): string {
  const verdict = lower(trim(args.text("verdict")));
  if (VERDICTS.some((known) => known === verdict)) return verdict;
  throw new GaitError("unsupported_value", `Unsupported --verdict ${JSON.stringify(verdict)}`, {
    hint: `use ${VERDICTS.join(", ")}`,
  });
}

/** A digest, lower-case. @throws GaitError `unsupported_value` */
function digestOf(args: Arguments, flag: string): string {
  const digest = lower(trim(args.text(flag)));
  if (digest === "" || /^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new GaitError("unsupported_value", `Unusable --${flag}: it is not 64 hex digits`);
}

/** The event that the flags describe. */
function eventInput(args: Arguments): EventInput {
  return Object.fromEntries([
    ["tool_name", trim(args.text("tool"))],
    ["verdict", verdictOf(args)],
    ...TEXTS.map(([flag, name]) => [name, trim(args.text(flag))]),
    ...DIGESTS.map(([flag, name]) => [name, digestOf(args, flag)]),
    ...LISTS.map(([flag, name]) => [name, uniqueSorted(args.text(flag).split(","))]),
  ]);
}

/** Lines for people. */
function lines(event: SessionEvent, journal: string): string[] {
  return [
    `session append: sequence=${event.sequence} tool=${shown(event.tool_name ?? "")} ` +
    `verdict=${event.verdict}`,
    `journal: ${shown(journal)}`,
  ];
}

/** `gait run session append` (spec 03 §2.3). */
export const command: Command = {
  spec: {
    path: ["run", "session", "append"],
    summary: "append a tool call to a session; durable when acknowledged",
    explain: "run session append writes one event, syncs it and then acknowledges it",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      JOURNAL_FLAG,
      { name: "tool", kind: "string", value: "name", summary: "name of the tool" },
      {
        name: "verdict",
        kind: "string",
        value: "verdict",
        summary: "what was decided about the call",
        choices: VERDICTS,
      },
      ...[...TEXTS, ...DIGESTS, ...LISTS].map(([name, , summary]) => ({
        name,
        kind: "string" as const,
        value: "text",
        summary,
      })),
    ],
    failureMembers: { operation: "append" },
    permissions: () => SESSION_NEEDS,
  },
  async run(context: CommandContext): Promise<CommandResult> {
    requireFlags(context, ["journal", "tool", "verdict"]);
    const input = eventInput(context.args);
    return await withJournal(context, async (journal) => {
      const appended = await sessionAppender(journal.path, context.ports).append(input);
      warnRepairs(context, appended);
      return {
        exit: 0,
        json: {
          ok: true,
          operation: "append",
          journal: journal.given,
          event: appended.event,
          journal_sha256: appended.journalSha256,
          repairs: repairMembers(appended.repairs),
        },
        text: lines(appended.event, journal.given),
        tone: "good",
      };
    });
  },
};
