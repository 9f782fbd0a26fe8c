/**
 * `policy test` over a folder: every fixture, its expectation where one stands beside it, and the rules that
 * no fixture reaches.
 *
 * @module
 */

import { EXIT } from "../base/error_map.ts";
import { evaluateOnly, type Evaluation } from "../enforce/evaluate_only.ts";
import { readExpectation, unmetExpectations } from "../enforce/expectation.ts";
import { findFixtures } from "../enforce/fixtures.ts";
import type { LoadedPolicy } from "../enforce/loaded_policy.ts";
import type { CommandContext, CommandResult } from "./frame/command.ts";

/** One fixture and how it went. */
interface FixtureResult {
  readonly evaluation: Evaluation;
  /** `undefined` when no expectation stands beside it. */
  readonly unmet: readonly string[] | undefined;
}

/** Evaluates all fixtures. */
async function runAll(
  policy: LoadedPolicy,
  paths: readonly string[],
  context: CommandContext,
): Promise<FixtureResult[]> {
  const out: FixtureResult[] = [];
  for (const path of paths) {
    const evaluation = await evaluateOnly(policy, path, context.ports);
    const expected = await readExpectation(path, context.ports.files);
    const unmet = expected === undefined ? undefined : unmetExpectations(expected, evaluation);
    out.push({ evaluation, unmet });
    context.progress(out.length, paths.length);
  }
  return out;
}

/** One fixture as JSON. */
function fixtureJson({ evaluation, unmet }: FixtureResult): Record<string, unknown> {
  const { decision, path, intentDigest } = evaluation;
  return {
    fixture_path: path,
    intent_digest: intentDigest,
    verdict: decision.verdict,
    reason_codes: decision.reason_codes,
    violations: decision.violations,
    matched_rule: decision.rule?.name ?? null,
    expectation: unmet === undefined ? "none" : unmet.length === 0 ? "met" : "unmet",
    unmet: unmet ?? [],
  };
}

/** One fixture for people. */
function fixtureLine({ evaluation, unmet }: FixtureResult): string[] {
  const { decision, path } = evaluation;
  const mark = unmet === undefined ? "-" : unmet.length === 0 ? "ok" : "FAIL";
  const rule = decision.rule?.name ?? "(default)";
  return [
    `${mark}  ${path}  ${decision.verdict}  ${rule}`,
    ...(unmet ?? []).map((t) => `    ${t}`),
  ];
}

/**
 * Runs a folder.
 *
 * @returns Exit 0 when every expectation is met, 2 otherwise.
 */
export async function testFolder(
  policy: LoadedPolicy,
  folder: string,
  context: CommandContext,
): Promise<CommandResult> {
  const results = await runAll(policy, await findFixtures([folder], context.ports.files), context);
  const hit = new Set(results.map(({ evaluation }) => evaluation.decision.rule?.name));
  const names = policy.parsed.policy.rules.map((rule) => rule.name);
  const never = names.filter((name) => !hit.has(name));
  const failed = results.filter(({ unmet }) => (unmet?.length ?? 0) > 0).length;
  const expected = results.filter(({ unmet }) => unmet !== undefined).length;
  const summary = `policy test fixtures=${results.length} expectations=${expected} ` +
    `failed=${failed} rules=${names.length} never_hit=${never.length}`;
  return {
    exit: failed === 0 ? EXIT.ok : EXIT.verification,
    json: {
      ok: failed === 0,
      policy_digest: policy.digest,
      fixtures_total: results.length,
      expectations_total: expected,
      failed,
      fixtures: results.map(fixtureJson),
      coverage: {
        rules_total: names.length,
        rules_hit: names.length - never.length,
        never_hit: never,
      },
      summary,
    },
    text: [summary, ...results.flatMap(fixtureLine), ...never.map((name) => `never hit: ${name}`)],
    tone: failed === 0 ? "good" : "bad",
  };
}
