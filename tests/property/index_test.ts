import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { compilePolicy } from "../../core/gate/compile_policy.ts";
import { decide } from "../../core/gate/decide.ts";
import { explain } from "../../core/gate/explain.ts";
import { policy, rule } from "../support/gate_factories.ts";
import { anyIntent, anyPolicy } from "../support/gate_arbitraries.ts";
import { decideNaive } from "../support/decide_naive.ts";

const SEED = 20260214;

Deno.test("decide() agrees with a linear scan on small overlapping policies", () => {
  fc.assert(
    fc.property(anyPolicy(8), fc.array(anyIntent, { minLength: 4, maxLength: 8 }), (p, intents) => {
      const compiled = compilePolicy(p);
      for (const i of intents) assertEquals(decide(compiled, i), decideNaive(p, i));
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

Deno.test("decide() agrees with a linear scan when conditions are common enough for bit sets", () => {
  fc.assert(
    fc.property(
      anyPolicy(250, 100),
      fc.array(anyIntent, { minLength: 10, maxLength: 20 }),
      (p, all) => {
        const compiled = compilePolicy(p);
        for (const i of all) assertEquals(decide(compiled, i), decideNaive(p, i));
      },
    ),
    { seed: SEED, numRuns: 60 },
  );
});

Deno.test("decide() agrees with a linear scan on combinations of four common dimensions", () => {
  const pick = (prefix: string) => fc.nat(3).map((n) => `${prefix}${n}`);
  const combination = fc.tuple(pick("t"), pick("i"), pick("k"), pick("/w/"));
  fc.assert(
    fc.property(
      fc.array(combination, { minLength: 200, maxLength: 400 }),
      combination,
      (rules, [tool, identity, risk, workspace]) => {
        const p = policy({
          rules: rules.map(([t, i, k, w], n) =>
            rule({
              name: `r${String(n).padStart(4, "0")}`,
              effect: "dry_run",
              match: {
                tool_names: [t],
                identities: [i],
                risk_classes: [k],
                workspace_prefixes: [w],
              },
            })
          ),
        });
        const compiled = compilePolicy(p);
        fc.assert(
          fc.property(anyIntent, (given) => {
            const i = {
              ...given,
              tool_name: tool,
              context: { ...given.context, identity, risk_class: risk, workspace },
            };
            assertEquals(decide(compiled, i), decideNaive(p, i));
          }),
          { seed: SEED, numRuns: 3 },
        );
      },
    ),
    { seed: SEED, numRuns: 60 },
  );
});

Deno.test("explain() reports the decision of decide() and the rule that made it", () => {
  fc.assert(
    fc.property(anyPolicy(8), anyIntent, (p, i) => {
      const compiled = compilePolicy(p);
      const { decision, trials, stage } = explain(compiled, i);
      assertEquals(decision, decide(compiled, i));
      assertEquals(trials.length, p.rules.length);
      const winners = trials.filter(({ outcome }) => outcome === "matched").map(({ rule }) => rule);
      assertEquals(winners, decision.rule === undefined ? [] : [decision.rule.name]);
      assertEquals(stage === "rule", decision.rule !== undefined);
    }),
    { seed: SEED, numRuns: 1500 },
  );
});
