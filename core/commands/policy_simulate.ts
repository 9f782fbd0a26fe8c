import { GaitError } from "../base/errors.ts";
import { findFixtures } from "../enforce/fixtures.ts";
import { loadPolicy } from "../enforce/loaded_policy.ts";
import { comparePolicies, type PolicyComparison } from "../enforce/compare_policies.ts";
import { INPUT_NEED } from "./flags/needs.ts";
import type { Command, CommandContext, CommandResult } from "./frame/command.ts";

/** A required flag. */
function required(context: CommandContext, name: string, message: string): string {
  const value = context.args.text(name);
  if (value.trim() === "") throw new GaitError("usage", message);
  return value;
}

/** Lines for people. */
function lines(result: PolicyComparison): string[] {
  return result.changed.map((change) =>
    `${change.fixture_path}: ${change.baseline_verdict} -> ${change.candidate_verdict} ` +
    `(${change.baseline_matched_rule ?? "default"} -> ${
      change.candidate_matched_rule ?? "default"
    })`
  );
}

/** `gait policy simulate` (spec 02 §15.5). */
export const command: Command = {
  spec: {
    path: ["policy", "simulate"],
    summary: "compare two policies over a set of fixtures",
    explain: "policy simulate shows which fixtures a candidate policy would decide differently",
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: [
      { name: "policy", kind: "string", value: "path", summary: "candidate policy" },
      { name: "baseline", kind: "string", value: "path", summary: "policy in force" },
      { name: "fixtures", kind: "string", value: "csv", summary: "intent files and folders" },
    ],
    examples: ["gait policy simulate --policy new.yaml --baseline old.yaml --fixtures fixtures"],
    permissions: () => [INPUT_NEED],
  },
  async run(context: CommandContext): Promise<CommandResult> {
    const { ports } = context;
    const candidate = required(
      context,
      "policy",
      "Missing required --policy <candidate_policy.yaml>",
    );
    const baseline = required(
      context,
      "baseline",
      "Missing required --baseline <baseline_policy.yaml>",
    );
    const listed = required(context, "fixtures", "Missing required --fixtures <csv files/dirs>");
    const policies = {
      baseline: await loadPolicy(baseline, ports),
      candidate: await loadPolicy(candidate, ports),
    };
    const fixtures = await findFixtures(listed.split(","), ports.files);
    const result = await comparePolicies(policies, fixtures, {
      ports,
      progress: (done) => context.progress(done, fixtures.length),
    });
    if (result.relaxed > 0) {
      context.warn({
        code: "policy_relaxed",
        message: `the candidate is less strict for ${result.relaxed} fixtures`,
        severity: "warning",
      });
    }
    const summary = `policy simulate fixtures=${fixtures.length} ` +
      `changed=${result.changed.length} recommendation=${result.recommendation}`;
    return {
      exit: 0,
      json: {
        ok: true,
        baseline_policy_digest: policies.baseline.digest,
        candidate_policy_digest: policies.candidate.digest,
        fixtures_total: fixtures.length,
        changed_fixtures: result.changed.length,
        baseline_verdicts: result.baselineVerdicts,
        candidate_verdicts: result.candidateVerdicts,
        recommendation: result.recommendation,
        relaxed_fixtures: result.relaxed,
        summary,
        changed: result.changed,
      },
      text: [summary, ...lines(result)],
    };
  },
};
