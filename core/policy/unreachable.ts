/**
 * Rules that can never decide, because an earlier rule takes every intent that they match.
 *
 * @module
 */

import { MATCH_LISTS } from "./_match_lists.ts";
import type { Policy, Rule } from "./policy.ts";

/** A rule that never decides, and the earlier rules that take its intents. */
export interface UnreachableRule {
  /** The rule that never decides. */
  readonly rule: Rule;
  /** One earlier rule that covers it, or the first of several that do together. */
  readonly coveredBy: string;
}

/** One condition of a rule: any of its values suffices. */
interface Condition {
  readonly key: string;
  readonly values: readonly string[];
  /** Canonical text of the condition. */
  readonly text: string;
}

/** Conditions whose matching also depends on the effect of the rule (divergences G1, G2). */
const EFFECT_SENSITIVE: ReadonlySet<string> = new Set([
  "target_values",
  "destination_values",
  "workspace_prefixes",
  "endpoint_classes",
]);

/** Key of the index entry for a rule without any condition. */
const MATCH_ALL = "";

function condition(key: string, values: readonly string[]): Condition {
  return { key, values, text: JSON.stringify([key, ...values]) };
}

/** Conditions of a rule in a fixed order. */
function conditionsOf({ match }: Rule): Condition[] {
  const found: Condition[] = [];
  for (const { key } of MATCH_LISTS) {
    if (match[key].length > 0) found.push(condition(key, match[key]));
  }
  if (match.require_delegation) found.push(condition("require_delegation", ["true"]));
  if (match.max_delegation_depth !== undefined) {
    found.push(condition("max_delegation_depth", [String(match.max_delegation_depth)]));
  }
  return found;
}

/** Text that names a set of conditions, without the one at an index. */
function signature(conditions: readonly Condition[], without = -1): string {
  return conditions.filter((_, index) => index !== without).map(({ text }) => text).join("\n");
}

/**
 * What a path or class condition matches may depend on the effect, so an earlier rule covers a later one only when
 * it blocks (the widest reading) or both have the same effect. The tag keeps the two apart in the index.
 */
function tagOf(rule: Rule, conditions: readonly Condition[]): string {
  const sensitive = conditions.some(({ key }) => EFFECT_SENSITIVE.has(key));
  return sensitive && rule.effect !== "block" ? rule.effect : "";
}

/** Earlier rules, by what they ask for. */
interface CoverIndex {
  /** Rule by its tag and full signature. */
  readonly whole: Map<string, string>;
  /** Rule by value; per tag, condition and signature of the other conditions. */
  readonly byValue: Map<string, Map<string, string>>;
}

function wholeKey(tag: string, rest: string): string {
  return `${tag}\n${rest}`;
}

function valueKey(tag: string, key: string, rest: string): string {
  return `${tag}\n${key}\n${rest}`;
}

function addRule(index: CoverIndex, rule: Rule, conditions: readonly Condition[]): void {
  const tag = tagOf(rule, conditions);
  const whole = wholeKey(tag, signature(conditions));
  if (!index.whole.has(whole)) index.whole.set(whole, rule.name);
  for (const [at, { key, values }] of conditions.entries()) {
    const place = valueKey(tag, key, signature(conditions, at));
    const covered = index.byValue.get(place) ?? new Map<string, string>();
    index.byValue.set(place, covered);
    for (const value of values) if (!covered.has(value)) covered.set(value, rule.name);
  }
}

/** The earlier rule when each value is covered by an earlier rule that differs in nothing else. */
function coveredValues(
  index: CoverIndex,
  place: string,
  values: readonly string[],
): string | undefined {
  const covered = index.byValue.get(place);
  if (covered === undefined) return undefined;
  return values.every((value) => covered.has(value)) ? covered.get(values[0] ?? "") : undefined;
}

/** Looks for earlier rules of one tag that take everything. */
function coverOf(
  index: CoverIndex,
  tag: string,
  conditions: readonly Condition[],
): string | undefined {
  const same = index.whole.get(wholeKey(tag, signature(conditions)));
  if (same !== undefined) return same;
  for (const [at, { key, values }] of conditions.entries()) {
    const rest = signature(conditions, at);
    const found = index.whole.get(wholeKey(tag, rest)) ??
      coveredValues(index, valueKey(tag, key, rest), values) ??
      coveredValues(index, valueKey(tag, key, MATCH_ALL), values);
    if (found !== undefined) return found;
  }
  return index.whole.get(wholeKey(tag, MATCH_ALL));
}

/**
 * Finds rules that can never decide: an earlier rule matches everything, matches the same or more, or
 * several earlier rules together take every value of one of the rule's conditions.
 *
 * Sound, not complete: every reported rule is unreachable, but a rule that only a combination of several
 * conditions hides may stay unreported. Time grows with the size of the policy times the number of
 * conditions of a rule.
 *
 * @param policy A normalised policy.
 * @returns Unreachable rules in evaluation order.
 */
export function unreachableRules(policy: Policy): UnreachableRule[] {
  const index: CoverIndex = { whole: new Map(), byValue: new Map() };
  const found: UnreachableRule[] = [];
  for (const rule of policy.rules) {
    const conditions = conditionsOf(rule);
    const coveredBy = coverOf(index, "", conditions) ?? coverOf(index, rule.effect, conditions);
    if (coveredBy === undefined) addRule(index, rule, conditions);
    else found.push({ rule, coveredBy });
  }
  return found;
}
