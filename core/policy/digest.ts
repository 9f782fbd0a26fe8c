/**
 * The digest that names a policy in traces and tokens (spec 02 §5).
 *
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json_value.ts";
import { digestOfJson } from "../digest/digest.ts";
import type { Digester } from "../ports/digest.ts";
import { MATCH_LISTS } from "./_match_lists.ts";
import type {
  ApprovalRule,
  DataflowConstraint,
  EndpointConstraint,
  Policy,
  RateLimit,
  Rule,
  RuleMatch,
} from "./policy.ts";

function matchPreimage(match: RuleMatch): JsonObject {
  const out: JsonObject = {};
  for (const { key, digestName, always } of MATCH_LISTS) {
    const list = match[key];
    if (always || list.length > 0) out[digestName] = [...list];
  }
  if (match.require_delegation) out.RequireDelegation = true;
  if (match.max_delegation_depth !== undefined) out.MaxDelegationDepth = match.max_delegation_depth;
  return out;
}

function endpointPreimage(endpoint: EndpointConstraint): JsonObject {
  return {
    Enabled: true,
    PathAllowlist: [...endpoint.path_allowlist],
    PathDenylist: [...endpoint.path_denylist],
    DomainAllowlist: [...endpoint.domain_allowlist],
    DomainDenylist: [...endpoint.domain_denylist],
    EgressClasses: [...endpoint.egress_classes],
    Action: endpoint.action,
    DestructiveAction: endpoint.destructive_action,
    ReasonCode: endpoint.reason_code,
    Violation: endpoint.violation,
  };
}

function dataflowPreimage(dataflow: DataflowConstraint): JsonObject {
  const out: JsonObject = {
    Enabled: true,
    TaintedSources: [...dataflow.tainted_sources],
    Action: dataflow.action,
    ReasonCode: dataflow.reason_code,
    Violation: dataflow.violation,
  };
  const { destination_kinds, destination_values, destination_operations } = dataflow;
  if (destination_kinds.length > 0) out.DestinationKinds = [...destination_kinds];
  if (destination_values.length > 0) out.DestinationValues = [...destination_values];
  if (destination_operations.length > 0) out.DestinationOperations = [...destination_operations];
  return out;
}

function rateLimitPreimage({ requests, window, scope }: RateLimit): JsonObject {
  return { Requests: requests, Window: window, Scope: scope };
}

/** Our own addition (G13): absent unless set, so that digests of other policies stay the reference's. */
function approvalPreimage({ single_use, reusable, max_ttl }: ApprovalRule): JsonObject | undefined {
  const out: JsonObject = {};
  if (single_use) out.SingleUse = true;
  if (reusable) out.Reusable = true;
  if (max_ttl !== "") out.MaxTTL = max_ttl;
  return Object.keys(out).length === 0 ? undefined : out;
}

function rulePreimage(rule: Rule): JsonObject {
  const out: JsonObject = {
    Name: rule.name,
    Priority: rule.priority,
    Effect: rule.effect,
    Match: matchPreimage(rule.match),
    ReasonCodes: [...rule.reason_codes],
    Violations: [...rule.violations],
  };
  if (rule.min_approvals > 0) out.MinApprovals = rule.min_approvals;
  if (rule.require_distinct_approvers) out.RequireDistinctApprovers = true;
  if (rule.require_broker_credential) out.RequireBrokerCredential = true;
  if (rule.broker_reference !== "") out.BrokerReference = rule.broker_reference;
  if (rule.broker_scopes.length > 0) out.BrokerScopes = [...rule.broker_scopes];
  if (rule.rate_limit.requests > 0) out.RateLimit = rateLimitPreimage(rule.rate_limit);
  if (rule.dataflow.enabled) out.Dataflow = dataflowPreimage(rule.dataflow);
  if (rule.endpoint.enabled) out.Endpoint = endpointPreimage(rule.endpoint);
  const approval = approvalPreimage(rule.approval);
  if (approval !== undefined) out.Approval = approval;
  return out;
}

/**
 * The value whose canonical JSON is hashed into the policy digest.
 *
 * @param policy A normalised policy.
 */
export function policyPreimage(policy: Policy): JsonValue {
  const { enabled, risk_classes, required_fields } = policy.fail_closed;
  return {
    SchemaID: policy.schema_id,
    SchemaVersion: policy.schema_version,
    DefaultVerdict: policy.default_verdict,
    FailClosed: {
      Enabled: enabled,
      RiskClasses: [...risk_classes],
      RequiredFields: [...required_fields],
    },
    Rules: policy.rules.map(rulePreimage),
  };
}

/**
 * Digest of a policy: comments, key order, list order, format and spelled-out defaults do not count.
 *
 * @param policy A normalised policy.
 * @param digester Computes the hash.
 * @returns 64 lower-case hex digits.
 *
 * @example
 * ```ts
 * import { parsePolicy, policyDigest, webDigester } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const digests = await Promise.all(
 *   ["default_verdict: block", "# cautious\ndefault_verdict: 'block'"].map(async (text) => {
 *     const { policy } = await parsePolicy(text, { source: "p.yaml" });
 *     return await policyDigest(policy, webDigester);
 *   }),
 * );
 * assertEquals(digests[0], digests[1]); // comments and quotes do not matter
 * ```
 */
export function policyDigest(policy: Policy, digester: Digester): Promise<string> {
  return digestOfJson(digester, policyPreimage(policy));
}
