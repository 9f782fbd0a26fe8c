import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import { parseJson, type ParseJsonOptions } from "../../../core/text/json.ts";

const INTENT: ParseJsonOptions = { source: "intent.json", refuseUnsafeIntegers: true };

function refused(text: string | Uint8Array, options: ParseJsonOptions = INTENT): GaitError {
  try {
    parseJson(text, options);
  } catch (error) {
    assert(error instanceof GaitError);
    return error;
  }
  throw new Error(`accepted ${text}`);
}

Deno.test("parseJson() reads every kind of value", () => {
  const text = ' {"a": [1, -2.5e3, true, false, null, "x\\u00e9\\n\\ud83d\\ude00"], "b": {}} ';
  assertEquals(parseJson(text, INTENT), JSON.parse(text));
  assertEquals(parseJson(new TextEncoder().encode(text), INTENT), JSON.parse(text));
});

Deno.test("parseJson() keeps __proto__ and inherited names as own members", () => {
  const text = '{"__proto__":{"admin":true},"toString":1,"constructor":2}';
  const value = parseJson(text, INTENT);
  assertEquals(JSON.stringify(value), text);
  assertEquals(Object.getPrototypeOf(value), Object.prototype);
  assertEquals(({} as Record<string, unknown>)["admin"], undefined);
});

Deno.test("parseJson() refuses duplicate keys at every level, however they are spelled", () => {
  for (
    const text of [
      '{"a":1,"a":2}',
      '{"x":[{"a":1,"\\u0061":2}]}',
      '{"__proto__":1,"__proto__":2}',
      '{"toString":1,"toString":2}',
    ]
  ) assertEquals(refused(text).code, "json_duplicate_key");
  const error = refused('{"x": [0, {"b": {}, "a": 1,\n "a": 2}]}');
  assertEquals(error.place, { source: "intent.json", line: 2, column: 2, path: "x[1]" });
  assertStringIncludes(error.message, '"a"');
});

Deno.test("parseJson() refuses what RFC 8259 does not allow", () => {
  for (
    const text of [
      "",
      " ",
      "{",
      "[1,]",
      '{"a":1,}',
      "{a:1}",
      "01",
      "1.",
      ".5",
      "+1",
      "-",
      "1e",
      "NaN",
      "Infinity",
      "tru",
      "'a'",
      '"a',
      '"\t"',
      '"\\x41"',
      '"\\u12"',
      '"\\__proto__"',
      "1 2",
      "// c\n1",
      "\u00a01",
      "nulll",
    ]
  ) assertEquals(refused(text).code, "json_syntax", text);
});

Deno.test("parseJson() names place and path of a syntax error", () => {
  const error = refused('{"args": {"items": [1,\n  {"é": x}]}}');
  assertEquals(error.place, { source: "intent.json", line: 2, column: 9, path: "args.items[1].é" });
  assertStringIncludes(error.message, "found 'x'");
});

Deno.test("parseJson() refuses integers that a double cannot hold, in any notation", () => {
  for (
    const text of [
      "9007199254740993",
      "-9007199254740993",
      "9007199254740993.0",
      "9.007199254740993e15",
      "123456789012345678901",
      "18446744073709551615",
      '{"a":[99999999999999999999]}',
    ]
  ) {
    assertEquals(refused(text).code, "json_unsafe_number", text);
    assertEquals(refused(text).hint, "pass the number as a string");
    assertEquals(
      JSON.stringify(parseJson(text, { source: "t" })),
      JSON.stringify(JSON.parse(text)),
    );
  }
  for (const text of ["9007199254740992", "1e21", "1e300", "0.1", "0.10000000000000000001", "-0"]) {
    assertEquals(parseJson(text, INTENT), JSON.parse(text));
  }
});

Deno.test("parseJson() refuses numbers beyond the range of a double", () => {
  for (const text of ["1e400", "-1e400", `1${"0".repeat(400)}`, "1e99999999999999999999"]) {
    assertEquals(refused(text, { source: "t" }).code, "json_unsafe_number");
  }
  assertEquals(parseJson("1e-400", { source: "t" }), 0);
});

Deno.test("parseJson() refuses what is not exact text", () => {
  assertEquals(refused("\ufeff{}").code, "text_encoding");
  assertEquals(refused(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)).code, "text_encoding");
  assertEquals(refused(Uint8Array.of(0x22, 0xff, 0x22)).code, "text_encoding");
  assertEquals(refused(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)).code, "text_encoding");
  assertEquals(refused('"\ud800"').code, "text_encoding");
  assertEquals(refused('"\\ud800"').code, "text_encoding");
  assertEquals(refused('{"\\udc00\\ud800":1}').code, "text_encoding");
});

Deno.test("parseJson() bounds depth, size and time", () => {
  const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  parseJson(deep(LIMITS.textDepth), INTENT);
  assertEquals(refused(deep(LIMITS.textDepth + 1)).code, "text_too_deep");
  const begun = performance.now();
  assertEquals(refused("[".repeat(1_000_000)).code, "text_too_deep");
  assertEquals(refused('{"a":'.repeat(1_000_000)).code, "text_too_deep");
  assertEquals(refused(`[${"0,".repeat(LIMITS.textNodes)}0]`).code, "text_too_deep");
  assertLess(performance.now() - begun, 5_000);
  assertEquals(refused('"é"', { source: "t", maxBytes: 3 }).code, "input_too_large");
  assertEquals(parseJson('"é"', { source: "t", maxBytes: 4 }), "é");
  assertEquals(parseJson('"\u{1f600}"', { source: "t", maxBytes: 6 }), "\u{1f600}");
  const long = `"${"a".repeat(LIMITS.scalarLength + 1)}"`;
  assertEquals(refused(long).code, "input_too_large");
});

interface JcsCase {
  readonly id: string;
  readonly input_hex: string;
  readonly divergence: { readonly wanted: unknown } | null;
}

Deno.test("parseJson() accepts and rejects the canonicalisation vectors", () => {
  const file = new URL("../../golden/data/runpack/jcs.json", import.meta.url);
  const vectors: { accept: JcsCase[]; reject: Partial<JcsCase>[] } = JSON.parse(
    Deno.readTextFileSync(file),
  );
  const bytes = (hex: string) =>
    Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  let stricter = 0;
  for (const { id, input_hex, divergence } of vectors.accept) {
    try {
      parseJson(bytes(input_hex), { source: id });
    } catch (error) {
      assert(error instanceof GaitError);
      // Divergences P1 and P5: duplicates, lone surrogates and invalid UTF-8 are rejected.
      const documented = ["json_duplicate_key", "text_encoding"].includes(error.code);
      assert(documented || divergence !== null, `${id}: ${error.located}`);
      stricter++;
    }
  }
  assertLess(stricter, vectors.accept.length / 4);
  for (const { id = "", input_hex } of vectors.reject) {
    // One vector describes its input instead: brackets nested beyond every limit.
    const input = input_hex === undefined ? "[".repeat(10_001) : bytes(input_hex);
    refused(input, { source: id });
  }
});
