/**
 * Two policies over the same fixtures (spec 02 §15.5).
 *
 * @module
 */

import { compareCodePoints } from "../base/text_rules.ts";
import type { Decision } from "../gate/decision.ts";
import { strictness } from "../gate/strictness.ts";
import type { Verdict } from "../policy/policy.ts";
import type { Ports } from "../ports/ports.ts";
import { evaluateOnly, type Evaluation } from "./evaluate_only.ts";
import type { LoadedPolicy } from "./loaded_policy.ts";

/** How often a verdict was given. */
export interface VerdictCount {
  readonly verdict: Verdict;
  readonly count: number;
}

/** One fixture that the candidate decides differently; empty lists and absent rules are left out. */
export interface ChangedFixture {
  readonly fixture_path: string;
  readonly intent_digest: string;
  readonly baseline_verdict: Verdict;
  readonly candidate_verdict: Verdict;
  readonly baseline_reason_codes?: readonly string[];
  readonly candidate_reason_codes?: readonly string[];
  readonly baseline_violations?: readonly string[];
  readonly candidate_violations?: readonly string[];
  readonly baseline_matched_rule?: string;
  readonly candidate_matched_rule?: string;
  readonly changed: true;
}

/** The comparison. */
export interface PolicyComparison {
  readonly changed: readonly ChangedFixture[];
  readonly baselineVerdicts: readonly VerdictCount[];
  readonly candidateVerdicts: readonly VerdictCount[];
  readonly recommendation: "enforce" | "observe" | "require_approval";
  /** Fixtures that the candidate treats less strictly. */
  readonly relaxed: number;
}

/** Both outcomes of one fixture. */
interface Pair {
  readonly baseline: Evaluation;
  readonly candidate: Evaluation;
}

/** Counts verdicts, sorted by name. */
function countVerdicts(decisions: readonly Decision[]): VerdictCount[] {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of decisions) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts].map(([verdict, count]) => ({ verdict, count }))
    .sort((a, b) => compareCodePoints(a.verdict, b.verdict));
}

/** What is compared of a decision. */
function fingerprint({ decision }: Evaluation): string {
  const { verdict, reason_codes, violations, rule } = decision;
  return JSON.stringify([verdict, reason_codes, violations, rule?.name ?? null]);
}

/** A member, or nothing when it is empty. */
function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [K in Name]?: Value } {
  const empty = value === undefined || (Array.isArray(value) && value.length === 0);
  return (empty ? {} : { [name]: value }) as { [K in Name]?: Value };
}

/** A changed fixture as reported. */
function changedFixture({ baseline, candidate }: Pair): ChangedFixture {
  const [before, after] = [baseline.decision, candidate.decision];
  return {
    fixture_path: baseline.path,
    intent_digest: baseline.intentDigest,
    baseline_verdict: before.verdict,
    candidate_verdict: after.verdict,
    ...optional("baseline_reason_codes", before.reason_codes),
    ...optional("candidate_reason_codes", after.reason_codes),
    ...optional("baseline_violations", before.violations),
    ...optional("candidate_violations", after.violations),
    ...optional("baseline_matched_rule", before.rule?.name),
    ...optional("candidate_matched_rule", after.rule?.name),
    changed: true,
  };
}

/**
 * What to do with the candidate, as the reference says it (spec 02 §15.5): `observe` when something would be
 * allowed that was not, `require_approval` when something would be blocked that was not, else `enforce`.
 */
function recommend(changed: readonly ChangedFixture[]): PolicyComparison["recommendation"] {
  const moves = changed.map((each) => [each.baseline_verdict, each.candidate_verdict] as const);
  if (moves.some(([before, after]) => before !== "allow" && after === "allow")) return "observe";
  const blocks = moves.some(([before, after]) => before !== "block" && after === "block");
  return blocks ? "require_approval" : "enforce";
}

/** Fixtures that the candidate treats less strictly, whatever the recommendation says. */
function relaxations(changed: readonly ChangedFixture[]): number {
  return changed.filter((each) =>
    strictness(each.candidate_verdict) < strictness(each.baseline_verdict)
  ).length;
}

/**
 * Evaluates every fixture under both policies.
 *
 * @throws GaitError what reading a fixture throws
 */
export async function comparePolicies(
  policies: { readonly baseline: LoadedPolicy; readonly candidate: LoadedPolicy },
  fixtures: readonly string[],
  context: {
    readonly ports: Pick<Ports, "files" | "terminal" | "digester">;
    progress(done: number): void;
  },
): Promise<PolicyComparison> {
  const pairs: Pair[] = [];
  for (const path of fixtures) {
    const baseline = await evaluateOnly(policies.baseline, path, context.ports);
    const candidate = await evaluateOnly(policies.candidate, path, context.ports);
    pairs.push({ baseline, candidate });
    context.progress(pairs.length);
  }
  const changed = pairs
    .filter((pair) => fingerprint(pair.baseline) !== fingerprint(pair.candidate))
    .map(changedFixture);
  return {
    changed,
    baselineVerdicts: countVerdicts(pairs.map((pair) => pair.baseline.decision)),
    candidateVerdicts: countVerdicts(pairs.map((pair) => pair.candidate.decision)),
    recommendation: recommend(changed),
    relaxed: relaxations(changed),
  };
}
