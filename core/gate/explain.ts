/**
 * How a decision came about: every rule in order, the first condition of each that failed, and what
 * tightened the verdict afterwards.
 *
 * @module
 */

import { lower, sortedSet } from "../base/text_rules.ts";
import type { NormalizedIntent } from "../intent/intent.ts";
import type { Rule } from "../policy/policy.ts";
import { type Compiled, openCompiled } from "./_compiled.ts";
import { judge, type Judgement } from "./_judge.ts";
import { DELEGATION_SLOT, type Dimension, LIST_SLOTS } from "./_match_slots.ts";
import { failedSlot, isShallow, type Reading } from "./_match_search.ts";
import type { Adjustment } from "./_rule_outcome.ts";
import type { CompiledPolicy } from "./compile_policy.ts";
import type { Explanation, RuleTrial } from "./decision.ts";

/** Values shown of one list. */
const SHOWN = 5;
/** Characters shown of one value. */
const VALUE_LENGTH = 120;

/** A value cut to a readable length. */
function cut(value: string): string {
  return value.length <= VALUE_LENGTH ? value : `${value.slice(0, VALUE_LENGTH)}…`;
}

/** The first values of a list, and how many more there are. */
function few(values: readonly string[]): string[] {
  const shown = values.slice(0, SHOWN).map(cut);
  const rest = values.length - shown.length;
  return rest === 0 ? shown : [...shown, `… ${rest} more`];
}

/** What an intent brings in each dimension. */
const BROUGHT: Readonly<Record<Dimension, (intent: NormalizedIntent) => readonly string[]>> = {
  tool: (intent) => [intent.tool_name],
  risk: (intent) => [intent.context.risk_class],
  identity: (intent) => [intent.context.identity],
  workspace: (intent) => [intent.context.workspace],
  kind: (intent) => intent.targets.map(({ kind }) => kind),
  value: (intent) => intent.targets.map(({ value }) => value),
  class: (intent) =>
    intent.targets.flatMap((target) => [target.endpoint_class, target.inferredClass]),
  operation: (intent) => intent.targets.map(({ operation }) => operation),
  sensitivity: (intent) => intent.targets.map(({ sensitivity }) => sensitivity),
  provenance: (intent) => intent.arg_provenance.map(({ source }) => source),
  publisher: ({ skill_provenance: skill }) => skill === undefined ? [] : [lower(skill.publisher)],
  skill_source: ({ skill_provenance: skill }) => skill === undefined ? [] : [skill.source],
  delegator: ({ delegation }) =>
    delegation?.chain.map(({ delegator_identity }) => delegator_identity) ?? [],
  delegate: ({ delegation }) =>
    delegation === undefined ? [] : [
      delegation.requester_identity,
      ...delegation.chain.map(({ delegate_identity }) => delegate_identity),
    ],
  scope: ({ delegation }) =>
    delegation === undefined
      ? []
      : [delegation.scope_class, ...delegation.chain.map(({ scope_class }) => scope_class)],
  delegation: () => [],
};

/** An intent under explanation; what it brings is worked out once per dimension. */
interface Subject {
  readonly intent: NormalizedIntent;
  readonly shown: Map<Dimension, readonly string[]>;
}

/** What an intent brings in a dimension, cut for reading. */
function broughtBy({ intent, shown }: Subject, dimension: Dimension): readonly string[] {
  const known = shown.get(dimension);
  if (known !== undefined) return known;
  const list = few(sortedSet(BROUGHT[dimension](intent).filter((value) => value !== "")));
  shown.set(dimension, list);
  return list;
}

/** What a failed condition wanted and got. */
function failureOf(
  rule: Rule,
  slot: number,
  { subject }: { readonly subject: Subject },
): Pick<RuleTrial, "failed_condition" | "expected" | "actual"> {
  const listed = LIST_SLOTS[slot];
  if (listed !== undefined) {
    return {
      failed_condition: listed.key,
      expected: few(rule.match[listed.key]),
      actual: broughtBy(subject, listed.dimension),
    };
  }
  if (slot === DELEGATION_SLOT && rule.match.require_delegation) {
    return { failed_condition: "require_delegation", expected: ["a delegation"], actual: [] };
  }
  const depth = subject.intent.delegation?.chain.length;
  return {
    failed_condition: "max_delegation_depth",
    expected: [`a chain of at most ${rule.match.max_delegation_depth ?? 0}`],
    actual: depth === undefined ? [] : [`a chain of ${depth}`],
  };
}

/** How one rule fared under a reading; the marks of the index hold the intent. */
function tryRule(
  compiled: Compiled,
  place: number,
  { reading, subject }: { readonly reading: Reading; readonly subject: Subject },
): Omit<RuleTrial, "rule" | "priority"> {
  const rule = compiled.policy.rules[place];
  if (rule === undefined) return { outcome: "not_reached" };
  let slot = failedSlot(compiled.index, place, reading);
  if (slot < 0 && isShallow(compiled.index, place)) return { outcome: "matched" };
  // The depth of the chain is tried after the slots and has none of its own.
  if (slot < 0) slot = DELEGATION_SLOT + 1;
  return { outcome: "not_matched", ...failureOf(rule, slot, { subject }) };
}

/** The trials of all rules; those behind the deciding one were not reached. */
function trialsOf(
  compiled: Compiled,
  judgement: Judgement,
  { intent }: { readonly intent: NormalizedIntent },
): RuleTrial[] {
  const { place: winner, stage, reading } = judgement;
  const subject: Subject = { intent, shown: new Map() };
  return compiled.policy.rules.map((rule, place) => {
    const head = { rule: rule.name, priority: rule.priority };
    const reached = stage === "default" || (stage === "rule" && place <= winner);
    if (!reached) return { ...head, outcome: "not_reached" };
    return { ...head, ...tryRule(compiled, place, { reading, subject }) };
  });
}

/** One sentence about what a block did. */
function sentence({ block, before, after, findings }: Adjustment): string {
  const found = findings.map(({ code, target }) => {
    return `${code} at ${target.kind} ${JSON.stringify(cut(target.value))}`;
  });
  const change = before === after ? `the verdict stays ${after}` : `${before} becomes ${after}`;
  return `${block}: ${found.join(", ")}; ${change}`;
}

/** Says which reading decided, when there was a choice. */
function readingNotes({ ambiguous, reading, stage }: Judgement): string[] {
  if (!ambiguous || stage === "fail_closed") return [];
  const used = {
    careful: "the safe side of each condition",
    first: "paths as spelled and classes as declared",
    second: "paths as cleaned and classes as inferred",
  }[reading];
  return [`reading: a path or class can be read in two ways; the strictest result takes ${used}`];
}

/**
 * Explains a decision. The decision is the one that {@linkcode decide} gives for the same arguments.
 *
 * @param compiled A compiled policy.
 * @param intent A normalised intent.
 */
export function explain(compiled: CompiledPolicy, intent: NormalizedIntent): Explanation {
  const opened = openCompiled(compiled);
  const judgement = judge(opened, intent);
  return {
    stage: judgement.stage,
    decision: judgement.decision,
    trials: trialsOf(opened, judgement, { intent }),
    adjustments: [...readingNotes(judgement), ...judgement.adjustments.map(sentence)],
  };
}
