/**
 * An explanation as lines for people.
 *
 * @module
 */

import type { Decision, Explanation, RuleTrial } from "./decision.ts";

/** Rules shown one by one; of a longer list only the nearest to the decision matter. */
const SHOWN_RULES = 50;

/** Text from a policy or an intent, safe to show on a terminal. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** A list of values; "nothing" when empty. */
function values(list: readonly string[] | undefined): string {
  return list === undefined || list.length === 0 ? "nothing" : list.map(quote).join(", ");
}

/** One rule. */
function trialLine(trial: RuleTrial): string {
  const head = `  ${quote(trial.rule)} (priority ${trial.priority})`;
  if (trial.outcome === "matched") return `${head}: matched`;
  if (trial.outcome === "not_reached") return `${head}: not reached`;
  const { failed_condition: failed, expected, actual } = trial;
  return `${head}: ${failed} wants ${values(expected)}, the intent has ${values(actual)}`;
}

/** Where the decision comes from. */
function sourceLine({ stage, decision }: Explanation): string {
  if (stage === "fail_closed") return "decided by fail_closed, before any rule";
  if (decision.rule === undefined) return "no rule matched; decided by default_verdict";
  const { name, effect } = decision.rule;
  return `decided by rule ${quote(name)} with effect ${effect}`;
}

/** Codes of a decision. */
function codeLines({ reason_codes, violations, min_approvals }: Decision): string[] {
  const lines = [`reason codes: ${values(reason_codes)}`];
  if (violations.length > 0) lines.push(`violations: ${values(violations)}`);
  if (min_approvals > 0) lines.push(`approvals asked for: ${min_approvals}`);
  return lines;
}

/** The rules up to the deciding one, the last ones when they are many, and how many were left out. */
function trialLines(trials: readonly RuleTrial[]): string[] {
  const reached = trials.filter(({ outcome }) => outcome !== "not_reached");
  const shown = reached.slice(-SHOWN_RULES);
  const before = reached.length - shown.length;
  const behind = trials.length - reached.length;
  return [
    ...(before > 0 ? [`  … ${before} earlier rules did not match`] : []),
    ...shown.map(trialLine),
    ...(behind > 0 ? [`  … ${behind} rules were not reached`] : []),
  ];
}

/**
 * Renders an explanation. Names and values are quoted and free of control characters.
 *
 * @param explanation What `explain` returned.
 * @returns Lines without line ends.
 */
export function renderExplanation(explanation: Explanation): string[] {
  const { decision, trials, adjustments } = explanation;
  return [
    `verdict: ${decision.verdict}`,
    sourceLine(explanation),
    ...codeLines(decision),
    ...adjustments.map((sentence) => `adjusted by ${sentence}`),
    ...(trials.length === 0 ? [] : ["rules:", ...trialLines(trials)]),
  ];
}
