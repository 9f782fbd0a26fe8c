import { Ajv2020 } from "ajv/dist/2020.js";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { isJsonObject } from "../../../core/base/json_value.ts";
import { ENDPOINT_CLASSES, TARGET_KINDS } from "../../../core/intent/intent.ts";
import { VERDICTS } from "../../../core/policy/policy.ts";
import { INTENT_REQUEST_TARGET } from "../../../schemas/generated/intent_request.ts";
import { INTENT_REQUEST_ENDPOINT_CLASS } from "../../../schemas/generated/intent_request.ts";
import { POLICY_ENDPOINT_CLASS } from "../../../schemas/generated/policy.ts";
import type { WireTrace } from "../../../schemas/generated/trace.ts";
import type { WireIntentInput } from "../../../schemas/generated/intent_input.ts";
import type { WirePolicy } from "../../../schemas/generated/policy.ts";
import { VERDICT } from "../../../schemas/generated/values.ts";
import { findDrift, generate } from "../../../scripts/schema_gen/generate.ts";
import { VALIDATORS } from "./corpus.ts";
import { readSchemas } from "./judge.ts";

/** Schemas under `properties`, at any depth, with their places. */
function members(value: unknown, place: string): [string, Record<string, unknown>][] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => members(item, `${place}/${index}`));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const deeper = members(child, `${place}/${key}`);
    if (key !== "properties" || !isJsonObject(child)) return deeper;
    const own = Object.entries(child).map(([name, schema]): [string, Record<string, unknown>] => {
      assert(isJsonObject(schema));
      return [`${place}/${name}`, schema];
    });
    return [...own, ...deeper];
  });
}

Deno.test("schema files conform to the meta-schema of draft 2020-12", async () => {
  const ajv = new Ajv2020();
  for (const { name, schema } of await readSchemas()) {
    assertEquals(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
    assert(ajv.validateSchema(schema), `${name}: ${ajv.errorsText()}`);
  }
});

Deno.test("schema files describe every member in a sentence", async () => {
  let count = 0;
  for (const { name, schema } of await readSchemas()) {
    for (const [place, member] of members(schema, name)) {
      assertMatch(String(member.description), /^[A-Z<].*\.$/s, place);
      count++;
    }
  }
  assert(count > 200, String(count));
});

Deno.test("schema files each have a validator, and the other way round", async () => {
  const names = (await readSchemas()).map(({ name }) => name);
  assertEquals(names.filter((name) => !name.startsWith("common/")), Object.keys(VALIDATORS).sort());
});

Deno.test("generated files are what the schema files say", async () => {
  const root = new URL("../../../", import.meta.url);
  assertEquals(await findDrift(root, await generate(root)), []);
});

Deno.test("findDrift() names files that differ, are missing or have no schema", async () => {
  const root = new URL("../../../", import.meta.url);
  const wanted = await generate(root);
  wanted.set("schemas/generated/trace.ts", "other");
  wanted.set("schemas/generated/absent.ts", "");
  wanted.delete("schemas/generated/policy.ts");
  assertEquals(await findDrift(root, wanted), [
    "schemas/generated/absent.ts is missing",
    "schemas/generated/policy.ts has no schema",
    "schemas/generated/trace.ts differs from its schema",
  ]);
});

Deno.test("closed sets in the schemas are the ones the core decides with", () => {
  assertEquals(INTENT_REQUEST_TARGET.properties?.kind?.enum, TARGET_KINDS);
  assertEquals(INTENT_REQUEST_ENDPOINT_CLASS.enum, ENDPOINT_CLASSES);
  assertEquals(POLICY_ENDPOINT_CLASS.enum, ENDPOINT_CLASSES);
  assertEquals(VERDICT.enum, [...VERDICTS].sort());
});

Deno.test("wire types accept what the schemas accept and refuse the rest", () => {
  const input: WireIntentInput = {
    tool_name: "t",
    args: null,
    context: { identity: "a", workspace: "/w", risk_class: "low" },
  };
  const policy: WirePolicy = {
    rules: [{ name: "a", effect: "allow", match: { tool_names: ["t"] } }],
  };
  // @ts-expect-error -- `signature` is not optional inside itself and the rest is missing.
  const trace: WireTrace = { schema_id: "gait.gate.trace" };
  // @ts-expect-error -- a verdict outside the closed set.
  const verdict: WireTrace["verdict"] = "maybe";
  assertEquals(VALIDATORS["gate/intent_input"]?.(input), []);
  assertEquals(VALIDATORS["gate/policy"]?.(policy), []);
  assertEquals(VALIDATORS["gate/trace"]?.(trace).length, 10);
  assertEquals(VERDICT.enum?.some((known) => known === verdict), false);
});
