/**
 * Cedar as a peer: the same rules as Cedar policies, the same intents as Cedar requests. It runs as WebAssembly
 * in this process (`statefulIsAuthorized`), with the policy set parsed beforehand.
 *
 * @module
 */

import { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { NormalizedIntent } from "../core/intent/intent.ts";
import type { Policy, Rule } from "../core/policy/policy.ts";

const POLICY_SET = "bench";

/** A Cedar list of texts. */
function list(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
}

/** Conditions of a rule as Cedar expressions. */
function conditions({ match, endpoint }: Rule): string[] {
  const out: string[] = [];
  if (match.risk_classes.length > 0) {
    out.push(`${list(match.risk_classes)}.contains(context.risk_class)`);
  }
  if (match.target_kinds.length > 0) {
    out.push(`${list(match.target_kinds)}.contains(context.kind)`);
  }
  for (const prefix of match.workspace_prefixes) {
    out.push(`context.workspace like ${JSON.stringify(`${prefix}/*`)}`);
  }
  for (const path of endpoint.path_denylist) {
    out.push(`!(context.path like ${JSON.stringify(path.replace("/**", "/*"))})`);
  }
  for (const path of endpoint.path_allowlist) {
    out.push(`context.path like ${JSON.stringify(path.replace("/**", "/*"))}`);
  }
  return out;
}

/** A rule as a Cedar policy; what is not an allow forbids. */
function toCedar(rule: Rule): string {
  const effect = rule.effect === "allow" ? "permit" : "forbid";
  const [identity] = rule.match.identities;
  const principal = identity === undefined
    ? "principal"
    : `principal == User::${JSON.stringify(identity)}`;
  const action = `action == Action::${JSON.stringify(rule.match.tool_names[0] ?? "")}`;
  const when = conditions(rule);
  const clause = when.length === 0 ? "" : ` when { ${when.join(" && ")} }`;
  return `${effect}(${principal}, ${action}, resource)${clause};`;
}

/** An intent as a Cedar request. */
export function toRequest(intent: NormalizedIntent): Parameters<typeof statefulIsAuthorized>[0] {
  const [target] = intent.targets;
  return {
    principal: { type: "User", id: intent.context.identity },
    action: { type: "Action", id: intent.tool_name },
    resource: { type: "Target", id: target?.value ?? "" },
    context: {
      risk_class: intent.context.risk_class,
      workspace: intent.context.workspace,
      kind: target?.kind ?? "",
      path: target?.value ?? "",
    },
    preparsedPolicySetId: POLICY_SET,
    entities: [],
  };
}

/** Hands the policy set to Cedar. */
export function loadCedar(policy: Policy): void {
  const answer = preparsePolicySet(POLICY_SET, {
    staticPolicies: policy.rules.map(toCedar).join("\n"),
  });
  if (answer.type !== "success") throw new Error(JSON.stringify(answer.errors));
}

/** Asks Cedar; a request that it cannot evaluate would make the comparison void. */
export function askCedar(request: Parameters<typeof statefulIsAuthorized>[0]): string {
  const answer = statefulIsAuthorized(request);
  if (answer.type !== "success") throw new Error(JSON.stringify(answer.errors));
  if (answer.response.diagnostics.errors.length > 0) throw new Error("cedar reported errors");
  return answer.response.decision;
}
