/**
 * From a syntax tree to a normalised policy (spec 02 §4.2).
 *
 * @module
 */

import { LIMITS } from "../base/limits.ts";
import { compareCodePoints } from "../base/text_rules.ts";
import type { TextDocument } from "../text/node.ts";
import { choose, chooseAll } from "./_choice.ts";
import {
  boolAt,
  type Fields,
  fieldsOf,
  mapAt,
  reportField,
  seqAt,
  textAt,
  wordAt,
  wordsAt,
} from "./_fields.ts";
import { type ReadRule, readRule } from "./_rule.ts";
import {
  failOnFindings,
  type PolicyWarning,
  type Reading,
  report,
  shown,
  startReading,
} from "./finding.ts";
import { type FailClosed, type Policy, type Rule, type Verdict, VERDICTS } from "./policy.ts";

/** Facts that `fail_closed.required_fields` may ask for (spec 02 §4.2). */
export const REQUIRED_FIELDS = [
  "targets",
  "arg_provenance",
  "endpoint_class",
  "delegation",
] as const;

const ROOT_KEYS = [
  "schema_id",
  "schema_version",
  "default_verdict",
  "fail_closed",
  "rules",
] as const;
const FAIL_CLOSED_KEYS = ["enabled", "risk_classes", "required_fields"] as const;
const START = { line: 1, column: 1 } as const;

/** `schema_id` and `schema_version` are compared as they stand, not trimmed. */
function checkConstant(fields: Fields, key: string, expected: string): void {
  const text = textAt(fields, key);
  if (text === "" || text === expected) return;
  reportField(fields, key, `unsupported policy ${key}: ${shown(text)} (expected ${expected})`);
}

function readDefaultVerdict(fields: Fields): Verdict {
  const key = "default_verdict";
  const word = wordAt(fields, key);
  if (word === "") return "require_approval";
  const message = () => `invalid default_verdict: ${shown(word)}`;
  return choose(fields, { key, word, allowed: VERDICTS, message }) ?? "block";
}

function readFailClosed(root: Fields): FailClosed {
  const fields = mapAt(root, "fail_closed", FAIL_CLOSED_KEYS);
  const enabled = boolAt(fields, "enabled");
  const classes = wordsAt(fields, "risk_classes");
  const key = "required_fields";
  return {
    enabled,
    risk_classes: enabled && classes.length === 0 ? ["critical", "high"] : classes,
    required_fields: chooseAll(fields, {
      key,
      words: wordsAt(fields, key),
      allowed: REQUIRED_FIELDS,
      message: (word) => `unsupported fail_closed required_field: ${shown(word)}`,
    }),
  };
}

/** A verdict names its rule in traces, so two rules of one name could not be told apart (P4). */
function rejectDuplicateNames(reading: Reading, rules: readonly ReadRule[]): void {
  const seen = new Map<string, number>();
  for (const { rule, path, namePlace } of rules) {
    const first = seen.get(rule.name);
    if (rule.name === "") continue;
    if (first === undefined) {
      seen.set(rule.name, namePlace.line);
      continue;
    }
    const message = `duplicate rule name ${shown(rule.name)}, first used in line ${first}`;
    report(reading, namePlace, { path: `${path}.name`, message, key: "name" });
  }
}

/** Evaluation order: priority, then name (spec 02 §4.2). */
function byPriorityAndName(a: Rule, b: Rule): number {
  return a.priority - b.priority || compareCodePoints(a.name, b.name);
}

function readRules(root: Fields): Rule[] {
  const items = seqAt(root, "rules")?.items ?? [];
  if (items.length > LIMITS.policyRules) {
    reportField(root, "rules", `rules has more than ${LIMITS.policyRules} items`);
    return [];
  }
  const { reading } = root;
  const rules = items.map(({ value }, index) => readRule(value, { reading, index }));
  rejectDuplicateNames(reading, rules);
  return rules.map(({ rule }) => rule).sort(byPriorityAndName);
}

/**
 * Validates and normalises a policy document; all findings are reported at once.
 *
 * @param document The syntax tree of a JSON, JSONC or YAML text.
 * @returns The policy, and warnings about what was tolerated.
 * @throws {GaitError} `policy_invalid` with `details.findings`, each with line, column, path and message;
 *   the error itself carries the first one.
 */
export function policyFromDocument(
  document: TextDocument,
): { readonly policy: Policy; readonly warnings: readonly PolicyWarning[] } {
  const reading = startReading(document.source);
  const { root } = document;
  if (root?.kind === "scalar" && root.type === "null") {
    report(reading, root.start, { path: "", message: "null was used where mapping is expected" });
  }
  const fields = fieldsOf(root, { reading, path: "", known: ROOT_KEYS, place: START });
  checkConstant(fields, "schema_id", "gait.gate.policy");
  checkConstant(fields, "schema_version", "1.0.0");
  const policy: Policy = {
    schema_id: "gait.gate.policy",
    schema_version: "1.0.0",
    default_verdict: readDefaultVerdict(fields),
    fail_closed: readFailClosed(fields),
    rules: readRules(fields),
  };
  failOnFindings(reading);
  return { policy, warnings: reading.warnings };
}
