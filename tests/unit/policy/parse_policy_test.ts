import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import { policyDigest } from "../../../core/policy/digest.ts";
import type { PolicyFinding } from "../../../core/policy/finding.ts";
import type { Policy, Rule } from "../../../core/policy/policy.ts";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";
import { digester } from "./_vectors.ts";

async function read(text: string | Uint8Array, source = "policy.yaml"): Promise<Policy> {
  return (await parsePolicy(text, { source })).policy;
}

async function readRule(fields: string): Promise<Rule> {
  const { rules } = await read(`rules:\n- {name: r, effect: allow, ${fields}}\n`);
  const [rule] = rules;
  assert(rule !== undefined);
  return rule;
}

async function refuse(text: string | Uint8Array, source = "policy.yaml"): Promise<GaitError> {
  return await assertRejects(() => parsePolicy(text, { source }), GaitError);
}

function findingsOf(error: GaitError): PolicyFinding[] {
  return error.details.findings as PolicyFinding[];
}

Deno.test("parsePolicy() fills in the defaults of an empty text", async () => {
  assertEquals(await read(""), {
    schema_id: "gait.gate.policy",
    schema_version: "1.0.0",
    default_verdict: "require_approval",
    fail_closed: { enabled: false, risk_classes: [], required_fields: [] },
    rules: [],
  });
});

Deno.test("parsePolicy() turns scalars into texts as the reference does", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["1", "1"],
    ["1.50", "1.5"],
    ["007", "7"],
    ["0x10", "16"],
    ["0o17", "15"],
    ["0b11", "3"],
    ["+1", "1"],
    ["-7", "-7"],
    ["1.", "1"],
    [".5", "0.5"],
    ["1e3", "1e3"],
    ["1.5e3", "1500"],
    ["1.5e30", "1.5e+30"],
    ["0.000012", "1.2e-05"],
    ["-0.0", "-0"],
    ["1.2.3", "1.2.3"],
    ["true", "true"],
    ["True", "true"],
    ["yes", "yes"],
    ["null", ""],
    ["~", ""],
    ['"007"', "007"],
    ["'null'", "null"],
    ["2026-01-01", "2026-01-01"],
  ];
  for (const [written, expected] of cases) {
    assertEquals(
      (await readRule(`broker_reference: ${written}`)).broker_reference,
      expected,
      written,
    );
  }
});

Deno.test("parsePolicy() refuses spellings that readers disagree about", async () => {
  for (const text of [".inf", "-.inf", ".nan", "010", "08", "1_000", "99999999999999999999"]) {
    const error = await refuse(`rules:\n- {name: ${text}, effect: allow}\n`);
    assertEquals(error.code, "yaml_unsupported");
    assertStringIncludes(error.message, text);
  }
});

Deno.test("parsePolicy() reads integers in every accepted notation", async () => {
  const cases: readonly (readonly [string, number])[] = [
    ["5", 5],
    ["-3", -3],
    ['"5"', 5],
    ["0x10", 16],
    ["007", 7],
    ["1.0", 1],
    ["1e3", 1000],
    ["null", 0],
    ["-0", 0],
  ];
  for (const [written, expected] of cases) {
    assertEquals((await readRule(`priority: ${written}`)).priority, expected, written);
  }
});

Deno.test("parsePolicy() refuses what is no exact integer", async () => {
  const bad = ["1.9", '"1.9"', "abc", "true", "9007199254740994", '""', "[1]", "{a: 1}", '" 5"'];
  for (const written of bad) {
    const error = await refuse(`rules:\n- {name: a, effect: allow, priority: ${written}}\n`);
    assertEquals(error.code, "policy_invalid", written);
    assertStringIncludes(error.message, "priority");
  }
  const overflow = await refuse(
    "rules:\n- {name: a, effect: allow, priority: 99999999999999999999}",
  );
  assertEquals(overflow.code, "yaml_unsupported");
});

Deno.test("parsePolicy() warns about null where a value is expected", async () => {
  const text = "rules:\n- {name: a, effect: allow, priority: null, min_approvals: ~}\n";
  const { warnings } = await parsePolicy(text, { source: "p.yaml" });
  assertEquals(warnings.map(({ code, path }) => [code, path]), [
    ["null_value", "rules[0].min_approvals"],
    ["null_value", "rules[0].priority"],
  ]);
});

Deno.test("parsePolicy() takes null for absent maps and lists", async () => {
  const policy = await read("rules: null\nfail_closed:\n");
  assertEquals(policy.rules, []);
  const rule = await readRule("match: null, endpoint: ~, reason_codes: null, dataflow: null");
  assertEquals(rule.endpoint.enabled, false);
  assertEquals(rule.reason_codes, []);
});

Deno.test("parsePolicy() sorts rules by priority, then by code point of the name", async () => {
  const { rules } = await read(
    'rules:\n- {name: "\u{1F600}", effect: allow}\n- {name: "\uFB33", effect: allow}\n' +
      "- {name: b, effect: allow, priority: -1}\n- {name: a, effect: allow, priority: 1}\n",
  );
  assertEquals(rules.map(({ name }) => name), ["b", "\uFB33", "\u{1F600}", "a"]);
});

Deno.test("parsePolicy() folds with simple case mapping and keeps case where it counts", async () => {
  const { match } = await readRule('match: {tool_names: ["İX", ΑΣ], identities: [Bob, bob]}');
  assertEquals(match.tool_names, ["ix", "ας".replace("ς", "σ")]);
  assertEquals(match.identities, ["Bob", "bob"]);
});

Deno.test("parsePolicy() switches endpoint and dataflow on where the text implies it", async () => {
  const destructive = await readRule("endpoint: {destructive_action: require_approval}");
  assertEquals(destructive.endpoint.enabled, true);
  assertEquals(destructive.endpoint.action, "block");
  assertEquals(destructive.endpoint.actionIsExplicit, false);
  const idle = await readRule("endpoint: {action: Whatever}, dataflow: {action: odd}");
  assertEquals([idle.endpoint.enabled, idle.endpoint.action], [false, ""]);
  assertEquals(idle.endpoint.unusedAction, "whatever");
  assertEquals(idle.dataflow.unusedAction, "odd");
  const flow = await readRule("dataflow: {destination_kinds: [URL]}");
  assertEquals(flow.dataflow.tainted_sources, ["external", "tool_output"]);
  assertEquals(flow.dataflow.action, "require_approval");
});

Deno.test("parsePolicy() forces distinct approvers when there are several", async () => {
  assertEquals((await readRule("min_approvals: 2")).require_distinct_approvers, true);
  assertEquals((await readRule("min_approvals: 1")).require_distinct_approvers, false);
});

Deno.test("parsePolicy() reads approval rules and refuses contradictions", async () => {
  const { approval } = await readRule("approval: {single_use: true, max_ttl: ' 1h30m '}");
  assertEquals(approval, { single_use: true, reusable: false, max_ttl: "1h30m" });
  const bad = [
    "{single_use: true, reusable: true}",
    "{max_ttl: 1d}",
    "{max_ttl: 0s}",
    "{max_ttl: -1h}",
  ];
  for (const written of [...bad, "{max_ttl: 5}", "{once: true}", "[single_use]"]) {
    const error = await refuse(`rules:\n- {name: a, effect: allow, approval: ${written}}\n`);
    assertEquals(error.code, "policy_invalid", written);
  }
});

Deno.test("parsePolicy() reports every finding with place, key and suggestion", async () => {
  const error = await refuse(
    "default_verdit: allow\nrules:\n- name: a\n  efect: allow\n  match: {tools: [x]}\n" +
      "- {name: a, effect: allow, min_approvals: -1}\n",
  );
  assertEquals(error.code, "policy_invalid");
  assertEquals(error.message, 'unknown field "default_verdit", did you mean "default_verdict"?');
  assertEquals(error.place, { source: "policy.yaml", line: 1, column: 1, path: "default_verdit" });
  assertEquals(
    findingsOf(error).map(({ line, column, path, key, nearest }) => ({
      at: `${line}:${column}`,
      path,
      key,
      nearest,
    })),
    [
      { at: "1:1", path: "default_verdit", key: "default_verdit", nearest: "default_verdict" },
      { at: "3:3", path: "rules[0].effect", key: "effect", nearest: undefined },
      { at: "4:3", path: "rules[0].efect", key: "efect", nearest: "effect" },
      { at: "5:11", path: "rules[0].match.tools", key: "tools", nearest: undefined },
      { at: "6:10", path: "rules[1].name", key: "name", nearest: undefined },
      { at: "6:43", path: "rules[1].min_approvals", key: "min_approvals", nearest: undefined },
    ],
  );
});

Deno.test("parsePolicy() suggests the nearest word of a closed set", async () => {
  const error = await refuse("default_verdict: require-approvals\n");
  assertStringIncludes(error.message, "invalid default_verdict: require-approvals");
  assertEquals(findingsOf(error)[0]?.nearest, "require_approval");
});

Deno.test("parsePolicy() caps its findings and counts the rest", async () => {
  const keys = Array.from({ length: 5000 }, (_, i) => `unknown_${i}: 1\n`).join("");
  const error = await refuse(keys);
  assertEquals(findingsOf(error).length, LIMITS.findings);
  assertEquals(error.details.findings_total, 5000);
  assertStringIncludes(error.hint, "4999 more");
});

Deno.test("parsePolicy() keeps messages on one short line", async () => {
  const error = await refuse(`? "${"k".repeat(100_000)}\\n\\x1b[31m"\n: 1\n`);
  assert(error.message.length < 300);
  assert(!error.message.includes("\n") && !error.message.includes("\u001b"));
});

Deno.test("parsePolicy() gives one digest for YAML, JSON and JSONC", async () => {
  const json = `{"default_verdict": "block", "rules": [
    {"name": 7, "effect": "allow", "priority": 1.0, "match": {"tool_names": ["B", 1.50, null]}}]}`;
  const jsonc = `// why\n${json.replace('"rules"', '/* all */ \n // the rules\n "rules"')}`;
  const yaml = "default_verdict: block\nrules:\n- match:\n    tool_names: [1.5, b]\n" +
    '  name: "7"\n  effect: ALLOW\n  priority: 1\n';
  const digests = new Set<string>();
  const inputs = [[json, "p.json"], [jsonc, "p.jsonc"], [json, "p.yaml"], [yaml, "p.yml"], [
    json,
    "-",
  ]];
  for (const [text = "", source = ""] of inputs) {
    digests.add(await policyDigest(await read(text, source), digester));
  }
  assertEquals(digests.size, 1);
});

Deno.test("parsePolicy() reads a YAML flow mapping that is no JSON", async () => {
  assertEquals((await read("{default_verdict: block}\n")).default_verdict, "block");
});

Deno.test("parsePolicy() reads braces as a reader of YAML would", async () => {
  const { fail_closed } = await read('{"fail_closed": {"risk_classes": [1 // 2\n]}}');
  assertEquals(fail_closed.risk_classes, ["1 // 2"]);
  assertEquals((await refuse('{"rules": [}')).code, "json_syntax");
  assertEquals((await refuse("{rules: [}")).code, "yaml_syntax");
});

Deno.test("parsePolicy() shows invisible characters of names as escapes", async () => {
  const error = await refuse('{"\u202erules\u200b": []}', "p.json");
  assertStringIncludes(error.message, '"\\u202erules\\u200b"');
});

Deno.test("parsePolicy() honours the format that the caller names", async () => {
  const bad = await assertRejects(
    () => parsePolicy("default_verdict: block", { source: "x.yaml", format: "json" }),
    GaitError,
  );
  assertEquals(bad.code, "json_syntax");
  const comment = '{"rules": [] /* none */}';
  const strict = await refuse(comment, "p.json");
  assertEquals(strict.code, "json_syntax");
  assertEquals((await read(comment, "p.jsonc")).rules, []);
});

Deno.test("parsePolicy() refuses wrong shapes in place", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["null\n", "null was used where mapping is expected"],
    ["- a\n", "sequence was used where mapping is expected"],
    ["hello\n", "string was used where mapping is expected"],
    ["rules: {a: b}\n", "mapping was used where sequence is expected"],
    ["rules: [hello]\n", "string was used where mapping is expected"],
    ["rules: [[a]]\n", "sequence was used where mapping is expected"],
    ["rules: [null]\n", "rule name is required"],
    ["fail_closed: {risk_classes: a}\n", "string was used where sequence is expected"],
    ["fail_closed: {risk_classes: [[a]]}\n", "sequence was used where string is expected"],
    ["default_verdict: [allow]\n", "sequence was used where string is expected"],
    ["fail_closed: {enabled: {}}\n", "mapping was used where bool is expected"],
  ];
  for (const [text, message] of cases) {
    const error = await refuse(text);
    assertEquals(error.code, "policy_invalid", text);
    assertStringIncludes(error.message, message);
  }
});

Deno.test("parsePolicy() treats hostile key names as unknown fields", async () => {
  for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const error = await refuse(`{"${key}": {"enabled": true}}`, "p.json");
    assertStringIncludes(error.message, `unknown field "${key}"`);
    const nested = await refuse(`rules:\n- {name: a, effect: allow, match: {${key}: [x]}}\n`);
    assertStringIncludes(nested.message, `unknown field "${key}"`);
  }
  assertEquals(({} as Record<string, unknown>).enabled, undefined);
});

Deno.test("parsePolicy() refuses bad encodings and byte order marks", async () => {
  const invalid = await refuse(new Uint8Array([0x61, 0xff, 0x3a]));
  assertEquals(invalid.code, "text_encoding");
  const surrogate = await refuse('default_verdict: "\ud800"\n');
  assertEquals(surrogate.code, "text_encoding");
  const marked = await refuse("\uFEFFdefault_verdict: allow\n");
  assertEquals(marked.code, "text_encoding");
  assertStringIncludes(marked.message, '"default_verdict"');
  assertEquals((await refuse("\uFEFF")).code, "text_encoding");
  assertEquals((await refuse("\uFEFF{}")).code, "text_encoding");
  assertEquals((await refuse("\uFEFF{}", "p.json")).code, "text_encoding");
});

Deno.test("parsePolicy() refuses duplicate keys in both languages", async () => {
  const yaml = await refuse("default_verdict: allow\ndefault_verdict: block\n");
  assertEquals(yaml.code, "yaml_duplicate_key");
  const json = await refuse('{"rules": [], "rules": []}', "p.json");
  assertEquals(json.code, "json_duplicate_key");
  assertEquals((await refuse('{"rules": [], "rules": []}')).code, "json_duplicate_key");
});

Deno.test("parsePolicy() refuses inputs beyond its limits", async () => {
  const large = await refuse("#".repeat(LIMITS.policyBytes + 1));
  assertEquals(large.code, "input_too_large");
  const deep = await refuse(`{"rules": ${"[".repeat(5000)}`, "p.json");
  assertEquals(deep.code, "text_too_deep");
  const many = `rules:\n${"- {}\n".repeat(LIMITS.policyRules + 1)}`;
  const rules = await refuse(many);
  assertStringIncludes(rules.message, String(LIMITS.policyRules));
});

Deno.test("parsePolicy() reads ten thousand rules in little time", async () => {
  const rules = Array.from({ length: 10_000 }, (_, i) => ({
    name: `rule-${i}`,
    priority: i,
    effect: "allow",
    match: { tool_names: [`tool.${i}`] },
  }));
  const start = performance.now();
  const { rules: read_ } = await read(JSON.stringify({ rules }), "p.json");
  assertEquals(read_.length, 10_000);
  assert(performance.now() - start < 5_000);
});

Deno.test("parsePolicy() names duplicate rules after trimming", async () => {
  const error = await refuse(
    'rules:\n- {name: a, effect: allow}\n- {name: " a ", effect: block}\n- {name: A, effect: block}\n',
  );
  assertEquals(error.message, "duplicate rule name a, first used in line 2");
  assertEquals(findingsOf(error).length, 1);
});
