import { EXIT } from "../base/error_map.ts";
import { GaitError } from "../base/errors.ts";
import { lower, trim } from "../base/text_rules.ts";
import { type ChainReport, verifyChain } from "../journal/verify_chain.ts";
import { sessionPath } from "../session/session_paths.ts";
import { INPUT_NEED } from "./flags/needs.ts";
import { shown } from "./flags/session_flags.ts";
import {
  readVerifyPolicy,
  strictnessFlags,
  trustAnchorLines,
  trustAnchors,
  trustFlags,
  trustNeeds,
  type VerifyPolicy,
} from "./flags/trust_flags.ts";
import type { Arguments, Command, CommandContext, CommandResult } from "./frame/command.ts";

/** The chain to verify. @throws GaitError `usage` */
function chainArgument(args: Arguments): string {
  const flag = trim(args.text("chain"));
  const count = args.positionals.length + (flag === "" ? 0 : 1);
  if (count === 1) return flag === "" ? trim(args.positionals[0] ?? "") : flag;
  throw new GaitError("usage", "Expected --chain <session_chain.json>");
}

/** The head that the chain must end with. @throws GaitError `unsupported_value` */
function headArgument(args: Arguments): string | undefined {
  if (!args.given("expect-head")) return undefined;
  const head = lower(trim(args.text("expect-head")));
  if (/^[0-9a-f]{64}$/.test(head)) return head;
  throw new GaitError("unsupported_value", "Unusable --expect-head: it is not 64 hex digits", {
    hint: "pass the head that run session checkpoint printed",
  });
}

/** The report as JSON. */
function reportJson(
  report: ChainReport,
  path: string,
  policy: VerifyPolicy,
): CommandResult["json"] {
  return {
    ok: report.ok,
    chain_path: path,
    session_id: report.chain.session_id,
    run_id: report.chain.run_id,
    checkpoints_checked: report.chain.checkpoints.length,
    linkage_errors: report.linkageErrors,
    checkpoint_errors: report.checkpointErrors,
    head: report.head,
    first_bad_sequence: report.firstBadSequence,
    trust_anchors: trustAnchors(policy.keys),
  };
}

/** The report for people. */
function reportText(report: ChainReport, path: string, policy: VerifyPolicy): string[] {
  const { chain } = report;
  if (report.ok) {
    return [
      `verify session-chain: ok (${shown(path)})`,
      `session=${shown(chain.session_id)} run=${shown(chain.run_id)} ` +
      `checkpoints=${chain.checkpoints.length}`,
      `head: ${shown(report.head)}`,
      ...trustAnchorLines(policy.keys),
    ];
  }
  const list = (name: string, errors: readonly string[]): string[] =>
    errors.length === 0 ? [] : [`${name}: ${errors.join("; ")}`];
  return [
    `verify session-chain failed: ${shown(path)}`,
    ...list("linkage errors", report.linkageErrors),
    ...list("checkpoint errors", report.checkpointErrors),
    ...(report.firstBadSequence === undefined
      ? []
      : [`first bad sequence: ${report.firstBadSequence}`]),
  ];
}

/** `gait verify session-chain` (spec 03 §6.2; divergences E9, S5). */
export const command: Command = {
  spec: {
    path: ["verify", "session-chain"],
    summary: "verify the checkpoints of a session and their runpacks",
    explain:
      "verify session-chain checks the links between checkpoints and every runpack they name",
    usage: "<session_chain.json>",
    positionals: { min: 0, max: 1 },
    flags: [
      { name: "chain", kind: "string", value: "path", summary: "chain file of the session" },
      {
        name: "expect-head",
        kind: "string",
        value: "digest",
        summary: "head that checkpoint printed; a chain that ends elsewhere was cut or went on",
      },
      ...strictnessFlags,
      ...trustFlags,
    ],
    permissions: (args) => [INPUT_NEED, ...trustNeeds(args)],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const path = sessionPath(chainArgument(args), "chain");
    const expectHead = headArgument(args);
    const policy = await readVerifyPolicy(args, ports);
    const report = await verifyChain({
      chain: path,
      policy: {
        keys: policy.keys,
        requireSignature: policy.strict || policy.requireSignature,
        allowUnsigned: policy.allowUnsigned,
      },
      ...(expectHead !== undefined && { expectHead }),
      progress: context.progress,
    }, ports);
    return {
      exit: report.ok ? EXIT.ok : EXIT.verification,
      json: reportJson(report, path, policy),
      text: reportText(report, path, policy),
      tone: report.ok ? "good" : "bad",
    };
  },
};
