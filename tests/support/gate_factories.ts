/**
 * Short ways to write policies and intents in tests of the gate. Values are given in normalised form.
 *
 * @module
 */

import type { EndpointClass, NormalizedIntent, Target } from "../../core/intent/intent.ts";
import type {
  DataflowConstraint,
  EndpointConstraint,
  Policy,
  Rule,
  RuleMatch,
} from "../../core/policy/policy.ts";
import { compareCodePoints } from "../../core/base/text_rules.ts";

/** A match block that matches everything. */
export const ANY: RuleMatch = {
  tool_names: [],
  risk_classes: [],
  target_kinds: [],
  target_values: [],
  endpoint_classes: [],
  skill_publishers: [],
  skill_sources: [],
  data_classes: [],
  destination_kinds: [],
  destination_values: [],
  destination_operations: [],
  provenance_sources: [],
  identities: [],
  workspace_prefixes: [],
  require_delegation: false,
  allowed_delegator_identities: [],
  allowed_delegate_identities: [],
  delegation_scopes: [],
  max_delegation_depth: undefined,
};

/** An endpoint block; off when nothing is given. */
export function endpoint(given: Partial<EndpointConstraint> = {}): EndpointConstraint {
  const enabled = Object.keys(given).some((key) => key !== "action");
  return {
    enabled,
    path_allowlist: [],
    path_denylist: [],
    domain_allowlist: [],
    domain_denylist: [],
    egress_classes: [],
    action: enabled ? "block" : "",
    actionIsExplicit: given.action !== undefined,
    destructive_action: "",
    reason_code: enabled ? "endpoint_constraint_violation" : "",
    violation: enabled ? "endpoint_constraint_violation" : "",
    ...given,
  };
}

/** A dataflow block; off when nothing is given. */
export function dataflow(given: Partial<DataflowConstraint> = {}): DataflowConstraint {
  const enabled = Object.keys(given).length > 0;
  return {
    enabled,
    tainted_sources: enabled ? ["external", "tool_output"] : [],
    destination_kinds: [],
    destination_values: [],
    destination_operations: [],
    action: enabled ? "require_approval" : "",
    reason_code: enabled ? "dataflow_tainted_destination" : "",
    violation: enabled ? "tainted_dataflow" : "",
    ...given,
  };
}

/** What a test says about a rule. */
export interface RuleInput extends Partial<Omit<Rule, "match" | "endpoint" | "dataflow">> {
  readonly match?: Partial<RuleMatch>;
  readonly endpoint?: Partial<EndpointConstraint>;
  readonly dataflow?: Partial<DataflowConstraint>;
}

/** A rule; `allow` for everything when nothing is given. */
export function rule(given: RuleInput = {}): Rule {
  return {
    name: "r",
    priority: 0,
    effect: "allow",
    reason_codes: [],
    violations: [],
    min_approvals: 0,
    require_distinct_approvers: false,
    require_broker_credential: false,
    broker_reference: "",
    broker_scopes: [],
    rate_limit: { requests: 0, window: "", scope: "" },
    approval: { single_use: false, reusable: false, max_ttl: "" },
    ...given,
    match: { ...ANY, ...given.match },
    endpoint: endpoint(given.endpoint),
    dataflow: dataflow(given.dataflow),
  };
}

/** A policy; its rules are put into evaluation order. */
export function policy(
  given: Partial<Omit<Policy, "rules">> & { readonly rules?: readonly Rule[] } = {},
): Policy {
  const rules = [...given.rules ?? []].sort((a, b) => {
    return a.priority - b.priority || compareCodePoints(a.name, b.name);
  });
  return {
    schema_id: "gait.gate.policy",
    schema_version: "1.0.0",
    default_verdict: "require_approval",
    fail_closed: { enabled: false, risk_classes: [], required_fields: [] },
    ...given,
    rules,
  };
}

/** Classes that kind and operation imply, as far as tests need them. */
function inferClass(kind: string, operation: string): EndpointClass {
  if (kind === "url") return "net.http";
  if (kind === "host") return operation === "resolve" ? "net.dns" : "net.http";
  if (kind === "other") return operation === "exec" ? "proc.exec" : "other";
  if (kind !== "path") return "other";
  const known: Record<string, EndpointClass> = {
    read: "fs.read",
    write: "fs.write",
    delete: "fs.delete",
  };
  return known[operation] ?? "other";
}

/** A target; class, domain and destructiveness are inferred where a test leaves them out. */
export function target(given: Partial<Target> & Pick<Target, "kind" | "value">): Target {
  const operation = given.operation ?? "";
  const inferredClass = given.inferredClass ?? inferClass(given.kind, operation);
  const host = given.kind === "url"
    ? /^[a-z]+:\/\/([^/:\\ ]+)(?:[/:]|$)/.exec(given.value)?.[1]
    : undefined;
  const inferredDomain = given.inferredDomain ?? (given.kind === "host" ? given.value : host ?? "");
  const endpoint_class = given.endpoint_class ?? inferredClass;
  return {
    sensitivity: "",
    destructive: endpoint_class === "fs.delete" || endpoint_class === "proc.exec",
    endpoint_domain: inferredDomain,
    ...given,
    operation,
    endpoint_class,
    inferredClass,
    inferredDomain,
  };
}

/** What a test says about an intent. */
export interface IntentInput extends Partial<Omit<NormalizedIntent, "context">> {
  readonly context?: Partial<NormalizedIntent["context"]>;
}

/** The base intent of spec 02 §17.1. */
export function intent(given: IntentInput = {}): NormalizedIntent {
  return {
    tool_name: "t",
    args: {},
    targets: [],
    arg_provenance: [],
    skill_provenance: undefined,
    delegation: undefined,
    created_at: "1980-01-01T00:00:00Z",
    unknownContextKeys: [],
    ...given,
    context: {
      identity: "a",
      workspace: "/w",
      risk_class: "low",
      session_id: "",
      request_id: "",
      auth_context: undefined,
      credential_scopes: [],
      environment_fingerprint: "",
      ...given.context,
    },
  };
}

/** An argument that came from a source. */
export function from(source: "user" | "tool_output" | "external" | "system"): {
  readonly arg_path: string;
  readonly source: typeof source;
  readonly source_ref: string;
  readonly integrity_digest: string;
} {
  return { arg_path: "$", source, source_ref: "", integrity_digest: "" };
}
