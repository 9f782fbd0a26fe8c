import { GaitError } from "../base/errors.ts";
import { trim } from "../base/text_rules.ts";
import { readAdoptionLog } from "../doctor/adoption_log.ts";
import { type AdoptionReport, adoptionReport } from "../doctor/adoption_report.ts";
import { COLOUR_NEED, INPUT_NEED } from "./flags/needs.ts";
import { shown } from "./flags/session_flags.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** Lines for people. */
function lines(report: AdoptionReport): string[] {
  const { total_events, success_events, failed_events, activation_complete } = report;
  return [
    `doctor adoption: events=${total_events} success=${success_events} failed=${failed_events} ` +
    `activation_complete=${activation_complete}`,
    ...report.milestones.map(({ name, achieved }) =>
      `milestone ${name}: ${achieved ? "achieved" : "missing"}`
    ),
    ...report.commands.map(({ command, total, failure }) =>
      `command ${shown(command)}: total=${total} failed=${failure}`
    ),
    ...(report.skill_workflows ?? []).map(({ workflow, total, failure, median_runtime_ms }) =>
      `workflow ${workflow}: total=${total} failed=${failure} median_ms=${median_runtime_ms}`
    ),
    ...(report.blockers ?? []),
  ];
}

/** `gait doctor adoption` (spec 05 §1.5). */
export const command: Command = {
  spec: {
    path: ["doctor", "adoption"],
    summary: "report how far an adoption has come",
    explain:
      "doctor adoption reads a local adoption log and reports milestones, times and failures",
    usage: "",
    positionals: { min: 0, max: 0 },
    expected: "unexpected positional arguments",
    flags: [{
      name: "from",
      kind: "string",
      value: "path",
      summary: "adoption log, one JSON event per line",
    }],
    codeIsCategory: true,
    examples: ["gait doctor adoption --from events.jsonl --help"],
    permissions: () => [INPUT_NEED, COLOUR_NEED],
  },
  async run({ args, ports }: CommandContext): Promise<CommandResult> {
    const source = trim(args.text("from"));
    if (source === "") throw new GaitError("usage", "missing required --from <path>");
    const events = await readAdoptionLog(source, ports.files);
    const report = adoptionReport(events, { source, version: ports.version });
    return {
      exit: 0,
      json: { ok: true, report },
      text: lines(report),
      tone: report.activation_complete ? "good" : "attention",
    };
  },
};
