import { assert, assertEquals } from "@std/assert";
import { parsePolicy } from "../../../core/policy/parse_policy.ts";
import { unreachableRules } from "../../../core/policy/unreachable.ts";

async function hidden(...rules: string[]): Promise<string[]> {
  const text = `rules:\n${rules.map((rule, i) => `- {priority: ${i}, ${rule}}\n`).join("")}`;
  const { policy } = await parsePolicy(text, { source: "p.yaml" });
  return unreachableRules(policy).map(({ rule, coveredBy }) => `${rule.name}<${coveredBy}`);
}

Deno.test("unreachableRules() finds identical matches", async () => {
  assertEquals(
    await hidden(
      "name: a, effect: allow, match: {tool_names: [x, y], risk_classes: [low]}",
      "name: b, effect: block, match: {risk_classes: [LOW], tool_names: [Y, X]}",
    ),
    ["b<a"],
  );
});

Deno.test("unreachableRules() finds everything behind a rule that matches all", async () => {
  assertEquals(
    await hidden(
      "name: a, effect: allow, match: {tool_names: [x]}",
      "name: all, effect: block",
      "name: c, effect: allow, match: {tool_names: [z], risk_classes: [low], identities: [i]}",
      "name: d, effect: allow",
    ),
    ["c<all", "d<all"],
  );
});

Deno.test("unreachableRules() finds a narrower rule behind a wider one", async () => {
  const wide = "name: a, effect: allow, match: {tool_names: [x, y]}";
  assertEquals(await hidden(wide, "name: b, effect: block, match: {tool_names: [y]}"), ["b<a"]);
  assertEquals(
    await hidden(wide, "name: b, effect: block, match: {tool_names: [x, y], risk_classes: [low]}"),
    ["b<a"],
  );
  assertEquals(
    await hidden(
      wide,
      "name: b, effect: block, match: {tool_names: [x], risk_classes: [low], identities: [i]}",
    ),
    ["b<a"],
  );
});

Deno.test("unreachableRules() finds a rule that several earlier ones cover together", async () => {
  assertEquals(
    await hidden(
      "name: a, effect: allow, match: {tool_names: [x], risk_classes: [low]}",
      "name: b, effect: allow, match: {tool_names: [y], risk_classes: [low]}",
      "name: c, effect: block, match: {tool_names: [x, y], risk_classes: [low]}",
    ),
    ["c<a"],
  );
});

Deno.test("unreachableRules() spares rules that some intent reaches", async () => {
  const cases = [
    ["match: {tool_names: [x]}", "match: {tool_names: [x, y]}"],
    ["match: {tool_names: [x], risk_classes: [low]}", "match: {tool_names: [x]}"],
    ["match: {tool_names: [x]}", "match: {risk_classes: [low]}"],
    ["match: {require_delegation: true}", "match: {tool_names: [x]}"],
    ["match: {max_delegation_depth: 1}", "match: {max_delegation_depth: 2}"],
    ["match: {target_kinds: [url]}", "match: {destination_kinds: [url, host]}"],
  ];
  for (const [first, second] of cases) {
    assertEquals(
      await hidden(`name: a, effect: allow, ${first}`, `name: b, effect: block, ${second}`),
      [],
    );
  }
});

Deno.test("unreachableRules() trusts a path condition only where the effect reads it widely", async () => {
  const match = "match: {target_values: [/x]}";
  assertEquals(
    await hidden(`name: a, effect: allow, ${match}`, `name: b, effect: block, ${match}`),
    [],
  );
  assertEquals(
    await hidden(`name: a, effect: block, ${match}`, `name: b, effect: allow, ${match}`),
    [
      "b<a",
    ],
  );
  assertEquals(
    await hidden(`name: a, effect: allow, ${match}`, `name: b, effect: allow, ${match}`),
    [
      "b<a",
    ],
  );
});

Deno.test("unreachableRules() takes little time for many rules of one shape", async () => {
  const rules = Array.from({ length: 10_000 }, (_, i) => ({
    name: `r${i}`,
    priority: i,
    effect: "allow",
    match: { tool_names: ["shared", `t${i}`], risk_classes: ["low", `c${i % 7}`] },
  }));
  const { policy } = await parsePolicy(JSON.stringify({ rules }), { source: "p.json" });
  const start = performance.now();
  assertEquals(unreachableRules(policy).length, 0);
  assert(performance.now() - start < 2_000);
});
