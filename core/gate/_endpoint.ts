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

type Findings = Map<string, Target>;

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
    domainDeny: compileDomainList(constraint.domain_denylist),
    egress: egress.length === 0 ? undefined : new Set(egress),
  };
}

/** Path lists against a target of kind `path`. */
function checkPath(endpoint: Endpoint, target: Target, findings: Findings): void {
  const { pathAllow, pathDeny } = endpoint;
  if (target.kind !== "path" || (pathAllow === undefined && pathDeny === undefined)) return;
  const forms = readPath(target.value, endpoint.rules);
  if (pathDeny !== undefined && !findings.has("endpoint_path_denied")) {
    if (deniesPath(pathDeny, forms)) findings.set("endpoint_path_denied", target);
  }
  if (pathAllow !== undefined && !findings.has("endpoint_path_not_allowlisted")) {
    if (!allowsPath(pathAllow, forms)) findings.set("endpoint_path_not_allowlisted", target);
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

/** Code for a target that hides its host; "" when no list asks for one. */
function hiddenHostCode(endpoint: Endpoint): string {
  if (endpoint.domainAllow !== undefined) return "endpoint_domain_not_allowlisted";
  if (endpoint.domainDeny !== undefined) return "endpoint_domain_denied";
  return endpoint.egress === undefined ? "" : "endpoint_egress_class_not_allowed";
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
  if (domainDeny !== undefined && !findings.has("endpoint_domain_denied")) {
    if (deniesDomain(domainDeny, domain)) findings.set("endpoint_domain_denied", target);
  }
  if (domainAllow !== undefined && !findings.has("endpoint_domain_not_allowlisted")) {
    if (!matchesDomain(domainAllow, domain)) {
      findings.set("endpoint_domain_not_allowlisted", target);
    }
  }
}

/** Domain and egress lists against a target: declared and inferred facts both count. */
function checkNetwork(endpoint: Endpoint, target: Target, findings: Findings): void {
  if (hidesHost(target)) {
    const code = hiddenHostCode(endpoint);
    if (code !== "" && !findings.has(code)) findings.set(code, target);
  }
  checkDomain(endpoint, target.endpoint_domain, { target, findings });
  if (target.inferredDomain !== target.endpoint_domain) {
    checkDomain(endpoint, target.inferredDomain, { target, findings });
  }
  const { egress } = endpoint;
  if (egress === undefined || findings.has("endpoint_egress_class_not_allowed")) return;
  for (const name of [target.endpoint_class, target.inferredClass]) {
    if (isNetworkClass(name) && !egress.has(name)) {
      findings.set("endpoint_egress_class_not_allowed", target);
    }
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

/**
 * Checks an intent against an endpoint block.
 *
 * @param endpoint A compiled block.
 * @param intent A normalised intent.
 */
export function checkEndpoint(endpoint: Endpoint, intent: NormalizedIntent): EndpointOutcome {
  const findings: Findings = new Map();
  let destructive: Target | undefined;
  const cares = endpoint.constraint.destructive_action !== "";
  for (const target of intent.targets) {
    checkPath(endpoint, target, findings);
    checkNetwork(endpoint, target, findings);
    if (cares && destructive === undefined && isDestructive(target)) destructive = target;
  }
  return {
    listed: [...findings].map(([code, target]) => ({ code, target })),
    destructive,
    verdict: verdictOf(endpoint.constraint, findings.size > 0, destructive !== undefined),
  };
}
