import { EXIT } from "../base/error_map.ts";
import { evaluateOnly, type Evaluation } from "../enforce/evaluate_only.ts";
import { type LoadedPolicy, loadPolicy } from "../enforce/loaded_policy.ts";
import type { Verdict } from "../policy/policy.ts";
import { INPUT_NEED } from "./flags/needs.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { testFolder } from "./policy_test_folder.ts";
import { cutSummary } from "./render/summary.ts";

/** Exit codes of `policy test` (spec 02 §15.4). */
const EXIT_OF: Readonly<Record<Verdict, number>> = {
  allow: EXIT.ok,
  dry_run: EXIT.ok,
  block: EXIT.blocked,
  require_approval: EXIT.approval,
};

/** A list for the summary. */
function listed(codes: readonly string[]): string {
  return codes.length === 0 ? "none" : codes.join(",");
}

/** The result of one fixture. */
function single(policy: LoadedPolicy, evaluation: Evaluation): CommandResult {
  const { decision } = evaluation;
  const summary = cutSummary(
    `policy test verdict=${decision.verdict} reasons=${listed(decision.reason_codes)} ` +
      `violations=${listed(decision.violations)}`,
  );
  return {
    exit: EXIT_OF[decision.verdict],
    json: {
      ok: true,
      schema_id: "gait.policytest.result",
      schema_version: "1.0.0",
      created_at: evaluation.createdAt,
      policy_digest: policy.digest,
      intent_digest: evaluation.intentDigest,
      verdict: decision.verdict,
      reason_codes: decision.reason_codes,
      violations: decision.violations,
      matched_rule: decision.rule?.name,
      summary,
    },
    text: [summary],
    tone: decision.verdict === "allow" ? "good" : "attention",
  };
}

/** `gait policy test` (spec 02 §15.4). */
export const command: Command = {
  spec: {
    path: ["policy", "test"],
    summary: "evaluate one intent, or a folder of fixtures with coverage",
    explain: "policy test evaluates intents without any effect: no quota, token, broker or trace",
    usage: "<policy> <intent.json | folder>",
    positionals: { min: 2, max: 2 },
    expected: "Expected <policy.yaml> <intent_fixture.json>",
    flags: [],
    examples: [
      "gait policy test gait.policy.yaml intent.json",
      "gait policy test gait.policy.yaml fixtures/",
    ],
    permissions: () => [INPUT_NEED],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { args, ports } = context;
    const [policyPath, intentPath] = args.positionals as [string, string];
    const policy = await loadPolicy(policyPath, ports);
    const info = intentPath === "-" ? undefined : await ports.files.stat(intentPath);
    if (info?.kind === "directory") return await testFolder(policy, intentPath, context);
    return single(policy, await evaluateOnly(policy, intentPath, ports));
  },
};
