import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/base/limits.ts";
import { readCorpus, type Sample, VALIDATORS } from "./corpus.ts";
import { isDisputedTime, makeJudges } from "./judge.ts";

/** Findings of our validator. */
function findings({ schema, value }: Sample): string[] {
  const validate = VALIDATORS[schema];
  assert(validate !== undefined, schema);
  return validate(value).map(({ path, code }) => `${path}:${code}`);
}

/** Findings of samples of one schema whose origin matches, without those that have none. */
function refused(samples: readonly Sample[], schema: string, origin: RegExp): [string, string[]][] {
  return samples
    .filter((sample) => sample.schema === schema && origin.test(sample.origin))
    .map((sample): [string, string[]] => [sample.origin, findings(sample)])
    .filter(([, list]) => list.length > 0);
}

Deno.test("validators agree with ajv on every document of the golden data", async () => {
  const judges = await makeJudges();
  const samples = await readCorpus();
  assert(samples.length > 4000, String(samples.length));
  for (const sample of samples) {
    const list = findings(sample);
    assertEquals(
      judges.get(sample.schema)?.(sample.value),
      list.length === 0,
      `${sample.schema} ${sample.origin}: ${list.join(" ")}`,
    );
    assert(list.length <= LIMITS.findings);
  }
});

Deno.test("everything the reference writes conforms", async () => {
  const samples = await readCorpus();
  const recorded = samples.filter(({ origin, schema }) =>
    // `tpl-`/`init-` cases record a part of the output only; the other two show what fmt cannot write.
    schema !== "gate/policy" && /^[a-z-]+\/[^/]+(?:: .*)?$/.test(origin) &&
    !/\.(?:json|yaml)$/.test(origin.split(":")[0] ?? "") && !/\/(?:tpl|init)-/.test(origin)
  );
  assert(recorded.length > 3000, String(recorded.length));
  for (const sample of recorded) {
    assertEquals(findings(sample), [], `${sample.schema} ${sample.origin}`);
  }
});

Deno.test("validatePolicy() accepts what policy fmt and policy init write", async () => {
  const samples = await readCorpus();
  const bad = refused(samples, "gate/policy", /: fmt$|: p\/policy\.yaml$/);
  // A quota that is off may hold any text; js-yaml reads 1e3, .inf and ? as other types than the reference.
  assertEquals(bad.map(([origin]) => origin).sort(), [
    "policy-accept/fmt-hazard: fmt",
    "policy-accept/fmt-rl-off: fmt",
    "policy-accept/fmt-scal-str: fmt",
  ]);
});

Deno.test("validateIntentInput() accepts every intent that the gate accepts", async () => {
  const samples = await readCorpus();
  assertEquals(refused(samples, "gate/intent_input", /^(?!intent-reject\/)/), [
    // Duplicate keys: the reference merges them, we refuse the text (divergence P1).
    ["intent-normalize/intents/dup-context.json", ["context.identity:missing_member"]],
    // Unknown members: the reference ignores them, we refuse them (divergence P2).
    ["intent-normalize/intents/unknown-fields.json", [
      "context_set_digest:unknown_member",
      "extra:unknown_member",
      "script:unknown_member",
    ]],
  ]);
});

Deno.test("validators refuse tampered and malformed records", async () => {
  const samples = await readCorpus();
  const traces = new Map(refused(samples, "gate/trace", /^trace-verify\//));
  const variants = "trace-verify/variants";
  assertEquals(traces.get(`${variants}/bad-verdict.json`), ["verdict:enum_mismatch"]);
  assertEquals(traces.get(`${variants}/sig-null.json`), ["signature:type_mismatch"]);
  assertEquals(traces.get(`${variants}/sig-extra.json`), ["signature.note:unknown_member"]);
  assertEquals(traces.get(`${variants}/sig-short.json`), ["signature.sig:pattern_mismatch"]);
  assertEquals(traces.get("trace-verify/traces/t00-unknown.json"), ["reason_codes:unknown_member"]);
  const tokens = new Map(refused(samples, "gate/approval_token", /tokens/));
  assertEquals(tokens.get("approvals/tokens/unknown-field.json"), ["max_ops:unknown_member"]);
  assertEquals(tokens.get("approvals/tokens/invalid-scope-empty.json"), ["scope:too_few_items"]);
  const config = refused(samples, "config/project_config", /unknown/);
  assertEquals(config, [["cli-config/cfg/unknown.yaml", [
    "foo:unknown_member",
    "gate.zzz:unknown_member",
    "other:unknown_member",
  ]]]);
});

Deno.test("isDisputedTime() names where ajv-formats and the product differ", () => {
  for (const text of ["2026-02-06t00:00:00Z", "2026-02-06T00:00:00,5Z", "2026-12-31T23:59:60Z"]) {
    assert(isDisputedTime(text), text);
  }
  for (const text of ["2026-02-06T00:00:00Z", "2026-02-06T00:00:00.5+02:00", "x", ""]) {
    assert(!isDisputedTime(text), text);
  }
});
