/**
 * Reading the blocks that limit a matched rule: `endpoint`, `dataflow`, `rate_limit`, `approval`
 * (spec 02 §4.3, §4.5, §4.6; divergence G13).
 *
 * @module
 */

import { parseDuration } from "../base/duration.ts";
import { LIMITS } from "../base/limits.ts";
import { ENDPOINT_CLASSES } from "../intent/intent.ts";
import { choose, chooseAll } from "./_choice.ts";
import {
  boolAt,
  type Fields,
  intAt,
  listAt,
  mapAt,
  reportField,
  trimmedAt,
  wordAt,
  wordsAt,
} from "./_fields.ts";
import { shown } from "./finding.ts";
import type {
  ApprovalRule,
  ConstraintAction,
  DataflowConstraint,
  EndpointConstraint,
  RateLimit,
} from "./policy.ts";

const ACTIONS = ["block", "require_approval"] as const;

/** Keys of `endpoint`, in the order of the formatter. */
export const ENDPOINT_KEYS = [
  "enabled",
  "path_allowlist",
  "path_denylist",
  "domain_allowlist",
  "domain_denylist",
  "egress_classes",
  "action",
  "destructive_action",
  "reason_code",
  "violation",
] as const;

/** Keys of `dataflow`, in the order of the formatter. */
export const DATAFLOW_KEYS = [
  "enabled",
  "tainted_sources",
  "destination_kinds",
  "destination_values",
  "destination_operations",
  "action",
  "reason_code",
  "violation",
] as const;

/** Keys of `rate_limit`, in the order of the formatter. */
export const RATE_LIMIT_KEYS = ["requests", "window", "scope"] as const;

/** Keys of `approval`, in the order of the formatter. */
export const APPROVAL_KEYS = ["single_use", "reusable", "max_ttl"] as const;

/** What an `action` field means in an enabled or disabled block. */
interface ActionField {
  readonly action: ConstraintAction | "";
  readonly unusedAction?: string;
}

/** A field whose message names the block and the rule. */
interface ActionOptions {
  readonly key: string;
  readonly rule: string;
  readonly block: "endpoint" | "dataflow";
}

function actionAt(fields: Fields, options: ActionOptions): ConstraintAction | "" {
  const { key, rule, block } = options;
  const word = wordAt(fields, key);
  if (word === "") return "";
  const message = () => `unsupported ${block}.${key} ${shown(word)} for ${shown(rule)}`;
  return choose(fields, { key, word, allowed: ACTIONS, message }) ?? "block";
}

/** `action` is checked in an enabled block only, and kept for the formatter in a disabled one. */
function mainAction(
  fields: Fields,
  options: ActionOptions & { readonly enabled: boolean; readonly fallback: ConstraintAction },
): ActionField {
  if (options.enabled) return { action: actionAt(fields, options) || options.fallback };
  const word = wordAt(fields, options.key);
  return word === "" ? { action: "" } : { action: "", unusedAction: word };
}

/** Reports a list that is longer than the gate is built for. */
function limitPatterns(fields: Fields, lists: Readonly<Record<string, readonly string[]>>): void {
  for (const [key, list] of Object.entries(lists)) {
    if (list.length <= LIMITS.endpointPatterns) continue;
    reportField(fields, key, `${key} has more than ${LIMITS.endpointPatterns} patterns`);
  }
}

/** Network classes that an intent can have. */
function egressClasses(fields: Fields, rule: string): EndpointConstraint["egress_classes"] {
  const key = "egress_classes";
  const classes = chooseAll(fields, {
    key,
    words: wordsAt(fields, key),
    allowed: ENDPOINT_CLASSES,
    message: (word) => `unsupported endpoint.egress_class ${shown(word)} for ${shown(rule)}`,
  });
  const foreign = classes.find((word) => !word.startsWith("net."));
  if (foreign !== undefined) {
    const message = `endpoint.egress_class must be network class for ${
      shown(rule)
    }, not ${foreign}`;
    reportField(fields, key, message);
  }
  return classes;
}

/** Reads `endpoint` (spec 02 §4.5). */
export function readEndpoint(parent: Fields, rule: string): EndpointConstraint {
  const fields = mapAt(parent, "endpoint", ENDPOINT_KEYS);
  const lists = {
    path_allowlist: listAt(fields, "path_allowlist"),
    path_denylist: listAt(fields, "path_denylist"),
    domain_allowlist: wordsAt(fields, "domain_allowlist"),
    domain_denylist: wordsAt(fields, "domain_denylist"),
    egress_classes: egressClasses(fields, rule),
  };
  limitPatterns(fields, lists);
  const destructive = actionAt(fields, { key: "destructive_action", rule, block: "endpoint" });
  const enabled = boolAt(fields, "enabled") || destructive !== "" ||
    Object.values(lists).some((list) => list.length > 0);
  const code = enabled ? "endpoint_constraint_violation" : "";
  const options = { key: "action", rule, block: "endpoint", enabled, fallback: "block" } as const;
  return {
    enabled,
    ...lists,
    ...mainAction(fields, options),
    actionIsExplicit: wordAt(fields, "action") !== "",
    destructive_action: destructive,
    reason_code: trimmedAt(fields, "reason_code") || code,
    violation: trimmedAt(fields, "violation") || code,
  };
}

/** Reads `dataflow` (spec 02 §4.6). */
export function readDataflow(parent: Fields, rule: string): DataflowConstraint {
  const fields = mapAt(parent, "dataflow", DATAFLOW_KEYS);
  const sources = wordsAt(fields, "tainted_sources");
  const lists = {
    destination_kinds: wordsAt(fields, "destination_kinds"),
    destination_values: listAt(fields, "destination_values"),
    destination_operations: wordsAt(fields, "destination_operations"),
  };
  const enabled = boolAt(fields, "enabled") || sources.length > 0 ||
    Object.values(lists).some((list) => list.length > 0);
  const fallback = "require_approval";
  const options = { key: "action", rule, block: "dataflow", enabled, fallback } as const;
  return {
    enabled,
    tainted_sources: enabled && sources.length === 0 ? ["external", "tool_output"] : sources,
    ...lists,
    ...mainAction(fields, options),
    reason_code: trimmedAt(fields, "reason_code") ||
      (enabled ? "dataflow_tainted_destination" : ""),
    violation: trimmedAt(fields, "violation") || (enabled ? "tainted_dataflow" : ""),
  };
}

/** Reads `rate_limit` (spec 02 §4.3). */
export function readRateLimit(parent: Fields, rule: string): RateLimit {
  const fields = mapAt(parent, "rate_limit", RATE_LIMIT_KEYS);
  const requests = intAt(fields, "requests");
  const window = wordAt(fields, "window");
  const scope = wordAt(fields, "scope");
  if (requests < 0) {
    reportField(fields, "requests", `rate_limit.requests must be >= 0 for ${shown(rule)}`);
  }
  if (requests <= 0) {
    const unused = {
      ...(window === "" ? {} : { unusedWindow: window }),
      ...(scope === "" ? {} : { unusedScope: scope }),
    };
    return { requests: 0, window: "", scope: "", ...unused };
  }
  return {
    requests,
    window: choose(fields, {
      key: "window",
      word: window || "minute",
      allowed: ["minute", "hour"] as const,
      message: (word) => `unsupported rate_limit.window ${shown(word)} for ${shown(rule)}`,
    }) ?? "minute",
    scope: choose(fields, {
      key: "scope",
      word: scope || "tool_identity",
      allowed: ["tool", "identity", "tool_identity"] as const,
      message: (word) => `unsupported rate_limit.scope ${shown(word)} for ${shown(rule)}`,
    }) ?? "tool_identity",
  };
}

/** Reads `approval` (divergence G13). */
export function readApproval(parent: Fields, rule: string): ApprovalRule {
  const fields = mapAt(parent, "approval", APPROVAL_KEYS);
  const single = boolAt(fields, "single_use");
  const reusable = boolAt(fields, "reusable");
  const ttl = trimmedAt(fields, "max_ttl");
  if (single && reusable) {
    const message = `approval.single_use and approval.reusable exclude each other for ${
      shown(rule)
    }`;
    reportField(fields, "reusable", message);
  }
  if (ttl !== "" && (parseDuration(ttl) ?? 0n) <= 0n) {
    const message = `invalid approval.max_ttl ${shown(ttl)} for ${
      shown(rule)
    }, use a duration such as 30m or 12h`;
    reportField(fields, "max_ttl", message);
  }
  return { single_use: single, reusable, max_ttl: ttl };
}
