import { assert, assertEquals } from "@std/assert";
import { type CompileOptions, compilePolicy } from "../../../core/gate/compile_policy.ts";
import { decide } from "../../../core/gate/decide.ts";
import type { Decision } from "../../../core/gate/decision.ts";
import type { NormalizedIntent } from "../../../core/intent/intent.ts";
import type { Policy } from "../../../core/policy/policy.ts";
import {
  from,
  intent,
  policy,
  rule,
  type RuleInput,
  target,
} from "../../support/gate_factories.ts";

function run(p: Policy, i: NormalizedIntent = intent(), options: CompileOptions = {}): Decision {
  return decide(compilePolicy(p, options), i);
}

/** Decides with one rule and a default. */
function withRule(
  given: RuleInput,
  i: NormalizedIntent = intent(),
  default_verdict: Policy["default_verdict"] = "require_approval",
): Decision {
  return run(policy({ default_verdict, rules: [rule(given)] }), i);
}

/** What the worked examples list: verdict, reasons, violations, rule. */
function summary(decision: Decision): readonly unknown[] {
  const { verdict, reason_codes, violations, rule } = decision;
  return [verdict, reason_codes.join(" "), violations.join(" "), rule?.name ?? "-"];
}

const link = {
  delegator_identity: "lead",
  delegate_identity: "spec",
  scope_class: "",
  token_ref: "",
  issued_at: "0001-01-01T00:00:00Z",
  expires_at: "0001-01-01T00:00:00Z",
};
const delegated = intent({
  delegation: {
    requester_identity: "spec",
    scope_class: "",
    token_refs: [],
    chain: [link],
    issued_at: "0001-01-01T00:00:00Z",
    expires_at: "0001-01-01T00:00:00Z",
  },
});
const file = (value: string, operation = "read") => target({ kind: "path", value, operation });
const onFile = (value: string, operation = "read") => intent({ targets: [file(value, operation)] });

Deno.test("decide() gives the default when no rule matches (E1, E2, E5)", () => {
  for (const verdict of ["allow", "block", "dry_run", "require_approval"] as const) {
    const decision = run(policy({ default_verdict: verdict }));
    assertEquals(summary(decision), [verdict, `default_${verdict}`, "", "-"]);
    assertEquals(decision.min_approvals, verdict === "require_approval" ? 1 : 0);
  }
});

Deno.test("decide() reports the codes of the matched rule (E3)", () => {
  const given: RuleInput = {
    name: "no-rm",
    effect: "block",
    match: { tool_names: ["t.delete"] },
    reason_codes: ["rc"],
    violations: ["v"],
  };
  assertEquals(summary(withRule(given, intent({ tool_name: "t.delete" }), "allow")), [
    "block",
    "rc",
    "v",
    "no-rm",
  ]);
});

Deno.test("decide() lets the first rule by priority and name decide (E4, E22)", () => {
  const tie = policy({
    rules: [
      rule({ name: "b", priority: 1, effect: "block" }),
      rule({ name: "a", priority: 1, effect: "allow" }),
    ],
  });
  assertEquals(summary(run(tie)), ["allow", "matched_rule_a", "", "a"]);
  const second = policy({
    rules: [
      rule({ name: "a", match: { tool_names: ["x"] } }),
      rule({
        name: "b",
        effect: "block",
        match: { workspace_prefixes: ["/w"], provenance_sources: ["tool_output"] },
      }),
    ],
  });
  const tainted = intent({ arg_provenance: [from("tool_output")] });
  assertEquals(summary(run(second, tainted)), ["block", "matched_rule_b", "", "b"]);
});

Deno.test("decide() fails closed before any rule (E6, E7, E8)", () => {
  const p = policy({
    default_verdict: "allow",
    rules: [rule({ name: "all" })],
    fail_closed: {
      enabled: true,
      risk_classes: ["critical", "high"],
      required_fields: ["arg_provenance", "targets"],
    },
  });
  assertEquals(summary(run(p, intent({ context: { risk_class: "high" } }))), [
    "block",
    "fail_closed_missing_arg_provenance fail_closed_missing_targets",
    "missing_arg_provenance missing_targets",
    "-",
  ]);
  assertEquals(run(p).verdict, "allow");
});

Deno.test("decide() tightens on tainted dataflow and never relaxes (E9, E10, G3)", () => {
  const i = intent({
    targets: [target({ kind: "url", value: "https://a.b" })],
    arg_provenance: [from("external")],
  });
  assertEquals(summary(withRule({ name: "df", dataflow: { enabled: true } }, i)), [
    "require_approval",
    "dataflow_tainted_destination matched_rule_df",
    "tainted_dataflow",
    "df",
  ]);
  const blocking: RuleInput = {
    name: "df",
    effect: "block",
    reason_codes: ["r1"],
    violations: ["v1"],
    dataflow: { enabled: true },
  };
  assertEquals(summary(withRule(blocking, i)), [
    "block",
    "dataflow_tainted_destination r1",
    "tainted_dataflow v1",
    "df",
  ]);
});

Deno.test("decide() wants one target to satisfy all destination lists of a dataflow block", () => {
  const given: RuleInput = {
    dataflow: { destination_kinds: ["url"], destination_operations: ["post"], action: "block" },
  };
  const arg_provenance = [from("external")];
  const get = target({ kind: "url", value: "https://a.b", operation: "get" });
  const posted = target({ kind: "path", value: "/x", operation: "post" });
  assertEquals(
    withRule(given, intent({ arg_provenance, targets: [get, posted] })).verdict,
    "allow",
  );
  const both = target({ kind: "url", value: "https://a.b", operation: "post" });
  assertEquals(withRule(given, intent({ arg_provenance, targets: [get, both] })).verdict, "block");
});

Deno.test("decide() applies path lists (E11, E12)", () => {
  const deny: RuleInput = { name: "ep", endpoint: { path_denylist: ["/etc/**"] } };
  const codes = "endpoint_constraint_violation endpoint_path_denied";
  assertEquals(summary(withRule(deny, onFile("/etc/hosts", "write"))), [
    "block",
    `${codes} matched_rule_ep`,
    codes,
    "ep",
  ]);
  const allow: RuleInput = {
    name: "ep",
    endpoint: { path_allowlist: ["/ok/**"], action: "require_approval" },
  };
  assertEquals(withRule(allow, onFile("/no/x", "write")).verdict, "require_approval");
  assertEquals(withRule(allow, onFile("/ok/x", "write")).verdict, "allow");
});

Deno.test("decide() gives destructive_action its own say (E13, E14, G4)", () => {
  const i = onFile("/x", "delete");
  const verdict = (endpoint: RuleInput["endpoint"]) =>
    withRule(endpoint === undefined ? {} : { endpoint }, i).verdict;
  assertEquals(verdict({ destructive_action: "require_approval" }), "require_approval");
  assertEquals(verdict({ destructive_action: "block" }), "block");
  const action = "require_approval";
  assertEquals(verdict({ destructive_action: "require_approval", action }), "require_approval");
  assertEquals(verdict({ destructive_action: "require_approval", action: "block" }), "block");
  assertEquals(verdict({ destructive_action: "block", action }), "block");
  // A list that is broken as well brings the default action, block.
  const listed = { destructive_action: "require_approval", path_denylist: ["/x"] } as const;
  assertEquals(verdict(listed), "block");
});

Deno.test("decide() collects all breaches (E15)", () => {
  const given: RuleInput = {
    name: "ep",
    endpoint: { domain_allowlist: ["*.good.com"], egress_classes: ["net.http"] },
  };
  const i = intent({
    targets: [target({ kind: "host", value: "good.com", operation: "resolve" })],
  });
  const codes = "endpoint_constraint_violation endpoint_domain_not_allowlisted " +
    "endpoint_egress_class_not_allowed";
  assertEquals(summary(withRule(given, i)), ["block", `${codes} matched_rule_ep`, codes, "ep"]);
});

Deno.test("decide() matches skills and data classes (E16, E17)", () => {
  const skill = intent({
    skill_provenance: {
      skill_name: "s",
      skill_version: "",
      source: "registry",
      publisher: "Acme",
      digest: "",
      signature_key_id: "",
    },
  });
  const match = { skill_publishers: ["acme"], skill_sources: ["registry"] };
  assertEquals(withRule({ match }, skill, "block").verdict, "allow");
  assertEquals(withRule({ match }, intent(), "block").verdict, "block");
  const pii = intent({ targets: [{ ...file("/x"), sensitivity: "pii" }] });
  const dc: RuleInput = { effect: "require_approval", match: { data_classes: ["pii"] } };
  assertEquals(withRule(dc, pii, "block").verdict, "require_approval");
});

Deno.test("decide() leaves brokers and tokens to later steps (E18, E19)", () => {
  assertEquals(withRule({ require_broker_credential: true }).verdict, "allow");
  const match = {
    require_delegation: true,
    allowed_delegator_identities: ["lead"],
    max_delegation_depth: 1,
  };
  assertEquals(withRule({ match }, delegated, "block").verdict, "allow");
  assertEquals(withRule({ match }, intent(), "block").verdict, "block");
});

Deno.test("decide() limits the depth of a delegation, 0 included (E20)", () => {
  const match = { max_delegation_depth: 0 };
  assertEquals(withRule({ match }, delegated, "block").reason_codes, ["default_block"]);
  // A limit asks for a delegation even when it asks for nothing else.
  assertEquals(withRule({ match }, intent(), "block").verdict, "block");
});

Deno.test("decide() asks for the approvals of the rule, one at least (E21)", () => {
  const given: RuleInput = { name: "My Rule-1", effect: "require_approval", min_approvals: 2 };
  assertEquals(summary(withRule(given)), [
    "require_approval",
    "matched_rule_my_rule_1",
    "",
    "My Rule-1",
  ]);
  assertEquals(withRule(given).min_approvals, 2);
  assertEquals(withRule({ effect: "require_approval" }).min_approvals, 1);
  assertEquals(withRule({ effect: "allow", min_approvals: 2 }).min_approvals, 2);
});

Deno.test("decide() treats workspace prefixes as directories (G10)", () => {
  const verdict = (prefix: string, workspace: string) =>
    withRule(
      { match: { workspace_prefixes: [prefix] } },
      intent({ context: { workspace } }),
      "block",
    ).verdict;
  assertEquals(verdict("/w", "/w"), "allow");
  assertEquals(verdict("/w", "/w/x"), "allow");
  assertEquals(verdict("/w/", "/w"), "allow");
  assertEquals(verdict("/", "/anything"), "allow");
  assertEquals(verdict("/w", "/wxyz"), "block");
  assertEquals(verdict("/w", "/w/../etc"), "block");
  assertEquals(verdict("/w", "/v/../w/x"), "block");
});

Deno.test("decide() sees through the spelling of a path in match blocks (G1)", () => {
  for (const value of ["/etc/./passwd", "/etc//passwd", "/etc/x/../passwd", "/etc/passwd/"]) {
    const block: RuleInput = { effect: "block", match: { target_values: ["/etc/passwd"] } };
    assertEquals(withRule(block, onFile(value), "allow").verdict, "block", value);
    const allow: RuleInput = { effect: "allow", match: { target_values: ["/etc/passwd"] } };
    assertEquals(withRule(allow, onFile(value), "block").verdict, "block", value);
  }
});

Deno.test("decide() takes the strictest reading of an odd spelling (G1)", () => {
  // As spelled the call falls to the last rule; as cleaned it would only need an approval.
  const p = policy({
    default_verdict: "allow",
    rules: [
      rule({ name: "a", effect: "require_approval", match: { target_values: ["/srv/x"] } }),
      rule({ name: "b", effect: "block" }),
    ],
  });
  assertEquals(run(p, onFile("/srv/x")).verdict, "require_approval");
  assertEquals(run(p, onFile("/srv/./x")).verdict, "block");
  // An allow rule that an odd spelling dodges still brings its endpoint block.
  const guard = policy({
    default_verdict: "allow",
    rules: [
      rule({ match: { target_values: ["/srv/x"] }, endpoint: { path_denylist: ["/srv/*"] } }),
    ],
  });
  assertEquals(run(guard, onFile("/srv/./x")).verdict, "block");
});

Deno.test("decide() checks declared and inferred domain (G2)", () => {
  const verdict = (endpoint: RuleInput["endpoint"], domain: string) =>
    withRule(
      endpoint === undefined ? {} : { endpoint },
      intent({
        targets: [
          target({ kind: "url", value: "https://evil.example/", endpoint_domain: domain }),
        ],
      }),
    ).verdict;
  assertEquals(verdict({ domain_allowlist: ["*.good.example"] }, "a.good.example"), "block");
  assertEquals(verdict({ domain_denylist: ["evil.example"] }, "a.good.example"), "block");
  assertEquals(verdict({ domain_denylist: ["a.good.example"] }, "a.good.example"), "block");
  assertEquals(verdict({ domain_denylist: ["x.example"] }, "a.good.example"), "allow");
});

Deno.test("decide() refuses a network target that hides its host under any network list (G2)", () => {
  const lists = [
    [{ domain_allowlist: ["*"] }, "endpoint_domain_not_allowlisted"],
    [{ domain_denylist: ["x"] }, "endpoint_domain_denied"],
    [{ egress_classes: ["net.http"] }, "endpoint_egress_class_not_allowed"],
  ] as const;
  const hidden = [
    target({ kind: "url", value: "evil.example/x" }),
    target({ kind: "url", value: "https://e\\@a.good/ x", endpoint_domain: "a.good" }),
    target({ kind: "host", value: "[", inferredDomain: "" }),
    target({ kind: "bucket", value: "b", endpoint_class: "net.http" }),
    target({ kind: "other", value: "b", endpoint_class: "ui.click", inferredClass: "net.http" }),
  ];
  for (const [endpoint, code] of lists) {
    for (const t of hidden) {
      const decision = withRule({ endpoint }, intent({ targets: [t] }));
      assertEquals(decision.verdict, "block", `${code} ${t.kind} ${t.value}`);
      assert(decision.reason_codes.includes(code), `${code} ${t.kind} ${t.value}`);
    }
    const plain = intent({ targets: [target({ kind: "bucket", value: "b" }), file("/x")] });
    assertEquals(withRule({ endpoint }, plain).verdict, "allow");
  }
  assertEquals(
    withRule({ endpoint: { path_denylist: ["/n"] } }, intent({ targets: hidden })).verdict,
    "allow",
  );
});

Deno.test("decide() checks declared and inferred class (G2)", () => {
  const t = target({
    kind: "other",
    value: "ls",
    endpoint_class: "ui.click",
    inferredClass: "proc.exec",
    destructive: false,
  });
  const i = intent({ targets: [t] });
  const match = { endpoint_classes: ["proc.exec"] };
  assertEquals(withRule({ effect: "block", match }, i, "allow").verdict, "block");
  const clicks = { endpoint_classes: ["ui.click"] };
  assertEquals(withRule({ effect: "allow", match: clicks }, i, "block").verdict, "block");
  assertEquals(withRule({ endpoint: { destructive_action: "block" } }, i).verdict, "block");
  // An inferred `other` contradicts nothing.
  const queue = intent({
    targets: [target({ kind: "queue", value: "q", endpoint_class: "net.http" })],
  });
  const http = { endpoint_classes: ["net.http"] };
  assertEquals(withRule({ effect: "allow", match: http }, queue, "block").verdict, "allow");
});

Deno.test("decide() folds case only where the file system does", () => {
  const p = policy({ rules: [rule({ endpoint: { path_denylist: ["/Etc/**"] } })] });
  assertEquals(run(p, onFile("/etc/x")).verdict, "allow");
  assertEquals(run(p, onFile("/etc/x"), { fsCase: "insensitive" }).verdict, "block");
  const m = policy({
    default_verdict: "allow",
    rules: [rule({
      effect: "block",
      match: { target_values: ["/A"], workspace_prefixes: ["/W"] },
    })],
  });
  assertEquals(run(m, onFile("/a")).verdict, "allow");
  assertEquals(run(m, onFile("/a"), { fsCase: "insensitive" }).verdict, "block");
});

Deno.test("decide() reads Windows paths on Windows", () => {
  const p = policy({ rules: [rule({ endpoint: { path_allowlist: ["C:\\work\\**"] } })] });
  const windows: CompileOptions = { platform: "windows", fsCase: "insensitive" };
  assertEquals(run(p, onFile("c:\\WORK\\a"), windows).verdict, "allow");
  assertEquals(run(p, onFile("C:\\work\\..\\x"), windows).verdict, "block");
});

Deno.test("decide() treats names of object members as plain values", () => {
  const p = policy({
    default_verdict: "allow",
    rules: [rule({ effect: "block", match: { tool_names: ["__proto__", "constructor"] } })],
  });
  assertEquals(run(p, intent({ tool_name: "__proto__" })).verdict, "block");
  assertEquals(run(p, intent({ tool_name: "tostring" })).verdict, "allow");
});

Deno.test("decide() is not disturbed by earlier decisions", () => {
  const compiled = compilePolicy(policy({
    default_verdict: "block",
    rules: [rule({ match: { tool_names: ["t"], identities: ["a"] } })],
  }));
  assertEquals(decide(compiled, intent()).verdict, "allow");
  const other = intent({ tool_name: "t", context: { identity: "b" } });
  assertEquals(decide(compiled, other).verdict, "block");
  assertEquals(decide(compiled, intent({ tool_name: "x" })).verdict, "block");
  assertEquals(decide(compiled, intent()).verdict, "allow");
});

Deno.test("decide() shares decisions only frozen", () => {
  const decision = withRule({ reason_codes: ["rc"] });
  assert(Object.isFrozen(decision) && Object.isFrozen(decision.reason_codes));
});

Deno.test("decide() stays bounded on ten thousand targets and long lists", () => {
  const numbers = Array.from({ length: 10_000 }, (_, n) => n);
  const p = policy({
    rules: [rule({
      endpoint: {
        path_denylist: numbers.map((n) => `/deny/${n}/*.key${n}`),
        path_allowlist: ["/srv/**"],
        domain_denylist: numbers.map((n) => `*evil${n}.example`),
      },
    })],
  });
  const compiled = compilePolicy(p);
  const targets = numbers.map((n) =>
    n % 2 === 0
      ? file(`/srv/data/${n}/./file.txt`)
      : target({ kind: "url", value: `https://h${n}.ok/` })
  );
  const start = performance.now();
  assertEquals(decide(compiled, intent({ targets })).verdict, "allow");
  assert(performance.now() - start < 2_000);
});

Deno.test("decide() stays bounded when many common rules meet many common values", () => {
  const values = Array.from({ length: 40 }, (_, n) => `/v/${n}`);
  const rules = Array.from({ length: 8_000 }, (_, n) =>
    rule({
      name: `r${n}`,
      effect: "block",
      match: {
        target_values: [values[n % 40] ?? ""],
        destination_values: [values[(n + 7) % 40] ?? ""],
        data_classes: [`d${n % 60}`],
        identities: ["nobody", "somebody"],
      },
    }));
  const compiled = compilePolicy(policy({ default_verdict: "allow", rules }));
  const targets = values.flatMap((value, n) => [{ ...file(value), sensitivity: `d${n}` }]);
  const start = performance.now();
  for (let i = 0; i < 100; i++) {
    assertEquals(decide(compiled, intent({ targets })).verdict, "allow");
  }
  assert(performance.now() - start < 2_000);
});
