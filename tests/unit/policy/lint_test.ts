import { assertEquals, assertStringIncludes } from "@std/assert";
import { lintPolicy } from "../../../core/policy/lint.ts";
import type { PolicyWarning } from "../../../core/policy/finding.ts";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";

async function lint(text: string): Promise<PolicyWarning[]> {
  const { policy } = await parsePolicy(text, { source: "p.yaml" });
  return lintPolicy(policy);
}

async function codes(text: string): Promise<string[]> {
  return (await lint(text)).map(({ code }) => code);
}

function rule(fields: string): string {
  return `default_verdict: block\nrules:\n- {name: r, ${fields}}\n`;
}

Deno.test("lintPolicy() has nothing to say about a tight policy", async () => {
  assertEquals(await codes("default_verdict: block\n"), []);
  assertEquals(await codes(rule("effect: allow, match: {tool_names: [a]}")), []);
  assertEquals(await codes(rule("effect: block")), []);
});

Deno.test("lintPolicy() names permissive defaults", async () => {
  assertEquals(await codes("default_verdict: allow\n"), ["default_verdict_allow", "no_rules"]);
  assertEquals(await codes("default_verdict: dry_run\n"), ["dry_run_never_executes", "no_rules"]);
  assertEquals(await codes("default_verdict: block\nfail_closed: {risk_classes: [a]}\n"), [
    "setting_without_effect",
  ]);
});

Deno.test("lintPolicy() names effects that surprise", async () => {
  assertEquals(await codes(rule("effect: allow")), ["allow_without_condition"]);
  assertEquals(await codes(rule("effect: dry_run")), ["dry_run_never_executes"]);
  assertEquals(await codes(rule("effect: require_approval")), ["approval_unbounded"]);
  assertEquals(await codes(rule("effect: require_approval, approval: {max_ttl: 1h}")), []);
  assertEquals(await codes(rule("effect: require_approval, approval: {single_use: true}")), []);
});

Deno.test("lintPolicy() names settings without effect", async () => {
  const settings = [
    "endpoint: {action: block}",
    "endpoint: {reason_code: x}",
    "endpoint: {violation: x}",
    "dataflow: {action: block}",
    "dataflow: {reason_code: x}",
    "dataflow: {violation: x}",
    "rate_limit: {window: hour}",
    "rate_limit: {scope: tool}",
    "broker_reference: x",
    "broker_scopes: [x]",
    "min_approvals: 1",
  ];
  for (const setting of settings) {
    const [warning, ...more] = await lint(rule(`effect: block, ${setting}`));
    assertEquals(
      [warning?.code, warning?.rule, more],
      ["setting_without_effect", "r", []],
      setting,
    );
  }
});

Deno.test("lintPolicy() names match values that never match", async () => {
  for (const match of ["tool_names: ['tool.*']", "target_values: [/x/**]"]) {
    assertEquals(await codes(rule(`effect: block, match: {${match}}`)), [
      "match_value_is_no_pattern",
    ]);
  }
  for (
    const match of ["target_kinds: [file]", "destination_kinds: [ip]", "provenance_sources: [web]"]
  ) {
    assertEquals(await codes(rule(`effect: block, match: {${match}}`)), [
      "match_value_never_occurs",
    ]);
  }
});

Deno.test("lintPolicy() names patterns that reach elsewhere than they look", async () => {
  const wide =
    "effect: allow, match: {tool_names: [a]}, endpoint: {domain_allowlist: ['*good.example']}";
  assertEquals(await codes(rule(wide)), ["domain_pattern_too_wide"]);
  assertEquals(await codes(rule(wide.replace("*good", "*.good"))), []);
  const inner = "effect: block, endpoint: {path_denylist: ['/a/**/b', '/c/**']}";
  const [warning] = await lint(rule(inner));
  assertEquals(warning?.code, "path_pattern_inner_stars");
  assertStringIncludes(warning?.message ?? "", "/a/**/b");
});

Deno.test("lintPolicy() names a destructive action that action overrules", async () => {
  const ask = "effect: block, endpoint: {destructive_action: require_approval";
  assertEquals(await codes(rule(`${ask}}`)), ["destructive_action_fragile"]);
  assertEquals(await codes(rule(`${ask}, action: block}`)), ["destructive_action_overruled"]);
  assertEquals(await codes(rule(`${ask}, action: require_approval}`)), []);
});

Deno.test("lintPolicy() names unreachable rules", async () => {
  const [warning] = await lint(
    "default_verdict: block\nrules:\n- {name: a, effect: block}\n- {name: b, effect: block}\n",
  );
  assertEquals([warning?.code, warning?.rule], ["rule_unreachable", "b"]);
});
