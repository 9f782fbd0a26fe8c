/**
 * The one layout of a policy (spec 02 §15.3): every key spelled out, in a fixed order.
 *
 * @module
 */

import { lower, trim } from "../base/text_rules.ts";
import type { SeqItem, TextDocument, TextNode } from "../text/node.ts";
import {
  commentsOf,
  itemsByMeaning,
  outEntries,
  type OutField,
  outTexts,
  type Written,
} from "./_comments.ts";
import {
  type OutItem,
  outLiteral,
  type OutNode,
  outText,
  printDocument,
  yamlComments,
} from "./_layout.ts";
import { MATCH_LISTS_BEFORE, MATCH_LISTS_BEHIND, type MatchList } from "./_match_lists.ts";
import { scalarText } from "./_scalar.ts";
import type {
  ApprovalRule,
  DataflowConstraint,
  EndpointConstraint,
  Policy,
  RateLimit,
  Rule,
  RuleMatch,
} from "./policy.ts";

function text(key: string, value: string): OutField {
  return [key, () => outText(value)];
}

function literal(key: string, value: number | boolean | null): OutField {
  return [key, () => outLiteral(value)];
}

/** List whose items keep their case. */
function list(key: string, values: readonly string[]): OutField {
  return [key, outTexts(values, trim)];
}

/** List whose items are lower-cased. */
function words(key: string, values: readonly string[]): OutField {
  return [key, outTexts(values, (item) => trim(lower(item)))];
}

function map(key: string, fields: readonly OutField[]): OutField {
  return [key, (source, written) => ({
    kind: "map",
    entries: outEntries(source, fields, written),
  })];
}

function matchFields(match: RuleMatch): OutField[] {
  const field = ({ key, fold }: MatchList) => (fold ? words : list)(key, match[key]);
  return [
    ...MATCH_LISTS_BEFORE.map(field),
    literal("require_delegation", match.require_delegation),
    ...MATCH_LISTS_BEHIND.map(field),
    literal("max_delegation_depth", match.max_delegation_depth ?? null),
  ];
}

function endpointFields(endpoint: EndpointConstraint): OutField[] {
  return [
    literal("enabled", endpoint.enabled),
    list("path_allowlist", endpoint.path_allowlist),
    list("path_denylist", endpoint.path_denylist),
    words("domain_allowlist", endpoint.domain_allowlist),
    words("domain_denylist", endpoint.domain_denylist),
    words("egress_classes", endpoint.egress_classes),
    text("action", endpoint.unusedAction ?? endpoint.action),
    text("destructive_action", endpoint.destructive_action),
    text("reason_code", endpoint.reason_code),
    text("violation", endpoint.violation),
  ];
}

function dataflowFields(dataflow: DataflowConstraint): OutField[] {
  return [
    literal("enabled", dataflow.enabled),
    words("tainted_sources", dataflow.tainted_sources),
    words("destination_kinds", dataflow.destination_kinds),
    list("destination_values", dataflow.destination_values),
    words("destination_operations", dataflow.destination_operations),
    text("action", dataflow.unusedAction ?? dataflow.action),
    text("reason_code", dataflow.reason_code),
    text("violation", dataflow.violation),
  ];
}

function rateLimitFields(limit: RateLimit): OutField[] {
  return [
    literal("requests", limit.requests),
    text("window", limit.unusedWindow ?? limit.window),
    text("scope", limit.unusedScope ?? limit.scope),
  ];
}

/** Our own addition (G13): written only when set, so that the bytes of other policies stay. */
function approvalFields(approval: ApprovalRule): OutField[] {
  const { single_use, reusable, max_ttl } = approval;
  if (!single_use && !reusable && max_ttl === "") return [];
  return [map("approval", [
    literal("single_use", single_use),
    literal("reusable", reusable),
    text("max_ttl", max_ttl),
  ])];
}

function ruleFields(rule: Rule): OutField[] {
  return [
    text("name", rule.name),
    literal("priority", rule.priority),
    text("effect", rule.effect),
    map("match", matchFields(rule.match)),
    map("endpoint", endpointFields(rule.endpoint)),
    list("reason_codes", rule.reason_codes),
    list("violations", rule.violations),
    literal("min_approvals", rule.min_approvals),
    literal("require_distinct_approvers", rule.require_distinct_approvers),
    literal("require_broker_credential", rule.require_broker_credential),
    text("broker_reference", rule.broker_reference),
    words("broker_scopes", rule.broker_scopes),
    map("rate_limit", rateLimitFields(rule.rate_limit)),
    map("dataflow", dataflowFields(rule.dataflow)),
    ...approvalFields(rule.approval),
  ];
}

/** Name of the rule that a source node holds. */
function ruleName(node: TextNode): string | undefined {
  if (node.kind !== "map") return undefined;
  const name = node.entries.find((entry) => entry.key.text === "name")?.value;
  return name?.kind === "scalar" ? scalarText(name) : undefined;
}

/** Rules in evaluation order, each with the comments of its source. */
function rulesField(rules: readonly Rule[]): OutField {
  return ["rules", (source, written): OutNode => {
    const sources = itemsByMeaning(source?.kind === "seq" ? source : undefined, trim, ruleName);
    const items = rules.map((rule) => ruleItem(rule, sources.get(rule.name)?.[0], written));
    return { kind: "list", items };
  }];
}

function ruleItem(rule: Rule, source: SeqItem | undefined, written: Written): OutItem {
  const comments = commentsOf(source, written);
  const entries = outEntries(source?.value, ruleFields(rule), written);
  return { value: { kind: "map", entries }, comments };
}

/**
 * Writes a policy in the one layout: block style, two columns of indentation, list dashes in the column of
 * their key, every key explicit, rules in evaluation order.
 *
 * Comments of the document stay with the key, rule or list item that they precede or follow (divergence
 * C10). The result parses back to the same digest, and formatting it again changes nothing.
 *
 * @param policy A normalised policy.
 * @param document The document that the policy was read from, for its comments.
 * @returns YAML text with a final newline.
 *
 * @example
 * ```ts
 * import { formatPolicy, parsePolicy } from "@gait/gait";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const parsed = await parsePolicy("default_verdict: block # for now", { source: "p.yaml" });
 * assertStringIncludes(formatPolicy(parsed.policy), "default_verdict: block");
 * ```
 */
export function formatPolicy(policy: Policy, document?: TextDocument): string {
  const { enabled, risk_classes, required_fields } = policy.fail_closed;
  const fields: OutField[] = [
    text("schema_id", policy.schema_id),
    text("schema_version", policy.schema_version),
    text("default_verdict", policy.default_verdict),
    map("fail_closed", [
      literal("enabled", enabled),
      words("risk_classes", risk_classes),
      words("required_fields", required_fields),
    ]),
    rulesField(policy.rules),
  ];
  const entries = outEntries(document?.root, fields, new Set());
  return printDocument(entries, (document?.trailingComments ?? []).flatMap(yamlComments));
}
