import { assert, assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { parseJsonDocument } from "../../../core/text/json_document.ts";
import type { MapNode, TextNode } from "../../../core/text/node.ts";
import { toJsonValue } from "../../../core/text/value.ts";

function root(text: string, jsonc = true): TextNode {
  const document = parseJsonDocument(text, { source: "p.jsonc", jsonc });
  assert(document.root !== undefined);
  return document.root;
}

function map(node: TextNode): MapNode {
  assert(node.kind === "map");
  return node;
}

function code(text: string, jsonc = true): string {
  return assertThrows(() => parseJsonDocument(text, { source: "p", jsonc }), GaitError).code;
}

Deno.test("parseJsonDocument() notes positions in code points, type and spelling", () => {
  const entry = map(root('{"\u{1f600}": 1.50,\n "b": "x"}')).entries;
  assertEquals(entry[0]?.value, {
    kind: "scalar",
    type: "float",
    value: 1.5,
    text: "1.50",
    style: "plain",
    start: { line: 1, column: 7 },
  });
  assertEquals(entry[1]?.key.start, { line: 2, column: 2 });
});

Deno.test("parseJsonDocument() keeps comments with their entries", () => {
  const text = `// head
{ // open
  // lead
  "a": 1, // trail a
  "b": /* in */ [1, 2 // trail 2
  ], /* trail b */
  // last
} // tail
// end`;
  const document = parseJsonDocument(text, { source: "p", jsonc: true });
  assert(document.root !== undefined);
  const [a, b] = map(document.root).entries;
  assertEquals(a?.leadingComments, ["// head", "// open", "// lead"]);
  assertEquals(a?.trailingComment, "// trail a");
  assertEquals(b?.trailingComment, "/* trail b */");
  assert(b?.value.kind === "seq");
  assertEquals(b.value.items[0]?.leadingComments, ["/* in */"]);
  assertEquals(b.value.items[1]?.trailingComment, "// trail 2");
  assertEquals(document.trailingComments, ["// last", "// tail", "// end"]);
});

Deno.test("parseJsonDocument() accepts comments and one trailing comma in JSONC only", () => {
  assertEquals(toJsonValue(root('[1, {"a": 2,},]')), [1, { a: 2 }]);
  for (const text of ["[1,]", "[1] // c", "/**/1", '{"a":1,}']) {
    assertEquals(code(text, false), "json_syntax");
  }
  for (const text of ["[,]", "[1,,]", "{,}", "/* open", "[1 / 2]"]) {
    assertEquals(code(text), "json_syntax");
  }
});

Deno.test("parseJsonDocument() is as strict as parseJson", () => {
  assertEquals(code('{"a":1,"a":2}'), "json_duplicate_key");
  assertEquals(code("9007199254740993"), "json_unsafe_number");
  assertEquals(code("1e400"), "json_unsafe_number");
  assertEquals(code("\ufeff1"), "text_encoding");
  assertEquals(code("[".repeat(300)), "text_too_deep");
  assertEquals(code(""), "json_syntax");
  assertEquals(code("1 1"), "json_syntax");
});

Deno.test("toJsonValue() gives plain values and keeps __proto__ as data", () => {
  const value = toJsonValue(root('{"__proto__": {"x": 1}, "n": null}'));
  assertEquals(JSON.stringify(value), '{"__proto__":{"x":1},"n":null}');
  assertEquals(Object.getPrototypeOf(value), Object.prototype);
});
