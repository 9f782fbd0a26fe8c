import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compilePolicy } from "../../core/gate/compile_policy.ts";
import { decide } from "../../core/gate/decide.ts";
import { compileGlob, matchesGlob } from "../../core/gate/glob.ts";
import { strictness } from "../../core/gate/strictness.ts";
import type { NormalizedIntent } from "../../core/intent/intent.ts";
import type { Policy, Rule, Verdict } from "../../core/policy/policy.ts";
import { policy, rule } from "../support/gate_factories.ts";
import { anyIntent, anyMatch, anyPolicy, someRules } from "../support/gate_arbitraries.ts";

const SEED = 20260214;

function verdict(p: Policy, i: NormalizedIntent): Verdict {
  return decide(compilePolicy(p), i).verdict;
}

/** The policy with one rule more, before all others. */
function withFirst(p: Policy, first: Rule): Policy {
  return policy({ ...p, rules: [{ ...first, name: "", priority: -1 }, ...p.rules] });
}

Deno.test("decide() gives the same answer every time and leaves its arguments alone", () => {
  fc.assert(
    fc.property(anyPolicy(6), anyIntent, (p, i) => {
      const before = JSON.stringify([p, i]);
      const compiled = compilePolicy(p);
      const first = JSON.stringify(decide(compiled, i));
      assertEquals(JSON.stringify(decide(compiled, i)), first);
      assertEquals(JSON.stringify(decide(compilePolicy(p), i)), first);
      assertEquals(JSON.stringify([p, i]), before);
    }),
    { seed: SEED, numRuns: 600 },
  );
});

Deno.test("decide() does not depend on the order of rules that ask for different tools", () => {
  const tools = ["a", "b", "c", "d"];
  fc.assert(
    fc.property(someRules(4, 4), anyIntent, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (
      rules,
      i,
      order,
    ) => {
      const apart = rules.map((r, n) => ({
        ...r,
        match: { ...r.match, tool_names: [tools[n] ?? ""] },
      }));
      const base = policy({ rules: apart.map((r) => ({ ...r, priority: 0 })) });
      const moved = policy({ rules: apart.map((r, n) => ({ ...r, priority: order[n] ?? 0 })) });
      assertEquals(verdict(moved, i), verdict(base, i));
    }),
    { seed: SEED, numRuns: 1_000 },
  );
});

Deno.test("a block rule put first never turns a decision into a more permissive one", () => {
  fc.assert(
    fc.property(anyPolicy(6), anyIntent, anyMatch, (p, i, match) => {
      const after = verdict(withFirst(p, rule({ effect: "block", match })), i);
      const before = verdict(p, i);
      assert(strictness(after) >= strictness(before), `${before} became ${after}`);
    }),
    { seed: SEED, numRuns: 3_000 },
  );
});

/** The rules, each with one more entry in a list of its endpoint block. */
function withEntry(
  rules: readonly Rule[],
  entry: Partial<Pick<Rule["endpoint"], "path_denylist" | "domain_denylist">>,
): Rule[] {
  return rules.map((r) => {
    if (!r.endpoint.enabled) return r;
    return {
      ...r,
      endpoint: {
        ...r.endpoint,
        path_denylist: [...r.endpoint.path_denylist, ...entry.path_denylist ?? []],
        domain_denylist: [...r.endpoint.domain_denylist, ...entry.domain_denylist ?? []],
      },
    };
  });
}

Deno.test("one more entry in deny lists never turns a decision into a more permissive one", () => {
  const pattern = fc.constantFrom("/a/**", "/**", "/a/./b", "a", "./**", "*", "/b");
  const domain = fc.constantFrom("a.example", "*.example", "*", "b.*");
  fc.assert(
    fc.property(anyPolicy(5), anyIntent, pattern, domain, (p, i, path, host) => {
      const entry = { path_denylist: [path], domain_denylist: [host] };
      const after = verdict({ ...p, rules: withEntry(p.rules, entry) }, i);
      assert(strictness(after) >= strictness(verdict(p, i)));
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

Deno.test("a constraint block never turns a decision into a more permissive one", () => {
  fc.assert(
    fc.property(anyPolicy(5), anyIntent, (p, i) => {
      const bare = p.rules.map((r) => rule({ ...r, endpoint: {}, dataflow: {} }));
      assert(strictness(verdict(p, i)) >= strictness(verdict({ ...p, rules: bare }, i)));
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

Deno.test("an odd spelling of a path is never judged more leniently than the plain one by a deny list", () => {
  const odd = fc.constantFrom("/a/./b", "/a//b", "/a/x/../b", "/a/b/", "//a/b", "/./a/b");
  const patterns = fc.constantFrom("/a/b", "/a/*", "/a/**", "/**", "/?/b");
  fc.assert(
    fc.property(patterns, odd, anyIntent, (pattern, value, i) => {
      const p = policy({ rules: [rule({ endpoint: { path_denylist: [pattern] } })] });
      const [t] = i.targets;
      if (t === undefined) return;
      assertEquals(verdict(p, { ...i, targets: [{ ...t, kind: "path", value }] }), "block");
    }),
    { seed: SEED, numRuns: 500 },
  );
});

Deno.test("matchesGlob() agrees with a regular expression on globs without classes", () => {
  const text = fc.array(fc.constantFrom("a", "b", "/", "."), { maxLength: 12 })
    .map((list) => list.join(""));
  const pattern = fc.array(fc.constantFrom("a", "b", "/", ".", "*", "?"), { maxLength: 8 })
    .map((list) => list.join(""));
  fc.assert(
    fc.property(pattern, text, (glob, value) => {
      const source = glob.replaceAll(/[.*?]/g, (char) => {
        return char === "." ? "\\." : char === "*" ? "[^/]*" : "[^/]";
      });
      const compiled = compileGlob(glob);
      assert(compiled !== undefined);
      assertEquals(matchesGlob(compiled, value), new RegExp(`^${source}$`).test(value));
    }),
    { seed: SEED, numRuns: 5_000 },
  );
});
