/**
 * The rules of a decision as plainly as possible: every rule in order, every condition as a scan of lists
 * of strings. Slow, and independent of the index and of the pattern compilers.
 *
 * @module
 */

import { lower, sortedSet } from "../../core/base/text_rules.ts";
import type { Decision } from "../../core/gate/decision.ts";
import type { NormalizedIntent, Target } from "../../core/intent/intent.ts";
import { type PathForms, pathForms, type PathRules } from "../../core/intent/paths/path_forms.ts";
import { cleanPosixPath } from "../../core/intent/paths/posix.ts";
import {
  type Policy,
  type Rule,
  type RuleMatch,
  type Verdict,
  VERDICTS,
} from "../../core/policy/policy.ts";

const POSIX: PathRules = { system: "posix", foldCase: false };
type Reading = "careful" | "first" | "second";

/** How one condition fares in both readings; the sure ones are good enough for an allow rule. */
interface Truth {
  readonly first: boolean;
  readonly second: boolean;
  readonly firstSure: boolean;
  readonly secondSure: boolean;
}

function same(holds: boolean): Truth {
  return { first: holds, second: holds, firstSure: holds, secondSure: holds };
}

function anyOf(truths: readonly Truth[]): Truth {
  return {
    first: truths.some((t) => t.first),
    second: truths.some((t) => t.second),
    firstSure: truths.some((t) => t.firstSure),
    secondSure: truths.some((t) => t.secondSure),
  };
}

function readings(first: boolean, second: boolean, sure: boolean): Truth {
  return { first, second, firstSure: first && sure, secondSure: second && sure };
}

function stripSlash(path: string): string {
  return path.replace(/\/+$/, "");
}

/** Whether a path equals a directory or continues it. */
function below(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

function belowStart(path: string): boolean {
  return !path.startsWith("/") && path !== ".." && !path.startsWith("../") &&
    !/^[A-Za-z]:/.test(path);
}

function prefixTruth(forms: PathForms, prefix: string): Truth {
  const literal = stripSlash(prefix);
  const cleaned = literal === "" ? "" : stripSlash(cleanPosixPath(literal));
  const second = below(forms.cleaned, literal) ||
    (cleaned === "." ? belowStart(forms.cleaned) : below(forms.cleaned, cleaned));
  return readings(below(forms.literal, literal), second, forms.allowable);
}

function valueTruth(target: Target, value: string): Truth {
  if (target.kind !== "path") return same(target.value === value);
  const forms = pathForms(target.value, POSIX);
  const second = forms.cleaned === value || forms.cleaned === cleanPosixPath(value);
  return readings(forms.literal === value, second, forms.allowable);
}

function classTruth(target: Target, value: string): Truth {
  const inferred = target.inferredClass === "other" ? target.endpoint_class : target.inferredClass;
  return readings(target.endpoint_class === value, inferred === value, true);
}

function overTargets(
  intent: NormalizedIntent,
  values: readonly string[],
  test: (target: Target, value: string) => Truth,
): Truth {
  return anyOf(intent.targets.flatMap((target) => values.map((value) => test(target, value))));
}

/** Truths of all conditions that a match block sets. */
function conditionTruths(match: RuleMatch, intent: NormalizedIntent): Truth[] {
  const { context, delegation, skill_provenance: skill } = intent;
  const chain = delegation?.chain ?? [];
  const truths: Truth[] = [];
  const when = (list: readonly string[], truth: () => Truth) => {
    if (list.length > 0) truths.push(truth());
  };
  const has = (list: readonly string[], values: readonly string[]) =>
    when(list, () => same(values.some((value) => list.includes(value))));
  has(match.tool_names, [intent.tool_name]);
  has(match.risk_classes, [context.risk_class]);
  has(match.identities, [context.identity]);
  when(match.workspace_prefixes, () => {
    const forms = pathForms(context.workspace, POSIX);
    return anyOf(match.workspace_prefixes.map((prefix) => prefixTruth(forms, prefix)));
  });
  has(match.target_kinds, intent.targets.map((t) => t.kind));
  has(match.destination_kinds, intent.targets.map((t) => t.kind));
  when(match.target_values, () => overTargets(intent, match.target_values, valueTruth));
  when(match.destination_values, () => overTargets(intent, match.destination_values, valueTruth));
  has(match.destination_operations, intent.targets.map((t) => t.operation));
  when(match.endpoint_classes, () => overTargets(intent, match.endpoint_classes, classTruth));
  has(match.data_classes, intent.targets.map((t) => t.sensitivity));
  has(match.provenance_sources, intent.arg_provenance.map((p) => p.source));
  has(match.skill_publishers, skill === undefined ? [] : [lower(skill.publisher)]);
  has(match.skill_sources, skill === undefined ? [] : [skill.source]);
  has(match.allowed_delegator_identities, chain.map((l) => l.delegator_identity));
  has(
    match.allowed_delegate_identities,
    delegation === undefined
      ? []
      : [delegation.requester_identity, ...chain.map((l) => l.delegate_identity)],
  );
  has(
    match.delegation_scopes,
    delegation === undefined ? [] : [delegation.scope_class, ...chain.map((l) => l.scope_class)],
  );
  if (match.require_delegation) truths.push(same(delegation !== undefined));
  const limit = match.max_delegation_depth;
  if (limit !== undefined) truths.push(same(delegation !== undefined && chain.length <= limit));
  return truths;
}

function ruleMatches(rule: Rule, intent: NormalizedIntent, reading: Reading): boolean {
  return conditionTruths(rule.match, intent).every((truth) => {
    if (reading === "first") return truth.first;
    if (reading === "second") return truth.second;
    return rule.effect === "allow"
      ? truth.firstSure && truth.secondSure
      : truth.first || truth.second;
  });
}

/** A glob as an anchored expression; good enough for the patterns that tests make. */
function globToRegExp(pattern: string): RegExp | undefined {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? "";
    if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "\\") {
      i++;
      if (pattern[i] === undefined) return undefined;
      source += (pattern[i] ?? "").replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
    } else if (char === "[") {
      const end = pattern.indexOf("]", i + 2);
      if (end < 0) return undefined;
      source += pattern.slice(i, end + 1);
      i = end;
    } else source += char.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  }
  return new RegExp(`^${source}$`, "su");
}

function globMatches(pattern: string, text: string): boolean {
  return globToRegExp(pattern)?.test(text) ?? false;
}

function pathPatternMatches(pattern: string, path: string): boolean {
  if (pattern === path || globMatches(pattern, path)) return true;
  return pattern.endsWith("/**") && below(path, pattern.slice(0, -3));
}

function cleanedPatternMatches(pattern: string, path: string): boolean {
  if (pathPatternMatches(pattern, path)) return true;
  const cleaned = cleanPosixPath(pattern);
  if (cleaned === path || globMatches(cleaned, path)) return true;
  if (!pattern.endsWith("/**")) return false;
  const prefix = pattern.slice(0, -3);
  const cleanedPrefix = prefix === "" ? "" : stripSlash(cleanPosixPath(prefix));
  return cleanedPrefix === "." ? belowStart(path) : below(path, cleanedPrefix);
}

function domainPatternMatches(pattern: string, domain: string): boolean {
  return pattern === domain || globMatches(pattern, domain) ||
    (pattern.startsWith("*.") && domain.endsWith(pattern.slice(1)));
}

function stricterOf(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) >= VERDICTS.indexOf(b) ? a : b;
}

/** Codes of the endpoint lists for one target. */
function listCodes({ endpoint }: Rule, target: Target): string[] {
  const out: string[] = [];
  if (target.kind === "path") {
    const forms = pathForms(target.value, POSIX);
    const denied = endpoint.path_denylist.some((p) =>
      pathPatternMatches(p, forms.literal) || cleanedPatternMatches(p, forms.cleaned)
    );
    const allowed = forms.allowable &&
      endpoint.path_allowlist.some((p) => pathPatternMatches(p, forms.literal)) &&
      endpoint.path_allowlist.some((p) => cleanedPatternMatches(p, forms.cleaned));
    if (denied) out.push("endpoint_path_denied");
    if (endpoint.path_allowlist.length > 0 && !allowed) out.push("endpoint_path_not_allowlisted");
  }
  const domains = [target.endpoint_domain, target.inferredDomain].filter((d) => d !== "");
  const allow = endpoint.domain_allowlist;
  // A denied fully qualified name is the same host without its dot.
  const deny = endpoint.domain_denylist.flatMap((p) => p.endsWith(".") ? [p, p.slice(0, -1)] : [p]);
  for (const domain of domains) {
    const bare = domain.endsWith(".") ? domain.slice(0, -1) : domain;
    if (deny.some((p) => domainPatternMatches(p, domain) || domainPatternMatches(p, bare))) {
      out.push("endpoint_domain_denied");
    }
    if (allow.length > 0 && !allow.some((p) => domainPatternMatches(p, domain))) {
      out.push("endpoint_domain_not_allowlisted");
    }
  }
  const classes = [target.endpoint_class, target.inferredClass].filter((c) => c.startsWith("net."));
  const egress: readonly string[] = endpoint.egress_classes;
  const named = target.kind === "url" || target.kind === "host";
  const hidden = named ? target.inferredDomain === "" : classes.length > 0 && domains.length === 0;
  if (hidden && allow.length > 0) out.push("endpoint_domain_not_allowlisted");
  else if (hidden && deny.length > 0) out.push("endpoint_domain_denied");
  else if (hidden && egress.length > 0) out.push("endpoint_egress_class_not_allowed");
  if (egress.length > 0 && classes.some((c) => !egress.includes(c))) {
    out.push("endpoint_egress_class_not_allowed");
  }
  return out;
}

function isTainted({ dataflow }: Rule, intent: NormalizedIntent): boolean {
  if (!dataflow.enabled) return false;
  if (!intent.arg_provenance.some((p) => dataflow.tainted_sources.includes(p.source))) return false;
  const { destination_kinds: kinds, destination_operations: ops, destination_values: values } =
    dataflow;
  return intent.targets.some((target) => {
    if (kinds.length + ops.length + values.length === 0) {
      return ["host", "url", "bucket", "queue", "topic"].includes(target.kind);
    }
    return (kinds.length === 0 || kinds.includes(target.kind)) &&
      (ops.length === 0 || ops.includes(target.operation)) &&
      (values.length === 0 || values.some((value) => {
        const truth = valueTruth(target, value);
        return truth.first || truth.second;
      }));
  });
}

function applyNaive(rule: Rule, intent: NormalizedIntent): Decision {
  const { dataflow, endpoint } = rule;
  let verdict = rule.effect;
  const reasons = rule.reason_codes.length > 0
    ? [...rule.reason_codes]
    : [`matched_rule_${rule.name.toLowerCase().replaceAll(/[ -]/g, "_")}`];
  const violations = [...rule.violations];
  if (isTainted(rule, intent)) {
    verdict = stricterOf(verdict, dataflow.action || "block");
    reasons.push(dataflow.reason_code);
    violations.push(dataflow.violation);
  }
  if (endpoint.enabled) {
    const codes = intent.targets.flatMap((target) => listCodes(rule, target));
    const destructive = endpoint.destructive_action !== "" && intent.targets.some((t) => {
      return t.destructive || ["fs.delete", "proc.exec"].includes(t.inferredClass);
    });
    const action = endpoint.action || "block";
    if (codes.length > 0) verdict = stricterOf(verdict, action);
    if (destructive) {
      verdict = stricterOf(verdict, endpoint.destructive_action || action);
      if (endpoint.actionIsExplicit) verdict = stricterOf(verdict, action);
      reasons.push("endpoint_destructive_operation");
      violations.push("destructive_operation");
    }
    reasons.push(...codes);
    violations.push(...codes);
    if (codes.length > 0 || destructive) {
      reasons.push(endpoint.reason_code);
      violations.push(endpoint.violation);
    }
  }
  return {
    verdict,
    reason_codes: sortedSet(reasons),
    violations: sortedSet(violations),
    rule,
    min_approvals: verdict === "require_approval"
      ? Math.max(1, rule.min_approvals)
      : rule.min_approvals,
  };
}

function failClosed(policy: Policy, intent: NormalizedIntent): Decision | undefined {
  const { enabled, risk_classes, required_fields } = policy.fail_closed;
  if (!enabled || !risk_classes.includes(intent.context.risk_class)) return undefined;
  const other = intent.targets.some((t) => t.endpoint_class === "other");
  const missing = required_fields.filter((field) =>
    (field === "targets" && intent.targets.length === 0) ||
    (field === "arg_provenance" && intent.arg_provenance.length === 0) ||
    (field === "endpoint_class" && other) ||
    (field === "delegation" && intent.delegation === undefined)
  );
  const reasons = missing.map((field) => `fail_closed_missing_${field}`);
  const violations = missing.map((field) => `missing_${field}`);
  if (other) {
    reasons.push("fail_closed_endpoint_class_unknown");
    violations.push("endpoint_class_unknown");
  }
  if (reasons.length === 0) return undefined;
  return {
    verdict: "block",
    reason_codes: sortedSet(reasons),
    violations: sortedSet(violations),
    rule: undefined,
    min_approvals: 0,
  };
}

function decideReading(policy: Policy, intent: NormalizedIntent, reading: Reading): Decision {
  const rule = policy.rules.find((candidate) => ruleMatches(candidate, intent, reading));
  if (rule !== undefined) return applyNaive(rule, intent);
  const verdict = policy.default_verdict;
  return {
    verdict,
    reason_codes: [`default_${verdict}`],
    violations: [],
    rule: undefined,
    min_approvals: verdict === "require_approval" ? 1 : 0,
  };
}

/** Decides without any index. */
export function decideNaive(policy: Policy, intent: NormalizedIntent): Decision {
  const stopped = failClosed(policy, intent);
  if (stopped !== undefined) return stopped;
  let best = decideReading(policy, intent, "careful");
  for (const reading of ["first", "second"] as const) {
    const other = decideReading(policy, intent, reading);
    const difference = VERDICTS.indexOf(other.verdict) - VERDICTS.indexOf(best.verdict);
    if (difference > 0 || (difference === 0 && other.min_approvals > best.min_approvals)) {
      best = other;
    }
  }
  return best;
}
