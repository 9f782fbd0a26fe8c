/**
 * Advice about valid policies: what can never take effect, and what is more permissive than it looks.
 *
 * @module
 */

import { TARGET_KINDS } from "../intent/intent.ts";
import type { PolicyWarning } from "./finding.ts";
import { shown } from "./finding.ts";
import { adviseOnPatterns } from "./_lint_patterns.ts";
import { MATCH_LISTS } from "./_match_lists.ts";
import type { Policy, Rule } from "./policy.ts";
import { unreachableRules } from "./unreachable.ts";

const PROVENANCE_SOURCES: readonly string[] = ["user", "tool_output", "external", "system"];
const KINDS: readonly string[] = TARGET_KINDS;

/** Whether a rule has no condition at all. */
function matchesEverything({ match }: Rule): boolean {
  return MATCH_LISTS.every(({ key }) => match[key].length === 0) && !match.require_delegation &&
    match.max_delegation_depth === undefined;
}

function warn(rule: Rule, code: string, message: string): PolicyWarning {
  return { code, message: `rule ${shown(rule.name)} ${message}`, rule: rule.name };
}

/** Effects that are wider or weaker than they look. */
function lintEffect(rule: Rule): PolicyWarning[] {
  const { effect, approval } = rule;
  if (effect === "allow" && matchesEverything(rule)) {
    return [warn(rule, "allow_without_condition", "allows every call that reaches it")];
  }
  if (effect === "dry_run") {
    return [warn(rule, "dry_run_never_executes", "ends as dry_run, which permits no execution")];
  }
  const bounded = approval.single_use || approval.max_ttl !== "";
  if (effect === "require_approval" && !bounded) {
    const message = "accepts a token any number of times until it expires; " +
      "set approval.single_use or approval.max_ttl";
    return [warn(rule, "approval_unbounded", message)];
  }
  return [];
}

/**
 * `destructive_action: require_approval` beside `action: block`: the stricter one counts when both are set
 * (spec 02 §6.7), its own counts when `action` is left out (divergence G4), and formatting sets `action`.
 */
function lintDestructive(rule: Rule): PolicyWarning[] {
  const { action, actionIsExplicit, destructive_action } = rule.endpoint;
  if (destructive_action !== "require_approval" || action !== "block") return [];
  const message = actionIsExplicit
    ? "sets endpoint.destructive_action require_approval, which endpoint.action block overrules"
    : "relies on endpoint.action being absent, and gait policy fmt writes it out as block, " +
      "which overrules endpoint.destructive_action; set endpoint.action: require_approval";
  const code = actionIsExplicit ? "destructive_action_overruled" : "destructive_action_fragile";
  return [warn(rule, code, message)];
}

/** Whether a rule waits for no approval: it blocks anyway, or allows and nothing can tighten it. */
function ignoresApprovals({ effect, endpoint, dataflow }: Rule): boolean {
  return effect === "block" || (effect === "allow" && !endpoint.enabled && !dataflow.enabled);
}

/** Keys of a rule that have no effect as they stand. */
function idleSettings(rule: Rule): string[] {
  const { endpoint, dataflow, rate_limit } = rule;
  const idle: string[] = [];
  if (endpoint.unusedAction !== undefined) idle.push("endpoint.action");
  if (!endpoint.enabled && endpoint.reason_code !== "") idle.push("endpoint.reason_code");
  if (!endpoint.enabled && endpoint.violation !== "") idle.push("endpoint.violation");
  if (dataflow.unusedAction !== undefined) idle.push("dataflow.action");
  if (!dataflow.enabled && dataflow.reason_code !== "") idle.push("dataflow.reason_code");
  if (!dataflow.enabled && dataflow.violation !== "") idle.push("dataflow.violation");
  if (rate_limit.unusedWindow !== undefined) idle.push("rate_limit.window");
  if (rate_limit.unusedScope !== undefined) idle.push("rate_limit.scope");
  if (!rule.require_broker_credential && rule.broker_reference !== "") {
    idle.push("broker_reference");
  }
  if (!rule.require_broker_credential && rule.broker_scopes.length > 0) idle.push("broker_scopes");
  if (ignoresApprovals(rule) && rule.min_approvals > 0) idle.push("min_approvals");
  return idle;
}

function lintSettings(rule: Rule): PolicyWarning[] {
  return idleSettings(rule).map((key) =>
    warn(rule, "setting_without_effect", `sets ${key}, which has no effect here`)
  );
}

/** Values of `match` that no normalised intent can have. */
function lintMatchValues(rule: Rule): PolicyWarning[] {
  const { match } = rule;
  const found: PolicyWarning[] = [];
  const patterns = ["tool_names", "target_values", "destination_values"] as const;
  for (const key of patterns) {
    const value = match[key].find((text) => text.includes("*"));
    if (value === undefined) continue;
    const message = `compares match.${key} literally, ${shown(value)} is no pattern`;
    found.push(warn(rule, "match_value_is_no_pattern", message));
  }
  const closed = [
    ["target_kinds", KINDS],
    ["destination_kinds", KINDS],
    ["provenance_sources", PROVENANCE_SOURCES],
  ] as const;
  for (const [key, allowed] of closed) {
    const value = match[key].find((text) => !allowed.includes(text));
    if (value === undefined) continue;
    const message = `names ${shown(value)} in match.${key}, which no intent has`;
    found.push(warn(rule, "match_value_never_occurs", message));
  }
  return found;
}

/** Patterns of `endpoint` that match something else than they seem to. */
function lintPatterns(rule: Rule): PolicyWarning[] {
  return adviseOnPatterns(rule.endpoint).map(({ code, message }) => warn(rule, code, message));
}

/** Advice about the policy as a whole. */
function lintDefaults({ default_verdict, fail_closed, rules }: Policy): PolicyWarning[] {
  const found: PolicyWarning[] = [];
  if (default_verdict === "allow") {
    const message = "default_verdict allow permits every call that no rule mentions";
    found.push({ code: "default_verdict_allow", message });
  }
  if (default_verdict === "dry_run") {
    const message = "default_verdict dry_run permits no execution";
    found.push({ code: "dry_run_never_executes", message });
  }
  if (
    !fail_closed.enabled && fail_closed.risk_classes.length + fail_closed.required_fields.length > 0
  ) {
    const message = "fail_closed has settings, but is not enabled";
    found.push({ code: "setting_without_effect", message });
  }
  if (rules.length === 0 && default_verdict !== "block") {
    found.push({
      code: "no_rules",
      message: "the policy has no rules, default_verdict decides all",
    });
  }
  return found;
}

/**
 * Looks for settings that are valid and probably not meant. `docs/policy.md` lists the codes.
 *
 * @param policy A normalised policy.
 * @returns Warnings about the policy, then about its rules in evaluation order.
 *
 * @example
 * ```ts
 * import { lintPolicy, parsePolicy } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const { policy } = await parsePolicy("default_verdict: allow", { source: "p.yaml" });
 * const codes = lintPolicy(policy).map(({ code }) => code);
 * assertEquals(codes, ["default_verdict_allow", "no_rules"]);
 * ```
 */
export function lintPolicy(policy: Policy): PolicyWarning[] {
  const unreachable = new Map(unreachableRules(policy).map((found) => [found.rule, found]));
  const found = lintDefaults(policy);
  for (const rule of policy.rules) {
    const hidden = unreachable.get(rule);
    if (hidden !== undefined) {
      const message = `never decides, earlier rules such as ${shown(hidden.coveredBy)} match first`;
      found.push(warn(rule, "rule_unreachable", message));
    }
    found.push(...lintEffect(rule), ...lintMatchValues(rule), ...lintPatterns(rule));
    found.push(...lintDestructive(rule), ...lintSettings(rule));
  }
  return found;
}
