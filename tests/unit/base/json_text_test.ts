import { assertEquals, assertThrows } from "@std/assert";
import { encodeJsonLine, encodeJsonPretty } from "../../../core/base/json_text.ts";

Deno.test("encodeJsonLine() sorts keys by code point at every level", () => {
  const value = JSON.parse(
    '{"b":1,"10":{"z":1,"a":2},"9":0,"\\ue000":1,"😀":2,"a":[{"y":1,"x":2}]}',
  );
  assertEquals(
    encodeJsonLine(value),
    '{"10":{"a":2,"z":1},"9":0,"a":[{"x":2,"y":1}],"b":1,"\ue000":1,"😀":2}\n',
  );
});

Deno.test("encodeJsonLine() escapes what is active in HTML and JavaScript", () => {
  assertEquals(
    encodeJsonLine({ "<k>": "<a>&\u2028\u2029é" }),
    '{"\\u003ck\\u003e":"\\u003ca\\u003e\\u0026\\u2028\\u2029é"}\n',
  );
});

Deno.test("encodeJsonLine() leaves out undefined members and keeps __proto__ as data", () => {
  assertEquals(encodeJsonLine({ a: undefined, b: [undefined, null] }), '{"b":[null,null]}\n');
  assertEquals(encodeJsonLine(JSON.parse('{"__proto__":{"x":1}}')), '{"__proto__":{"x":1}}\n');
});

Deno.test("encodeJsonLine() refuses what JSON cannot say", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  for (const value of [NaN, { a: Infinity }, 1n, cyclic]) {
    assertThrows(() => encodeJsonLine(value), TypeError);
    assertThrows(() => encodeJsonPretty(value), TypeError);
  }
});

Deno.test("encodeJsonPretty() keeps member order and indents by two", () => {
  assertEquals(
    encodeJsonPretty({ z: [], a: { b: "<&>" }, l: [1, "x"], e: {} }),
    '{\n  "z": [],\n  "a": {\n    "b": "\\u003c\\u0026\\u003e"\n  },\n  "l": [\n    1,\n    "x"\n  ],\n  "e": {}\n}\n',
  );
});
