/**
 * The endpoint block of a rule: where a matched call may reach (spec 02 §4.5 and §6 step 7).
 *
 * @module
 */

import type { NormalizedIntent, Target } from "../intent/intent.ts";
import type { PathRules } from "../intent/paths/path_forms.ts";
import type { EndpointConstraint, Verdict } from "../policy/policy.ts";
import { compileDomainList, deniesDomain, type DomainList, matchesDomain } from "./domain_list.ts";
import { allowsPath, compilePathList, deniesPath, type PathList } from "./path_list.ts";
import { readPath } from "./_path_reading.ts";
import { stricter } from "./strictness.ts";

/** A compiled endpoint block. */
export interface Endpoint {
  readonly constraint: EndpointConstraint;
  readonly rules: PathRules;
  readonly pathAllow: PathList | undefined;
  readonly pathDeny: PathList | undefined;
  readonly domainAllow: DomainList | undefined;
  readonly domainDeny: DomainList | undefined;
  readonly egress: ReadonlySet<string> | undefined;
}

/** One kind of breach and the first target that shows it. */
export interface EndpointFinding {
  readonly code: string;
  readonly target: Target;
}

/** What an endpoint block says about an intent. */
export interface EndpointOutcome {
  /** Breaches of the lists, one per code. */
  readonly listed: readonly EndpointFinding[];
  /** First destructive target, when the block cares. */
  readonly destructive: Target | undefined;
  /** Verdict that the block asks for at least; `allow` when nothing was found. */
  readonly verdict: Verdict;
}

/** First target of each kind of breach; most checks find none, so it starts out empty-handed. */
interface Findings {
  path_denied: Target | undefined;
  path_not_allowlisted: Target | undefined;
  domain_denied: Target | undefined;
  domain_not_allowlisted: Target | undefined;
  egress_class_not_allowed: Target | undefined;
}

/** Kinds of breach; the code of each begins with `endpoint_`. */
type Breach = keyof Findings;

const BREACHES: readonly Breach[] = [
  "path_denied",
  "path_not_allowlisted",
  "domain_denied",
  "domain_not_allowlisted",
  "egress_class_not_allowed",
];

/** Denied names also without the dot of a fully qualified one: it is the same host. */
function withRelativeNames(patterns: readonly string[]): string[] {
  return patterns.flatMap((text) => /[^.\\]\.$/.test(text) ? [text, text.slice(0, -1)] : [text]);
}

/** Compiles an endpoint block; `undefined` when it is off. */
export function compileEndpoint(
  constraint: EndpointConstraint,
  rules: PathRules,
): Endpoint | undefined {
  if (!constraint.enabled) return undefined;
  const egress = constraint.egress_classes;
  return {
    constraint,
    rules,
    pathAllow: compilePathList(constraint.path_allowlist, rules),
    pathDeny: compilePathList(constraint.path_denylist, rules),
    domainAllow: compileDomainList(constraint.domain_allowlist),
    domainDeny: compileDomainList(withRelativeNames(constraint.domain_denylist)),
    egress: egress.length === 0 ? undefined : new Set(egress),
  };
}

/** Path lists against a target of kind `path`. */
function checkPath(endpoint: Endpoint, target: Target, findings: Findings): void {
  const { pathAllow, pathDeny } = endpoint;
  if (target.kind !== "path" || (pathAllow === undefined && pathDeny === undefined)) return;
  const forms = readPath(target.value, endpoint.rules);
  if (pathDeny !== undefined && findings.path_denied === undefined) {
    if (deniesPath(pathDeny, forms)) findings.path_denied = target;
  }
  if (pathAllow !== undefined && findings.path_not_allowlisted === undefined) {
    if (!allowsPath(pathAllow, forms)) findings.path_not_allowlisted = target;
  }
}

/** Whether a class is one of network access. */
function isNetworkClass(name: string): boolean {
  return name.startsWith("net.");
}

/**
 * Whether a target on the network does not tell its host (divergence G2): a URL or host whose value does
 * not parse, whatever domain was declared for it, or another target of a network class without any domain.
 */
function hidesHost(target: Target): boolean {
  if (target.kind === "url" || target.kind === "host") return target.inferredDomain === "";
  const network = isNetworkClass(target.endpoint_class) || isNetworkClass(target.inferredClass);
  return network && target.endpoint_domain === "" && target.inferredDomain === "";
}

/** The breach of a target that hides its host; `undefined` when no list asks for one. */
function hiddenHostBreach(endpoint: Endpoint): Breach | undefined {
  if (endpoint.domainAllow !== undefined) return "domain_not_allowlisted";
  if (endpoint.domainDeny !== undefined) return "domain_denied";
  return endpoint.egress === undefined ? undefined : "egress_class_not_allowed";
}

/** Domain lists against one domain of a target. */
function checkDomain(
  endpoint: Endpoint,
  domain: string,
  options: { readonly target: Target; readonly findings: Findings },
): void {
  if (domain === "") return;
  const { target, findings } = options;
  const { domainAllow, domainDeny } = endpoint;
  if (domainDeny !== undefined && findings.domain_denied === undefined) {
    if (deniesDomain(domainDeny, domain)) findings.domain_denied = target;
  }
  if (domainAllow !== undefined && findings.domain_not_allowlisted === undefined) {
    if (!matchesDomain(domainAllow, domain)) findings.domain_not_allowlisted = target;
  }
}

/** Whether a network class is outside the egress list. */
function leaves(egress: ReadonlySet<string>, name: string): boolean {
  return isNetworkClass(name) && !egress.has(name);
}

/** Domain and egress lists against a target: declared and inferred facts both count. */
function checkNetwork(endpoint: Endpoint, target: Target, findings: Findings): void {
  const { egress } = endpoint;
  if (hidesHost(target)) {
    const breach = hiddenHostBreach(endpoint);
    if (breach !== undefined) findings[breach] ??= target;
  }
  checkDomain(endpoint, target.endpoint_domain, { target, findings });
  if (target.inferredDomain !== target.endpoint_domain) {
    checkDomain(endpoint, target.inferredDomain, { target, findings });
  }
  if (egress === undefined) return;
  if (leaves(egress, target.endpoint_class) || leaves(egress, target.inferredClass)) {
    findings.egress_class_not_allowed ??= target;
  }
}

/** Whether a target is destructive as declared or as inferred (divergence G2). */
function isDestructive(target: Target): boolean {
  return target.destructive || target.inferredClass === "fs.delete" ||
    target.inferredClass === "proc.exec";
}

/** The verdict that findings ask for (spec 02 §6 step 7, divergence G4). */
function verdictOf(constraint: EndpointConstraint, found: boolean, destructive: boolean): Verdict {
  const listAction = constraint.action === "" ? "block" : constraint.action;
  const ownAction = constraint.destructive_action === ""
    ? listAction
    : constraint.destructive_action;
  let verdict: Verdict = found ? listAction : "allow";
  if (destructive) verdict = stricter(verdict, ownAction);
  // An action that the policy sets itself is a floor for the destructive action too.
  if (destructive && constraint.actionIsExplicit) verdict = stricter(verdict, listAction);
  return verdict;
}

/** Whether a block has lists about the network. */
function hasNetworkLists({ domainAllow, domainDeny, egress }: Endpoint): boolean {
  return domainAllow !== undefined || domainDeny !== undefined || egress !== undefined;
}

/** Breaches that were found, with their codes. */
function listFindings(findings: Findings): EndpointFinding[] {
  const listed: EndpointFinding[] = [];
  for (const breach of BREACHES) {
    const target = findings[breach];
    if (target !== undefined) listed.push({ code: `endpoint_${breach}`, target });
  }
  return listed;
}

/**
 * Checks an intent against an endpoint block.
 *
 * @param endpoint A compiled block.
 * @param intent A normalised intent.
 */
export function checkEndpoint(endpoint: Endpoint, intent: NormalizedIntent): EndpointOutcome {
  const findings: Findings = {
    path_denied: undefined,
    path_not_allowlisted: undefined,
    domain_denied: undefined,
    domain_not_allowlisted: undefined,
    egress_class_not_allowed: undefined,
  };
  let destructive: Target | undefined;
  const cares = endpoint.constraint.destructive_action !== "";
  const network = hasNetworkLists(endpoint);
  for (const target of intent.targets) {
    checkPath(endpoint, target, findings);
    if (network) checkNetwork(endpoint, target, findings);
    if (cares && destructive === undefined && isDestructive(target)) destructive = target;
  }
  const listed = listFindings(findings);
  return {
    listed,
    destructive,
    verdict: verdictOf(endpoint.constraint, listed.length > 0, destructive !== undefined),
  };
}
