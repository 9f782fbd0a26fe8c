import { EXIT } from "../base/error_map.ts";
import { verifyRunpack } from "../runpack/verify_runpack.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import {
  findRunpack,
  namedRunpack,
  readRunpackFile,
  runpackNeeds,
} from "./flags/runpack_source.ts";
import {
  readVerifyPolicy,
  strictnessFlags,
  trustAnchorLines,
  trustAnchors,
  trustFlags,
  trustNeeds,
} from "./flags/trust_flags.ts";
import { failureLines, reportFailure, reportJson, reportWarnings } from "./render/verify_report.ts";

/** `gait verify` (spec 01 §11.2; divergences E1–E4, E6, E12, C7). */
export const command: Command = {
  spec: {
    path: ["verify"],
    summary: "check a runpack: members, digests, records, signatures",
    explain: "verify checks that a runpack is complete, unchanged, and signed by a key you trust",
    usage: "<run_id|path>",
    positionals: { min: 1, max: 1 },
    expected: "expected <run_id|path>",
    flags: [...strictnessFlags, ...trustFlags],
    examples: ["gait verify run_demo", "gait verify ./pack.zip --profile strict --trust ./trust"],
    permissions: (args) => [...runpackNeeds(args.positionals), ...trustNeeds(args)],
  },
  async run({ args, ports, warn }: CommandContext): Promise<CommandResult> {
    const policy = await readVerifyPolicy(args, ports);
    const source = await findRunpack(namedRunpack(args), ports);
    const bytes = await readRunpackFile(source, ports);
    const expected = source.runId === undefined ? {} : { expectedRunId: source.runId };
    const report = await verifyRunpack(bytes, { ...policy, ...expected }, ports);
    for (const warning of reportWarnings(report)) warn(warning);
    const anchors = trustAnchorLines(policy.keys);
    return {
      exit: report.ok ? EXIT.ok : EXIT.verification,
      json: {
        ...reportFailure(report),
        ...reportJson(report, source.path),
        trust_anchors: trustAnchors(policy.keys),
      },
      text: report.ok
        ? [`verify ok: ${source.path}`, `signature status: ${report.signatureStatus}`, ...anchors]
        : [`verify failed: ${source.path}`, ...failureLines(report), ...anchors],
      tone: report.ok ? "good" : "bad",
    };
  },
};
