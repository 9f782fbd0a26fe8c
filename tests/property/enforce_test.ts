import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { strictness } from "../../core/gate/strictness.ts";
import type { Verdict } from "../../core/policy/policy.ts";
import type { MemoryWorld } from "../support/memory_ports.ts";
import { gateWorld, intentText, run, SIGNED } from "../unit/commands/_run.ts";

const SEED = 20261125;
const TOOL = "tool.read";

/** A rule as its policy text spells it. */
type RuleText = Record<string, unknown> & { readonly effect: Verdict };

/** A policy as its text spells it. */
interface PolicyText {
  readonly default_verdict: Verdict;
  readonly rules: readonly RuleText[];
}

const verdict = fc.constantFrom<Verdict>("allow", "block", "dry_run", "require_approval");
const action = fc.constantFrom("block", "require_approval");

const endpoint = fc.record({
  path_denylist: fc.constantFrom(["/etc/**"], ["/tmp/**"]),
  action,
});
const dataflow = fc.record({
  enabled: fc.constant(true),
  tainted_sources: fc.constant(["external"]),
  destination_kinds: fc.constantFrom(["path"], ["host"]),
  action,
});

/** A rule; it matches the call of this file or another one. */
const rule: fc.Arbitrary<RuleText> = fc.record({
  priority: fc.integer({ min: 10, max: 20 }),
  effect: verdict,
  match: fc.constantFrom({ tool_names: [TOOL] }, { tool_names: ["tool.other"] }),
  min_approvals: fc.integer({ min: 0, max: 2 }),
  endpoint,
  dataflow,
  violations: fc.constantFrom([], ["v1"]),
}, { requiredKeys: ["priority", "effect", "match"] });

const policy: fc.Arbitrary<PolicyText> = fc.record({
  default_verdict: verdict,
  rules: fc.array(rule, { maxLength: 4 })
    .map((rules) => rules.map((each, i) => ({ name: `rule-${i}`, ...each }))),
});

/** Ways to add a deny or a violation. */
const TIGHTER: Readonly<Record<string, (policy: PolicyText) => PolicyText>> = {
  "a rule that blocks, in front": (policy) => ({
    ...policy,
    rules: [
      { name: "deny", priority: 1, effect: "block", match: { tool_names: [TOOL] } },
      ...policy.rules,
    ],
  }),
  "a violation in every rule": (policy) => ({
    ...policy,
    rules: policy.rules.map((each) => ({ ...each, violations: ["added"] })),
  }),
  "a denied path in every rule": (policy) => ({
    ...policy,
    rules: policy.rules.map((each) => ({
      ...each,
      endpoint: { ...each.endpoint as object, path_denylist: ["/tmp/**", "/etc/**"] },
    })),
  }),
  "a dataflow block in every rule": (policy) => ({
    ...policy,
    rules: policy.rules.map((each) => ({
      ...each,
      dataflow: {
        enabled: true,
        tainted_sources: ["external"],
        destination_kinds: ["path", "host"],
        action: "block",
      },
    })),
  }),
  "a block as effect of every rule": (policy) => ({
    ...policy,
    rules: policy.rules.map((each) => ({ ...each, effect: "block" })),
  }),
  "a block by default": (policy) => ({ ...policy, default_verdict: "block" }),
  "one more approval": (policy) => ({
    ...policy,
    rules: policy.rules.map((each) => ({
      ...each,
      min_approvals: Number(each.min_approvals ?? 0) + 1,
    })),
  }),
};

/** An intent whose argument comes from outside and ends in a file. */
const INTENT = intentText(TOOL, {
  arg_provenance: [{ arg_path: "$.path", source: "external" }],
});

/** A world with a keyring of two approvers. */
async function makeWorld(): Promise<MemoryWorld> {
  const world = await gateWorld();
  const key = (name: string) => (world.files.text(`keys/${name}_public.key`) ?? "").trim();
  world.files.put("intent.json", INTENT);
  world.files.put(
    "ring.json",
    JSON.stringify({
      schema_id: "gait.gate.approver_keyring",
      schema_version: "1.0.0",
      approvers: ["alice", "bob"].map((name) => ({ identity: name, public_keys: [key(name)] })),
    }),
  );
  return world;
}

const EVAL = ["gate", "eval", "--policy", "policy.json", "--intent", "intent.json", ...SIGNED];
const SUBJECT = ["--policy", "policy.json", "--intent", "intent.json", "--ttl", "1h"];

/** What a policy decides, without tokens and with two valid approvals for exactly this policy. */
async function decisions(
  world: MemoryWorld,
  text: PolicyText,
): Promise<{ readonly bare: Verdict; readonly approved: Verdict; readonly rule: string }> {
  const document = { schema_id: "gait.gate.policy", schema_version: "1.0.0", ...text };
  world.files.put("policy.json", JSON.stringify(document));
  const line = [...EVAL, "--trace-out", "trace.json", "--approver-keys", "ring.json", "--json"];
  const bare = await run(world, ...line);
  assertEquals(bare.json.ok, true, bare.stdout);
  for (const name of ["alice", "bob"]) {
    const key = ["--key-mode", "prod", "--private-key", `keys/${name}_private.key`];
    const terms = ["--approver", name, "--reason-code", "ok", "--out", `${name}.json`];
    assertEquals((await run(world, "approve", ...SUBJECT, ...terms, ...key)).exit, 0);
  }
  const approved = await run(world, ...line, "--approval-token-chain", "alice.json,bob.json");
  return {
    bare: bare.json.verdict,
    approved: approved.json.verdict,
    rule: bare.json.matched_rule ?? "",
  };
}

for (const [what, tighten] of Object.entries(TIGHTER)) {
  Deno.test(`adding ${what} never makes a verdict more permissive, with or without tokens`, async () => {
    const world = await makeWorld();
    await fc.assert(
      fc.asyncProperty(policy, async (before) => {
        const one = await decisions(world, before);
        const two = await decisions(world, tighten(before));
        const shown = JSON.stringify({ before, one, two });
        assert(strictness(two.bare) >= strictness(one.bare), shown);
        assert(strictness(two.approved) >= strictness(one.approved), shown);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });
}

Deno.test("tokens never lift a block or a dry run, nor a rule that only tries", async () => {
  const world = await makeWorld();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(policy, async (text) => {
      const { bare, approved, rule: name } = await decisions(world, text);
      seen.add(`${bare}>${approved}`);
      const shown = JSON.stringify({ text, bare, approved });
      if (bare === "block" || bare === "dry_run") assertEquals(approved, bare, shown);
      if (bare === "allow") assertEquals(approved, "allow", shown);
      const matched = text.rules.find((each) => each.name === name);
      if (matched?.effect === "dry_run") {
        assert(approved === "dry_run" || approved === "block", shown);
      }
    }),
    { seed: SEED, numRuns: 250 },
  );
  for (
    const path of [
      "block>block",
      "dry_run>dry_run",
      "require_approval>allow",
      "require_approval>dry_run",
    ]
  ) {
    assert(seen.has(path), `${path} was not reached: ${[...seen]}`);
  }
});
