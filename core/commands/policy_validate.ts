import { lintPolicy } from "../policy/lint.ts";
import { loadPolicy } from "../enforce/loaded_policy.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";
import { INPUT_NEED } from "./flags/needs.ts";

/** `gait policy validate` (spec 02 §15.2). */
export const command: Command = {
  spec: {
    path: ["policy", "validate"],
    summary: "check a policy and report weak spots",
    explain:
      "policy validate reads a policy strictly, prints its digest and warns about weak rules",
    usage: "<policy>",
    positionals: { min: 1, max: 1 },
    expected: "Expected <policy.yaml>",
    flags: [],
    examples: ["gait policy validate gait.policy.yaml"],
    permissions: () => [INPUT_NEED],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const path = context.args.positionals[0] as string;
    const { parsed: { policy, warnings }, digest } = await loadPolicy(path, context.ports);
    for (const warning of [...warnings, ...lintPolicy(policy)]) {
      context.warn({ ...warning, severity: "warning" });
    }
    const count = policy.rules.length;
    const summary = `policy validate ok: default=${policy.default_verdict} rules=${count} ` +
      `digest=${digest}`;
    return {
      exit: 0,
      json: {
        ok: true,
        schema_id: policy.schema_id,
        schema_version: policy.schema_version,
        policy_digest: digest,
        default_verdict: policy.default_verdict,
        rule_count: count,
        summary,
      },
      text: [summary],
      tone: "good",
    };
  },
};
