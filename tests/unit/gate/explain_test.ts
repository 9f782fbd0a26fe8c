import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compilePolicy } from "../../../core/gate/compile_policy.ts";
import type { Explanation } from "../../../core/gate/decision.ts";
import { explain } from "../../../core/gate/explain.ts";
import { renderExplanation } from "../../../core/gate/render_explanation.ts";
import type { NormalizedIntent } from "../../../core/intent/intent.ts";
import type { Policy, RuleMatch } from "../../../core/policy/policy.ts";
import { from, intent, policy, rule, target } from "../../support/gate_factories.ts";

function run(p: Policy, i: NormalizedIntent = intent()): Explanation {
  return explain(compilePolicy(p), i);
}

Deno.test("explain() names the first failing condition of every rule", () => {
  const failing: readonly (readonly [Partial<RuleMatch>, string])[] = [
    [{ tool_names: ["x"] }, "tool_names"],
    [{ risk_classes: ["x"] }, "risk_classes"],
    [{ identities: ["x"] }, "identities"],
    [{ workspace_prefixes: ["/x"] }, "workspace_prefixes"],
    [{ target_kinds: ["x"] }, "target_kinds"],
    [{ destination_kinds: ["x"] }, "destination_kinds"],
    [{ target_values: ["x"] }, "target_values"],
    [{ destination_values: ["x"] }, "destination_values"],
    [{ destination_operations: ["x"] }, "destination_operations"],
    [{ endpoint_classes: ["fs.read"] }, "endpoint_classes"],
    [{ data_classes: ["x"] }, "data_classes"],
    [{ provenance_sources: ["x"] }, "provenance_sources"],
    [{ skill_publishers: ["x"] }, "skill_publishers"],
    [{ skill_sources: ["x"] }, "skill_sources"],
    [{ allowed_delegator_identities: ["x"] }, "allowed_delegator_identities"],
    [{ allowed_delegate_identities: ["x"] }, "allowed_delegate_identities"],
    [{ delegation_scopes: ["x"] }, "delegation_scopes"],
    [{ require_delegation: true }, "require_delegation"],
    [{ max_delegation_depth: 1 }, "max_delegation_depth"],
  ];
  for (const [match, condition] of failing) {
    // The tool matches, so the condition that is named must be the other one.
    const full = match.tool_names === undefined ? { ...match, tool_names: ["t"] } : match;
    const { stage, trials } = run(policy({ rules: [rule({ match: full })] }));
    assertEquals(stage, "default");
    assertEquals(trials[0]?.outcome, "not_matched");
    assertEquals(trials[0]?.failed_condition, condition);
  }
});

Deno.test("explain() shows what was wanted and what was there", () => {
  const values = Array.from({ length: 9 }, (_, n) => `/v/${n}`);
  const p = policy({ rules: [rule({ match: { target_values: values } })] });
  const targets = [target({ kind: "path", value: `/${"x".repeat(500)}` })];
  const [trial] = run(p, intent({ targets })).trials;
  assertEquals(trial?.expected, [...values.slice(0, 5), "… 4 more"]);
  assertEquals(trial?.actual?.length, 1);
  assert((trial?.actual?.[0]?.length ?? 999) < 200);
});

Deno.test("explain() tells the length of a chain that is too long", () => {
  const link = {
    delegator_identity: "a",
    delegate_identity: "b",
    scope_class: "",
    token_ref: "",
    issued_at: "",
    expires_at: "",
  };
  const i = intent({
    delegation: {
      requester_identity: "b",
      scope_class: "",
      token_refs: [],
      chain: [link, link],
      issued_at: "",
      expires_at: "",
    },
  });
  const [trial] = run(policy({ rules: [rule({ match: { max_delegation_depth: 1 } })] }), i).trials;
  assertEquals(trial?.failed_condition, "max_delegation_depth");
  assertEquals([trial?.expected, trial?.actual], [["a chain of at most 1"], ["a chain of 2"]]);
});

Deno.test("explain() marks rules behind the deciding one as not reached", () => {
  const p = policy({
    rules: [
      rule({ name: "a", match: { tool_names: ["x"] } }),
      rule({ name: "b", effect: "block" }),
      rule({ name: "c" }),
    ],
  });
  const { stage, trials, decision } = run(p);
  assertEquals(stage, "rule");
  assertEquals(decision.rule?.name, "b");
  assertEquals(trials.map(({ outcome }) => outcome), ["not_matched", "matched", "not_reached"]);
});

Deno.test("explain() reaches no rule when fail_closed stops", () => {
  const p = policy({
    rules: [rule()],
    fail_closed: { enabled: true, risk_classes: ["low"], required_fields: ["targets"] },
  });
  const { stage, trials } = run(p);
  assertEquals(stage, "fail_closed");
  assertEquals(trials.map(({ outcome }) => outcome), ["not_reached"]);
});

Deno.test("explain() tells what tightened the verdict", () => {
  const p = policy({
    rules: [rule({
      dataflow: { enabled: true },
      endpoint: { domain_denylist: ["*.bad.example"], destructive_action: "block" },
    })],
  });
  const targets = [
    target({ kind: "url", value: "https://x.bad.example/" }),
    target({ kind: "other", value: "rm", operation: "exec" }),
  ];
  const { adjustments } = run(p, intent({ targets, arg_provenance: [from("external")] }));
  assertEquals(adjustments.length, 2);
  assertStringIncludes(adjustments[0] ?? "", "allow becomes require_approval");
  assertStringIncludes(
    adjustments[1] ?? "",
    'endpoint_domain_denied at url "https://x.bad.example/"',
  );
  assertStringIncludes(adjustments[1] ?? "", 'endpoint_destructive_operation at other "rm"');
  assertStringIncludes(adjustments[1] ?? "", "require_approval becomes block");
});

Deno.test("explain() says when the spelling of a path mattered", () => {
  const p = policy({ rules: [rule({ effect: "block", match: { target_values: ["/a"] } })] });
  const { adjustments } = run(p, intent({ targets: [target({ kind: "path", value: "/./a" })] }));
  assertStringIncludes(adjustments[0] ?? "", "can be read in two ways");
});

Deno.test("renderExplanation() writes lines without control characters", () => {
  const name = "x\u001b[2J\u202e\nnext";
  const p = policy({
    rules: [rule({ name, match: { tool_names: ["y"] } }), rule({ name: "z", effect: "block" })],
  });
  const lines = renderExplanation(run(p));
  assertEquals(lines[0], "verdict: block");
  assertEquals(lines[1], 'decided by rule "z" with effect block');
  assertEquals(lines[2], 'reason codes: "matched_rule_z"');
  assertEquals(lines[3], "rules:");
  assertStringIncludes(lines[4] ?? "", 'tool_names wants "y", the intent has "t"');
  // deno-lint-ignore no-control-regex -- control characters are what must not be there
  for (const line of lines) assertEquals(/[\u0000-\u001f\u007f-\u009f\u202e]/.test(line), false);
});

Deno.test("renderExplanation() keeps long policies short", () => {
  const rules = Array.from({ length: 300 }, (_, n) => {
    return rule({ name: `r${String(n).padStart(3, "0")}`, match: { tool_names: ["x"] } });
  });
  const lines = renderExplanation(run(policy({ rules: [...rules, rule({ name: "z" })] })));
  assert(lines.length < 70);
  assert(lines.some((line) => line.includes("251 earlier rules did not match")));
});

Deno.test("renderExplanation() tells default and fail_closed apart", () => {
  assertEquals(renderExplanation(run(policy()))[1], "no rule matched; decided by default_verdict");
  const guarded = policy({
    fail_closed: { enabled: true, risk_classes: ["low"], required_fields: ["targets"] },
  });
  const lines = renderExplanation(run(guarded));
  assertEquals(lines[1], "decided by fail_closed, before any rule");
  assertEquals(lines[3], 'violations: "missing_targets"');
});

Deno.test("explain() stays bounded on many rules that fail on many targets", () => {
  const numbers = Array.from({ length: 5_000 }, (_, n) => n);
  const rules = numbers.map((n) =>
    rule({ name: `r${n}`, match: { target_values: [`/rule/${n}`] } })
  );
  const targets = numbers.map((n) => target({ kind: "path", value: `/target/${n}` }));
  const compiled = compilePolicy(policy({ rules }));
  const start = performance.now();
  assertEquals(explain(compiled, intent({ targets })).trials.length, 5_000);
  assert(performance.now() - start < 2_000);
});
