import { assertEquals } from "@std/assert";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";
import type { Policy, Rule } from "../../../core/policy/policy.ts";
import {
  ossProdFindings,
  type OssProdSetup,
  refusalsFor,
} from "../../../core/policy/profile_checks.ts";
import { loadTemplate } from "../../../core/policy/templates.ts";
import { readVector } from "./_vectors.ts";

const WEAK: OssProdSetup = { brokerConfigured: false, approverKeysBound: false };
const BROKER: OssProdSetup = { brokerConfigured: true, approverKeysBound: false };

async function vector(name: string): Promise<Policy> {
  return (await parsePolicy(readVector("profiles", name), { source: name })).policy;
}

async function ofRule(fields: string): Promise<Policy> {
  const text = `default_verdict: block\nrules:\n- {name: r, ${fields}}\n`;
  return (await parsePolicy(text, { source: "p.yaml" })).policy;
}

function codes(policy: Policy, setup: OssProdSetup): string[] {
  return ossProdFindings(policy, setup).map(({ code }) => code);
}

function decidedBy(rule: Rule | undefined, verdict: Rule["effect"], min_approvals = 0) {
  return { rule, verdict, min_approvals };
}

Deno.test("ossProdFindings() judges the policies of the profile vectors", async () => {
  const cases: readonly (readonly [string, OssProdSetup, readonly string[]])[] = [
    ["allow.yaml", BROKER, ["default_verdict_allow"]],
    ["approval.yaml", WEAK, []],
    ["delegation.yaml", WEAK, []],
    ["high-no-broker.yaml", BROKER, ["high_risk_rule_without_broker"]],
    ["high-broker.yaml", WEAK, ["high_risk_broker_off"]],
    ["high-broker.yaml", BROKER, []],
    ["high-dry.yaml", BROKER, ["high_risk_rule_without_broker", "default_verdict_allow"]],
    ["high-block.yaml", WEAK, ["default_verdict_allow"]],
  ];
  for (const [name, setup, expected] of cases) {
    assertEquals(codes(await vector(name), setup), expected, name);
  }
});

Deno.test("ossProdFindings() refuses allow rules of any risk without scope or broker", async () => {
  const unscoped = ["effect: allow", "effect: allow, match: {provenance_sources: [user]}"];
  for (const fields of [...unscoped, "effect: allow, match: {data_classes: [pii]}"]) {
    assertEquals(codes(await ofRule(fields), BROKER), ["high_risk_allow_unscoped"], fields);
  }
  const fine = [
    "effect: allow, match: {risk_classes: [low]}",
    "effect: allow, match: {tool_names: [x]}",
    "effect: allow, match: {max_delegation_depth: 0}",
    "effect: allow, require_broker_credential: true",
    "effect: require_approval",
    "effect: block",
  ];
  for (const fields of fine) assertEquals(codes(await ofRule(fields), BROKER), [], fields);
});

Deno.test("refusalsFor() refuses the default allow only where it would decide", async () => {
  const policy = await vector("high-block.yaml");
  const findings = ossProdFindings(policy, WEAK);
  assertEquals(refusalsFor(findings, decidedBy(policy.rules[0], "block")), []);
  assertEquals(refusalsFor(findings, decidedBy(undefined, "block")), []);
  assertEquals(refusalsFor(findings, decidedBy(undefined, "allow")).map(({ code }) => code), [
    "default_verdict_allow",
  ]);
});

Deno.test("refusalsFor() asks for bound approver keys where several approvals decide", async () => {
  const policy = await ofRule(
    "effect: require_approval, min_approvals: 2, match: {tool_names: [x]}",
  );
  const [rule] = policy.rules;
  const findings = ossProdFindings(policy, BROKER);
  assertEquals(refusalsFor(findings, decidedBy(rule, "require_approval", 2)).length, 1);
  assertEquals(refusalsFor(findings, decidedBy(rule, "block", 2)), []);
  assertEquals(refusalsFor(findings, decidedBy(undefined, "require_approval", 1)), []);
  assertEquals(ossProdFindings(policy, { ...BROKER, approverKeysBound: true }), []);
});

Deno.test("refusalsFor() keeps what refuses every call", async () => {
  const policy = await vector("high-dry.yaml");
  const findings = ossProdFindings(policy, BROKER);
  assertEquals(refusalsFor(findings, decidedBy(undefined, "block")).map(({ code }) => code), [
    "high_risk_rule_without_broker",
  ]);
});

Deno.test("ossProdFindings() accepts the templates that claim it", async () => {
  const setup = { brokerConfigured: true, approverKeysBound: true };
  for (const name of ["baseline-mediumrisk", "baseline-highrisk", "coding-agent", "read-only"]) {
    const { text } = await loadTemplate(name);
    const { policy } = await parsePolicy(text, { source: name });
    assertEquals(ossProdFindings(policy, setup), [], name);
  }
});
