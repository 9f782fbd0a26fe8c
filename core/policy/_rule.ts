/**
 * Reading one rule (spec 02 §4.3, §4.4).
 *
 * @module
 */

import { ENDPOINT_CLASSES } from "../intent/intent.ts";
import type { Position, TextNode } from "../text/node.ts";
import { choose, chooseAll } from "./_choice.ts";
import { readApproval, readDataflow, readEndpoint, readRateLimit } from "./_constraints.ts";
import {
  boolAt,
  type Fields,
  fieldsOf,
  intAt,
  isSet,
  listAt,
  mapAt,
  reportField,
  trimmedAt,
  wordAt,
  wordsAt,
} from "./_fields.ts";
import { MATCH_LISTS, type MatchListKey } from "./_match_lists.ts";
import { type Reading, shown } from "./finding.ts";
import { type Rule, type RuleMatch, type Verdict, VERDICTS } from "./policy.ts";

/** Keys of a rule; `approval` is ours (divergence G13). */
const RULE_KEYS = [
  "name",
  "priority",
  "effect",
  "match",
  "endpoint",
  "reason_codes",
  "violations",
  "min_approvals",
  "require_distinct_approvers",
  "require_broker_credential",
  "broker_reference",
  "broker_scopes",
  "rate_limit",
  "dataflow",
  "approval",
] as const;

const MATCH_KEYS: readonly string[] = [
  ...MATCH_LISTS.map(({ key }) => key),
  "require_delegation",
  "max_delegation_depth",
];

/** A rule and where its name stands, for the check against duplicates. */
export interface ReadRule {
  readonly rule: Rule;
  readonly path: string;
  readonly namePlace: Position;
}

function readMatch(parent: Fields, rule: string): RuleMatch {
  const fields = mapAt(parent, "match", MATCH_KEYS);
  const lists: Partial<Record<MatchListKey, readonly string[]>> = {};
  for (const { key, fold } of MATCH_LISTS) {
    lists[key] = fold ? wordsAt(fields, key) : listAt(fields, key);
  }
  chooseAll(fields, {
    key: "endpoint_classes",
    words: lists.endpoint_classes ?? [],
    allowed: ENDPOINT_CLASSES,
    message: (word) => `unsupported match endpoint_class ${shown(word)} for ${shown(rule)}`,
  });
  return {
    ...(lists as Record<MatchListKey, readonly string[]>),
    require_delegation: boolAt(fields, "require_delegation"),
    max_delegation_depth: readDepth(fields, rule),
  };
}

function readDepth(fields: Fields, rule: string): number | undefined {
  const key = "max_delegation_depth";
  if (!isSet(fields, key)) return undefined;
  const depth = intAt(fields, key);
  if (depth < 0) reportField(fields, key, `max_delegation_depth must be >= 0 for ${shown(rule)}`);
  return depth;
}

function readEffect(fields: Fields, rule: string): Verdict {
  const word = wordAt(fields, "effect");
  if (word === "") {
    reportField(fields, "effect", `rule effect is required for ${shown(rule)}`);
    return "block";
  }
  const message = () => `invalid rule effect ${shown(word)} for ${shown(rule)}`;
  return choose(fields, { key: "effect", word, allowed: VERDICTS, message }) ?? "block";
}

function readMinApprovals(fields: Fields, rule: string): number {
  const count = intAt(fields, "min_approvals");
  if (count < 0) {
    reportField(fields, "min_approvals", `min_approvals must be >= 0 for ${shown(rule)}`);
  }
  return count;
}

/**
 * Reads one rule.
 *
 * @param node The item of `rules`; null reads as a rule without any key.
 * @param options Where it stands.
 */
export function readRule(
  node: TextNode,
  options: { readonly reading: Reading; readonly index: number },
): ReadRule {
  const path = `rules[${options.index}]`;
  const { reading } = options;
  const fields = fieldsOf(node, { reading, path, known: RULE_KEYS, place: node.start });
  const wrongKind = fields.node === undefined && (node.kind !== "scalar" || node.type !== "null");
  const name = trimmedAt(fields, "name");
  if (name === "" && !wrongKind) reportField(fields, "name", "rule name is required");
  const label = name === "" ? path : name;
  const minApprovals = readMinApprovals(fields, label);
  const nameNode = fields.node?.entries.find((entry) => entry.key.text === "name");
  const rule: Rule = {
    name,
    priority: intAt(fields, "priority"),
    effect: wrongKind ? "block" : readEffect(fields, label),
    match: readMatch(fields, label),
    endpoint: readEndpoint(fields, label),
    dataflow: readDataflow(fields, label),
    reason_codes: listAt(fields, "reason_codes"),
    violations: listAt(fields, "violations"),
    min_approvals: minApprovals,
    require_distinct_approvers: boolAt(fields, "require_distinct_approvers") || minApprovals > 1,
    require_broker_credential: boolAt(fields, "require_broker_credential"),
    broker_reference: trimmedAt(fields, "broker_reference"),
    broker_scopes: wordsAt(fields, "broker_scopes"),
    rate_limit: readRateLimit(fields, label),
    approval: readApproval(fields, label),
  };
  return { rule, path, namePlace: nameNode?.value.start ?? node.start };
}
