import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import * as jsYaml from "js-yaml";
import { GaitError } from "../../core/base/errors.ts";
import { compilePolicy } from "../../core/gate/compile_policy.ts";
import { decide } from "../../core/gate/decide.ts";
import { webDigester } from "../../core/digest/web_digester.ts";
import { normalizeIntent } from "../../core/intent/normalize.ts";
import { policyDigest } from "../../core/policy/digest.ts";
import { formatPolicy } from "../../core/policy/format.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { parsePolicy } from "../../core/policy/parse_policy.ts";
import { unreachableRules } from "../../core/policy/unreachable.ts";

const SEED = 20261125;
const RUNS = { seed: SEED, numRuns: 300 };

/** Texts that tend to break YAML writers, mixed with arbitrary ones. */
const nasty = fc.oneof(
  fc.constantFrom(
    "---",
    "...",
    ".inf",
    "? x",
    "<<",
    "yes",
    "0x1F",
    "1e3",
    "08",
    "- a",
    "a: b",
    "#c",
    "a #b",
    "'q'",
    '"q"',
    "|",
    ">-",
    "*a",
    "&a",
    "!t",
    "%d",
    "@x",
    "`x",
    "2026-01-01",
    "12:30",
    "a\nb",
    "a\n  b\n\nc",
    "a\n# b",
    "a\tb",
    "a:\tb",
    "\u0085x\u2028y",
    "{a}",
    "[a]",
    "a,b",
    "a:",
    ":a",
    "~",
    "-",
    "--",
    "=",
    "\u00a0x\u00a0",
    "\uFEFFx",
  ),
  fc.string({ maxLength: 12 }),
  fc.fullUnicodeString({ maxLength: 8 }),
  fc.stringOf(fc.constantFrom(..."-?:,[]{}#&*!|>'\"%@` \n\t.0123456789exobinfa_+~<="), {
    maxLength: 8,
  }),
);
const texts = fc.array(nasty, { maxLength: 4 });
const verdict = fc.constantFrom("allow", "block", "dry_run", "require_approval");

const rule = fc.record(
  {
    priority: fc.integer({ min: -3, max: 3 }),
    effect: verdict,
    match: fc.record({
      tool_names: texts,
      target_values: texts,
      identities: texts,
      require_delegation: fc.boolean(),
      max_delegation_depth: fc.option(fc.nat(3)),
    }, { requiredKeys: [] }),
    endpoint: fc.record({
      path_denylist: texts,
      domain_allowlist: texts,
      action: fc.constantFrom("block", "require_approval"),
      reason_code: nasty,
    }, { requiredKeys: [] }),
    dataflow: fc.record({ enabled: fc.boolean(), destination_values: texts }, { requiredKeys: [] }),
    rate_limit: fc.record({ requests: fc.nat(9) }),
    reason_codes: texts,
    broker_reference: nasty,
    approval: fc.record({ max_ttl: fc.constantFrom("", "1h") }),
  },
  { requiredKeys: ["effect"] },
);

/** Policies as plain values; names are made unique by their index. */
const policies = fc.tuple(
  fc.array(fc.tuple(nasty, rule), { maxLength: 4 }),
  verdict,
).map(([rules, default_verdict]) => ({
  default_verdict,
  rules: rules.map(([name, body], index) => ({ name: `${index}${name}`, ...body })),
}));

/** A policy without the one fact that the formatter spells out: whether `action` was a default. */
function spelledOut(policy: Policy): Policy {
  const rules = policy.rules.map((rule) => ({
    ...rule,
    endpoint: { ...rule.endpoint, actionIsExplicit: false },
  }));
  return { ...policy, rules };
}

async function digestOf(text: string, source: string): Promise<string> {
  return await policyDigest((await parsePolicy(text, { source })).policy, webDigester);
}

/** The same value with members and the items of all lists in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, x]) => [key, reversed(x)]));
}

Deno.test(`policyDigest() ignores the order of keys and lists (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(policies, async (policy) => {
      const one = await digestOf(JSON.stringify(policy), "a.json");
      assertEquals(await digestOf(JSON.stringify(reversed(policy), undefined, 2), "b.json"), one);
    }),
    RUNS,
  );
});

Deno.test(`policyDigest() is the same for YAML and JSON (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(policies, async (policy) => {
      const yaml = jsYaml.dump(policy, { forceQuotes: true, quotingType: '"', lineWidth: -1 });
      assertEquals(
        await digestOf(yaml, "a.yaml"),
        await digestOf(JSON.stringify(policy), "a.json"),
      );
    }),
    RUNS,
  );
});

Deno.test(`formatPolicy() keeps the digest and is idempotent (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(policies, async (value) => {
      const { policy, document } = await parsePolicy(JSON.stringify(value), { source: "a.json" });
      const formatted = formatPolicy(policy, document);
      const again = await parsePolicy(formatted, { source: "b.yaml" });
      assertEquals(spelledOut(again.policy), spelledOut(policy));
      assertEquals(formatPolicy(again.policy, again.document), formatted);
      assertEquals(jsYaml.load(formatted) !== undefined, true);
    }),
    { ...RUNS, numRuns: 600 },
  );
});

/** Puts comments above and behind lines of formatted YAML, outside of blocks. */
function commented(formatted: string, picks: readonly number[]): string {
  return formatted.split("\n").flatMap((line, index) => {
    const pick = picks[index % picks.length] ?? 0;
    if (line === "" || /\|-$/.test(line)) return [line];
    const above = pick % 3 === 0 ? [`${/^ */.exec(line)?.[0]}# above ${index}`] : [];
    return [...above, pick % 2 === 0 ? `${line} # behind ${index}` : line];
  }).join("\n");
}

Deno.test(`formatPolicy() loses no comment and no meaning (seed ${SEED})`, async () => {
  const simple = policies.filter((policy) => !JSON.stringify(policy).includes("\\n"));
  await fc.assert(
    fc.asyncProperty(
      simple,
      fc.array(fc.nat(5), { minLength: 1, maxLength: 7 }),
      async (value, picks) => {
        const { policy } = await parsePolicy(JSON.stringify(value), { source: "a.json" });
        const text = commented(formatPolicy(policy), picks);
        const parsed = await parsePolicy(text, { source: "b.yaml" });
        assertEquals(spelledOut(parsed.policy), spelledOut(policy));
        assertEquals(formatPolicy(parsed.policy, parsed.document), text);
      },
    ),
    RUNS,
  );
});

const letters = fc.subarray(["a", "b", "c"]);
const smallRule = fc.record({
  effect: verdict,
  priority: fc.nat(4),
  match: fc.record({
    tool_names: letters,
    risk_classes: letters,
    identities: letters,
    target_values: fc.subarray(["/a", "/a/", "/a/../b", "/b"]),
    destination_operations: letters,
    workspace_prefixes: fc.subarray(["/w", "/w/x"]),
  }, { requiredKeys: [] }),
});
const letter = fc.constantFrom("a", "b", "c");
const smallIntent = fc.record({
  tool_name: letter,
  args: fc.constant({}),
  targets: fc.array(
    fc.record({
      kind: fc.constantFrom("path", "repo"),
      value: fc.constantFrom("/a", "/a/", "/b", "/a/../b", "/c"),
      operation: letter,
    }),
    { maxLength: 2 },
  ),
  context: fc.record({
    identity: letter,
    workspace: fc.constantFrom("/w", "/w/x/y", "/wx", "/w/../v"),
    risk_class: letter,
  }),
});

Deno.test(`unreachableRules() names no rule that ever decides (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(smallRule, { minLength: 2, maxLength: 8 }),
      fc.array(smallIntent, { minLength: 20, maxLength: 20 }),
      async (rules, intents) => {
        const named = rules.map((body, index) => ({ name: `r${index}`, ...body }));
        const { policy } = await parsePolicy(JSON.stringify({ rules: named }), {
          source: "a.json",
        });
        const hidden = new Set(unreachableRules(policy).map((found) => found.rule.name));
        const compiled = compilePolicy(policy);
        for (const intent of intents) {
          const decided = decide(compiled, normalizeIntent(intent)).rule?.name;
          assert(decided === undefined || !hidden.has(decided), `${decided} decided`);
        }
      },
    ),
    { ...RUNS, numRuns: 500 },
  );
});

Deno.test(`parsePolicy() answers any text with a policy or a typed error (seed ${SEED})`, async () => {
  const fragments = fc.stringOf(
    fc.constantFrom(
      ...["rules", "name", "effect", "allow", "match", "endpoint", "approval", "max_ttl", "null"],
      ...[
        ": ",
        ":\n  ",
        "\n- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        '"',
        "'",
        "&a ",
        "*a",
        "<<",
        "#",
        "|-\n",
        "1.5",
      ],
    ),
    { maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fragments, fc.fullUnicodeString()), async (text) => {
      for (const source of ["a.yaml", "a.json", "a.jsonc", "-"]) {
        try {
          const { policy, document } = await parsePolicy(text, { source });
          await parsePolicy(formatPolicy(policy, document), { source: "b.yaml" });
        } catch (error) {
          assert(error instanceof GaitError && error.category === "invalid_input", String(error));
        }
      }
    }),
    { ...RUNS, numRuns: 1000 },
  );
});
