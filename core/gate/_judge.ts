/**
 * The path from an intent to a decision, shared by {@linkcode decide} and {@linkcode explain}.
 *
 * @module
 */

import type { NormalizedIntent } from "../intent/intent.ts";
import type { Compiled } from "./_compiled.ts";
import { markIntent } from "./_marks.ts";
import { firstMatch, type Reading } from "./_match_search.ts";
import { applyRule, type CompiledRule, type RuleOutcome } from "./_rule_outcome.ts";
import type { Decision } from "./decision.ts";
import { failClosedDecision } from "./fail_closed.ts";
import { strictness } from "./strictness.ts";

/** A decision and where it comes from. */
export interface Judgement extends RuleOutcome {
  readonly stage: "fail_closed" | "rule" | "default";
  /** Place of the deciding rule, -1 when none. */
  readonly place: number;
  /** The reading of the intent that decided. */
  readonly reading: Reading;
  /** Whether the readings differ. */
  readonly ambiguous: boolean;
}

/** Shared empty list. */
const NONE: readonly never[] = Object.freeze([]);

/** Further readings of an intent that can be read in two ways. */
const OTHER_READINGS: readonly Reading[] = ["first", "second"];

/** Whether a decision asks for more than another one. */
function isStricter(a: Decision, b: Decision): boolean {
  const difference = strictness(a.verdict) - strictness(b.verdict);
  return difference === 0 ? a.min_approvals > b.min_approvals : difference > 0;
}

/** What a matched rule, or the default, makes of an intent. */
function outcomeOf(
  compiled: Compiled,
  rule: CompiledRule | undefined,
  { intent }: { readonly intent: NormalizedIntent },
): RuleOutcome {
  if (rule === undefined) return { decision: compiled.fallback, adjustments: NONE };
  return applyRule(rule, intent);
}

/** Judges one reading of the marked intent. */
function judgeReading(
  compiled: Compiled,
  intent: NormalizedIntent,
  { reading, ambiguous }: { readonly reading: Reading; readonly ambiguous: boolean },
): Judgement {
  const place = firstMatch(compiled.index, { reading, ruleCount: compiled.rules.length });
  const rule = compiled.rules[place];
  const outcome = outcomeOf(compiled, rule, { intent });
  return {
    decision: outcome.decision,
    adjustments: outcome.adjustments,
    stage: rule === undefined ? "default" : "rule",
    place: rule === undefined ? -1 : place,
    reading,
    ambiguous,
  };
}

/**
 * Judges an intent. When it can be read in more than one way, the strictest reading decides.
 *
 * @param compiled A compiled policy; its marks hold the intent afterwards.
 * @param intent A normalised intent.
 */
export function judge(compiled: Compiled, intent: NormalizedIntent): Judgement {
  const { index } = compiled;
  const ambiguous = markIntent(index.marks, index.table, { intent });
  const stopped = failClosedDecision(compiled.policy, intent);
  if (stopped !== undefined) {
    return {
      stage: "fail_closed",
      decision: stopped,
      adjustments: NONE,
      place: -1,
      reading: "careful",
      ambiguous,
    };
  }
  let judgement = judgeReading(compiled, intent, { reading: "careful", ambiguous });
  if (!ambiguous) return judgement;
  for (const reading of OTHER_READINGS) {
    const other = judgeReading(compiled, intent, { reading, ambiguous });
    if (isStricter(other.decision, judgement.decision)) judgement = other;
  }
  return judgement;
}
