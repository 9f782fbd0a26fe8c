import { assert, assertEquals, assertFalse } from "@std/assert";
import { LIMITS } from "../../../core/base/limits.ts";
import type { SchemaNode } from "../../../schemas/schema_node.ts";
import { validate } from "../../../schemas/validator.ts";

const TEXT: SchemaNode = { type: "string" };

/** Codes and places of all findings. */
function found(schema: SchemaNode, value: unknown): string[] {
  return validate(schema, value).map(({ path, code }) => `${path}:${code}`);
}

Deno.test("validate() accepts exactly the values of each type", () => {
  const values: Record<string, unknown[]> = {
    array: [[], [1]],
    boolean: [true, false],
    integer: [0, -0, 5, 1e300],
    null: [null],
    number: [0, 0.5, -1e-300],
    object: [{}, { a: 1 }],
    string: ["", "x"],
  };
  for (const type of Object.keys(values) as (SchemaNode["type"] & string)[]) {
    for (const [other, list] of Object.entries(values)) {
      for (const value of list) {
        const fits = type === other || (type === "number" && other === "integer") ||
          (type === "integer" && Number.isInteger(value));
        assertEquals(validate({ type }, value).length === 0, fits, `${type} of ${other}`);
      }
    }
  }
});

Deno.test("validate() refuses what JSON cannot hold", () => {
  for (const value of [NaN, Infinity, -Infinity, undefined, 1n, Symbol("s"), () => 1]) {
    for (const type of ["number", "integer", "object", "string", "boolean", "null"] as const) {
      assertEquals(found({ type }, value), [":type_mismatch"]);
    }
  }
});

Deno.test("validate() takes any of several types and names them all otherwise", () => {
  const schema: SchemaNode = { type: ["string", "null"] };
  assertEquals(validate(schema, null), []);
  assertEquals(validate(schema, ""), []);
  assertEquals(validate(schema, 1), [{
    path: "",
    code: "type_mismatch",
    message: "Value must be of type string or null, not integer",
    expected: "string or null",
  }]);
});

Deno.test("validate() counts length in code points", () => {
  const schema: SchemaNode = { type: "string", minLength: 2, maxLength: 3 };
  assertEquals(found(schema, "a"), [":too_short"]);
  assertEquals(found(schema, "\u{1f600}"), [":too_short"]);
  assertEquals(found(schema, "\u{1f600}".repeat(3)), []);
  assertEquals(found(schema, "abc"), []);
  assertEquals(found(schema, "\u{1f600}".repeat(4)), [":too_long"]);
  assertEquals(found(schema, "a".repeat(1_000_000)), [":too_long"]);
  assertEquals(found(schema, "\u{1f600}ab"), []);
});

Deno.test("validate() checks const, enum, pattern and numeric bounds", () => {
  assertEquals(found({ type: "boolean", const: false }, false), []);
  assertEquals(found({ type: "boolean", const: false }, true), [":const_mismatch"]);
  assertEquals(found({ type: "string", const: "a" }, "A"), [":const_mismatch"]);
  assertEquals(found({ type: "string", enum: ["a", ""] }, ""), []);
  assertEquals(found({ type: "string", enum: ["a", ""] }, "b"), [":enum_mismatch"]);
  assertEquals(found({ type: "string", enum: ["a"] }, "toString"), [":enum_mismatch"]);
  assertEquals(found({ type: "string", pattern: /^a$/u }, "a\n"), [":pattern_mismatch"]);
  assertEquals(found({ type: "integer", minimum: 0, maximum: 2 }, -1), [":too_small"]);
  assertEquals(found({ type: "integer", minimum: 0, maximum: 2 }, 3), [":too_large"]);
  assertEquals(found({ type: "integer", minimum: 0, maximum: 2 }, 2), []);
});

Deno.test("validate() reads date-time as the product reads timestamps", () => {
  const schema: SchemaNode = { type: "string", format: "date-time" };
  for (
    const text of [
      "2026-02-06T00:00:00Z",
      "2026-02-06T00:00:00,5Z",
      "2026-02-06T00:00:00.123456789012+02:00",
      "0001-01-01T00:00:00Z",
      "2024-02-29T23:59:59Z",
    ]
  ) assertEquals(found(schema, text), [], text);
  for (
    const text of [
      "",
      "2026-02-06",
      "2026-02-06 00:00:00Z",
      "2026-02-06t00:00:00z",
      "2026-02-06T24:00:00Z",
      "2026-02-06T23:59:60Z",
      "2026-02-30T00:00:00Z",
      "2026-02-06T00:00:00",
      "2026-02-06T00:00:00+02",
      " 2026-02-06T00:00:00Z",
      "2026-02-06T00:00:00Z\n",
    ]
  ) assertEquals(found(schema, text), [":format_mismatch"], text);
});

Deno.test("validate() checks lists item by item", () => {
  const schema: SchemaNode = { type: "array", minItems: 1, items: TEXT };
  assertEquals(validate(schema, [])[0]?.message, "List must have at least 1 item");
  assertEquals(found(schema, ["a", 1, null]), ["[1]:type_mismatch", "[2]:type_mismatch"]);
  assertEquals(found(schema, new Array(2)), ["[0]:type_mismatch", "[1]:type_mismatch"]);
});

Deno.test("validate() tells missing and unknown members apart and names the right spelling", () => {
  const schema: SchemaNode = {
    type: "object",
    required: ["tool_name"],
    properties: { tool_name: TEXT, args: { type: "object", additionalProperties: true } },
    additionalProperties: false,
  };
  assertEquals(validate(schema, { Tool_Name: "t", other: 1 }), [
    {
      path: "Tool_Name",
      code: "unknown_member",
      message: 'Member "Tool_Name" is not known',
      expected: "tool_name (names are case-sensitive)",
    },
    {
      path: "other",
      code: "unknown_member",
      message: 'Member "other" is not known',
      expected: "one of tool_name, args",
    },
    {
      path: "tool_name",
      code: "missing_member",
      message: 'Member "tool_name" is missing',
      expected: "a value",
    },
  ]);
  assertEquals(found(schema, { tool_name: "t", args: { free: [1] } }), []);
});

Deno.test("validate() treats a member that is undefined as absent", () => {
  const schema: SchemaNode = {
    type: "object",
    required: ["a"],
    properties: { a: TEXT, b: TEXT },
    additionalProperties: false,
  };
  assertEquals(found(schema, { a: "x", b: undefined, c: undefined }), []);
  assertEquals(found(schema, { a: undefined }), ["a:missing_member"]);
});

Deno.test("validate() sees own members only", () => {
  const closed: SchemaNode = {
    type: "object",
    required: ["constructor_name"],
    properties: { constructor_name: TEXT },
    additionalProperties: false,
  };
  const hostile: unknown = JSON.parse(
    '{"constructor_name":"x","__proto__":{"constructor_name":1},"constructor":1,"toString":2}',
  );
  assertEquals(found(closed, hostile), [
    "__proto__:unknown_member",
    "constructor:unknown_member",
    "toString:unknown_member",
  ]);
  const inherited = Object.create({ constructor_name: "x" });
  assertEquals(found(closed, inherited), ["constructor_name:missing_member"]);
  const required: SchemaNode = { ...closed, required: ["toString"] };
  assertEquals(found(required, { constructor_name: "x" }), ["toString:missing_member"]);
  const bare: unknown = Object.assign(Object.create(null), { constructor_name: "x" });
  assertEquals(found(closed, bare), []);
});

Deno.test("validate() sorts findings by place, items by number", () => {
  const schema: SchemaNode = {
    type: "object",
    properties: { b: { type: "array", items: TEXT }, a: TEXT },
    additionalProperties: false,
  };
  const list = Array.from({ length: 11 }, (_, index) => index === 2 || index === 10 ? 0 : "");
  assertEquals(found(schema, { b: list, a: 1 }), [
    "a:type_mismatch",
    "b[2]:type_mismatch",
    "b[10]:type_mismatch",
  ]);
  assertEquals(found(schema, { a: 1, b: list }), found(schema, { b: list, a: 1 }));
});

Deno.test("validate() stops at the limit of findings", () => {
  const list = new Array(200_000).fill(1);
  assertEquals(validate({ type: "array", items: TEXT }, list).length, LIMITS.findings);
  const wide = Object.fromEntries(list.map((_, index) => [`k${index}`, 1]));
  const closed: SchemaNode = { type: "object", properties: {}, additionalProperties: false };
  const findings = validate(closed, wide);
  assertEquals(findings.length, LIMITS.findings);
  assertEquals(findings[0]?.expected, "no members");
});

Deno.test("validate() writes hostile member names harmlessly", () => {
  const closed: SchemaNode = { type: "object", properties: {}, additionalProperties: false };
  const names = [
    "a b",
    'q"\\',
    "\u001b[31m",
    "\u202egpj",
    "\ud800",
    "é",
    "x".repeat(1_000_000),
    "",
  ];
  for (const name of names) {
    const [finding] = validate(closed, { [name]: "secret-value" });
    assert(finding !== undefined);
    assert(finding.path.length < 400 && finding.message.length < 400);
    assertFalse(/[\p{C}]/u.test(finding.path + finding.message), name);
    assertFalse(JSON.stringify(finding).includes("secret-value"));
  }
  assertEquals(validate(closed, { 'q"\\': 1 })[0]?.path, '["q\\"\\\\"]');
  assertEquals(validate(closed, { "\u001b": 1 })[0]?.path, '["\\u{1b}"]');
  assertEquals(validate(closed, { "a.b": 1 })[0]?.path, '["a.b"]');
});

Deno.test("validate() never repeats a value of the document", () => {
  const secret = "hunter2-hunter2";
  const schemas: SchemaNode[] = [
    { type: "integer" },
    { type: "string", const: "a" },
    { type: "string", enum: ["a"] },
    { type: "string", pattern: /^a$/u },
    { type: "string", format: "date-time" },
    { type: "string", maxLength: 1 },
    { type: "string", minLength: 99 },
  ];
  for (const schema of schemas) {
    const findings = validate(schema, secret);
    assertEquals(findings.length, 1);
    assertFalse(JSON.stringify(findings).includes(secret));
  }
});

Deno.test("validate() does not descend further than the schema", () => {
  let deep: unknown = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  assertEquals(validate({ type: "object", additionalProperties: true }, deep), []);
});
