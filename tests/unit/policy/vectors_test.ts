import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { policyDigest } from "../../../core/policy/digest.ts";
import { formatPolicy } from "../../../core/policy/format.ts";
import { type ParsedPolicy, parsePolicy } from "../../../core/policy/parse_policy.ts";
import { digester, readCases, readVector, type VectorCase } from "./_vectors.ts";

/** The one policy of a case. */
function policyFile({ files = [] }: VectorCase): string {
  return files.find((name) => name.endsWith(".yaml")) ?? "";
}

function parseCase(group: string, name: string): Promise<ParsedPolicy> {
  return parsePolicy(readVector(group, name), { source: name });
}

/** What the reference would have written: without comments (C10), hazards bare (spec 02 §15.3). */
function asReference(formatted: string): string {
  return formatted.split("\n").filter((line) => !/^\s*#/.test(line)).join("\n")
    .replace(/^( {2}- )"(---|\.\.\.|\.inf|\.nan|<<|\? x)"$/gm, "$1$2");
}

for (const testCase of readCases("policy-accept")) {
  const { id, steps: [first] = [testCase], divergence } = testCase;
  const expect = first?.expect;
  const wanted = divergence?.wanted?.exit_code ?? expect?.exit_code;
  const name = policyFile(testCase);
  if (wanted !== 0) {
    Deno.test(`parsePolicy() refuses vector ${id}`, async () => {
      const error = await assertRejects(() => parseCase("policy-accept", name), GaitError);
      assertEquals(error.category, "invalid_input");
    });
    continue;
  }
  Deno.test(`parsePolicy() accepts vector ${id}`, async () => {
    const { policy, document } = await parseCase("policy-accept", name);
    const digest = await policyDigest(policy, digester);
    const stdout = expect?.stdout ?? {};
    assertEquals(digest, stdout.policy_digest);
    assertEquals(policy.default_verdict, stdout.default_verdict);
    assertEquals(policy.rules.length, stdout.rule_count ?? 0);
    const formatted = formatPolicy(policy, document);
    const expected = stdout.formatted ?? Object.values(expect?.files_out ?? {})[0]?.$text;
    if (expected !== undefined) assertEquals(asReference(formatted), expected);
    const again = await parsePolicy(formatted, { source: "formatted" });
    assertEquals(await policyDigest(again.policy, digester), digest);
    assertEquals(formatPolicy(again.policy, again.document), formatted);
  });
}

for (const testCase of readCases("policy-reject")) {
  const { id, expect } = testCase;
  Deno.test(`parsePolicy() refuses vector ${id}`, async () => {
    const name = policyFile(testCase);
    const error = await assertRejects(() => parseCase("policy-reject", name), GaitError);
    assertEquals(error.category, "invalid_input");
    for (const word of expect?.error_contains ?? []) assertStringIncludes(error.message, word);
    assertEquals(error.place?.source, name);
  });
}

for (const testCase of readCases("policy-commands")) {
  const { id, argv = [], expect } = testCase;
  const digest = expect?.stdout?.policy_digest;
  if (argv[0] !== "policy" || digest === undefined) continue;
  Deno.test(`policyDigest() reproduces vector ${id}`, async () => {
    const { policy } = await parseCase("policy-commands", policyFile(testCase));
    assertEquals(await policyDigest(policy, digester), digest);
  });
}
