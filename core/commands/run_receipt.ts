import { EXIT } from "../base/error_map.ts";
import { GaitError } from "../base/errors.ts";
import { formatTicketFooter, parseTicketFooter } from "../runpack/ticket_footer.ts";
import type { VerifyReport } from "../runpack/verify_report.ts";
import { verifyRunpack } from "../runpack/verify_runpack.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import {
  findRunpack,
  FROM_FLAG,
  namedRunpack,
  readRunpackFile,
  runpackNeeds,
} from "./flags/runpack_source.ts";
import { failureResult } from "./render/unusable_pack.ts";
import { reportFailure } from "./render/verify_report.ts";

/** Whether members differ from the manifest: then no footer is considered at all. */
function membersDiffer(report: VerifyReport): boolean {
  return report.missingFiles.length + report.hashMismatches.length > 0;
}

/** `gait run receipt` (spec 01 §9, §11.8). */
export const command: Command = {
  spec: {
    path: ["run", "receipt"],
    summary: "print the ticket footer of a runpack",
    explain: "run receipt checks a runpack and prints the line that names it in a ticket",
    usage: "<run_id|path>",
    positionals: { min: 0, max: 1 },
    expected: "expected <run_id|path>",
    flags: [FROM_FLAG],
    examples: ["gait run receipt run_demo"],
    permissions: (args) => runpackNeeds([...args.positionals, args.text("from")]),
  },
  async run({ args, ports }: CommandContext): Promise<CommandResult> {
    const source = await findRunpack(namedRunpack(args, "from"), ports);
    const report = await verifyRunpack(await readRunpackFile(source, ports), { keys: [] }, ports);
    const { runId, manifestDigest } = report;
    const footer = formatTicketFooter({ runId, manifestDigest });
    if (!membersDiffer(report) && parseTicketFooter(footer) === undefined) {
      const state = "run_id or manifest_digest does not have its form";
      const error = new GaitError("footer_invalid", `Cannot make a ticket footer: ${state}`);
      return failureResult(error, { name: "receipt" });
    }
    if (!report.ok) {
      const error = String(reportFailure(report).error);
      return {
        exit: EXIT.verification,
        json: { ...reportFailure(report), ok: false, path: source.path, findings: report.findings },
        text: [],
        errorText: [`receipt error: ${error}`],
      };
    }
    return {
      exit: EXIT.ok,
      json: {
        ok: true,
        run_id: runId,
        path: source.path,
        manifest_digest: manifestDigest,
        ticket_footer: footer,
      },
      text: [footer],
    };
  },
};
