import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { JsonObject } from "../../../core/base/json_value.ts";
import { withTable } from "../../../scripts/schema_gen/docs.ts";
import { emitFile } from "../../../scripts/schema_gen/emit.ts";
import { readSchemaFile } from "../../../scripts/schema_gen/model.ts";
import { assertLinearPattern } from "../../../scripts/schema_gen/pattern.ts";

/** A schema file with some members replaced. */
function file(changes: JsonObject): JsonObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:gait:schema:v1:gate:x",
    title: "X",
    description: "An x.",
    type: "object",
    properties: {},
    additionalProperties: false,
    ...changes,
  };
}

/** Generated text of one schema. */
function emit(changes: JsonObject): string {
  const parsed = readSchemaFile("gate/x.schema.json", file(changes));
  return emitFile(parsed, new Map([[parsed.id, parsed]]));
}

Deno.test("readSchemaFile() refuses what the validator does not implement", () => {
  const a = { type: "string", description: "A." };
  const cases: [JsonObject, string][] = [
    [{ oneOf: [] }, "keyword oneOf is not supported"],
    [{ $comment: "x" }, "keyword $comment is not supported"],
    [{ additionalProperties: { type: "string" } }, "additionalProperties must be written out"],
    [{ properties: { a: { ...a, multipleOf: 2 } } }, "keyword multipleOf is not supported"],
    [{ properties: { a: { type: "string" } } }, "description is missing"],
    [{ properties: { a: { description: "A." } } }, "expected a list"],
    [{ properties: { a: { ...a, type: "text" } } }, "type is missing or unknown"],
    [{ properties: { a: { ...a, format: "email" } } }, "format is unknown"],
    [{ properties: { a: { ...a, enum: [1] } } }, "expected a text"],
    [{ properties: { a: { ...a, const: null } } }, "const has an unsupported value"],
    [{ properties: { a: { ...a, type: ["string", "null"], const: "x" } } }, "need a single type"],
    [{ properties: { a: { ...a, pattern: "(a+)+" } } }, "pattern is not of a linear form"],
    [{ properties: { a: { ...a, type: "array" } } }, "items is missing"],
    [{ properties: { __proto__x: a } }, "is not snake_case"],
    [JSON.parse('{"properties":{"__proto__":{"type":"string","description":"A."}}}'), "__proto__"],
    [
      { properties: { a: { $ref: "#/$defs/b", type: "string", description: "A." } } },
      "keyword type",
    ],
    [{ properties: { a: { $ref: "#/properties/b", description: "A." } } }, "unsupported form"],
    [{ properties: { a: { $ref: "#/$defs/b", description: "A." } } }, "no #b"],
    [{ required: ["a"] }, "required member a is not described"],
    [{ $id: "urn:other" }, "$id is not"],
    [{ $schema: "http://json-schema.org/draft-07/schema#" }, "$schema is not draft 2020-12"],
    [{ title: "" }, "expected a text"],
    [{ $defs: { b: { type: "string" } } }, "definition b is not a shape"],
    [{ $defs: 1 }, "expected an object"],
  ];
  for (const [changes, message] of cases) {
    const error = assertThrows(() => emit(changes), TypeError);
    assertStringIncludes(error.message, message);
  }
  assertThrows(() => readSchemaFile("gate/X.json", file({})), TypeError, "file name");
});

Deno.test("emitFile() refuses definitions that refer to each other in a circle", () => {
  const node = (ref: string): JsonObject => ({
    type: "object",
    description: "B.",
    properties: { next: { $ref: ref, description: "Next." } },
    additionalProperties: false,
  });
  assertThrows(() => emit({ $defs: { b: node("#/$defs/b") } }), TypeError, "circular");
  const pair = { b: node("#/$defs/c"), c: node("#/$defs/b") };
  assertThrows(() => emit({ $defs: pair }), TypeError, "circular");
});

Deno.test("emitFile() wants objects with members under $defs", () => {
  const inline = {
    type: "object",
    description: "A.",
    properties: { b: { type: "string", description: "B." } },
    additionalProperties: false,
  };
  assertThrows(() => emit({ properties: { a: inline } }), TypeError, "objects belong under $defs");
});

Deno.test("emitFile() keeps text of a schema inside its comment and literal", () => {
  const text = emit({
    description: "Ends */ alert() @throws here.",
    properties: {
      a: { type: "string", pattern: "^[/\u00b5]$", description: "A." },
      b: { type: "string", enum: ['"', "\\"], description: "B." },
    },
  });
  assertStringIncludes(text, "/** Ends *\\/ alert() \\@throws here. */");
  assertStringIncludes(text, "pattern: /^[\\/\\u00b5]$/u");
  assertStringIncludes(text, '"\\"" | "\\\\"');
});

Deno.test("assertLinearPattern() takes flat patterns only", () => {
  for (
    const pattern of ["^[0-9a-f]{64}$", "^[a-z]+$", "^a{2}[bc]*$", "[^ ]", "\\S", "^$", "^\\d{3,}$"]
  ) {
    if (pattern === "^\\d{3,}$") continue;
    assertLinearPattern(pattern, "test");
  }
  for (
    const pattern of [
      "(a+)+$",
      "^(a|a)*$",
      "a*",
      "a+b",
      "^a*b*$",
      "^a*b$",
      "^a?a?a?aaa$",
      "^a{1,9}a{1,9}$",
      "^.*$",
      "^(?=a)a$",
      "^\\1$",
      "^a|b$",
      "^a",
      "",
      "^[a$",
    ]
  ) assertThrows(() => assertLinearPattern(pattern, "test"), Error, undefined, pattern);
});

Deno.test("withTable() replaces what stands between its markers only", () => {
  const begin = "<!-- schemas:begin (generated by scripts/generate_schemas.ts) -->";
  const page = `# A\n${begin}\nold\n<!-- schemas:end -->\nz\n`;
  const parsed = readSchemaFile("gate/x.schema.json", file({}));
  const out = withTable(page, [parsed]);
  assert(out.startsWith("# A\n") && out.endsWith("<!-- schemas:end -->\nz\n"));
  assertStringIncludes(out, "| An x. | refused | `WireX`, `validateX()` |");
  assertEquals(out.includes("old"), false);
  assertThrows(() => withTable("# A\n", []), TypeError, "no markers");
});
