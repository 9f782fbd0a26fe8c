/**
 * The JSON readers against `JSON.parse` as an independent judge.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { GaitError } from "../../core/base/errors.ts";
import type { JsonValue } from "../../core/base/json_value.ts";
import { parseJson } from "../../core/text/json.ts";
import { parseJsonDocument } from "../../core/text/json_document.ts";
import { toJsonValue } from "../../core/text/value.ts";

const SEED = 20260201;
const RUNS = Number(Deno.env.get("PROPERTY_RUNS") ?? 2000);

type Outcome = { value: JsonValue } | { code: string };

function outcome(read: () => JsonValue): Outcome {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof GaitError) return { code: error.code };
    if (error instanceof SyntaxError) return { code: "json_syntax" };
    throw error;
  }
}

/** Text that tells apart what deep equality of objects with odd member names would not. */
function print(result: Outcome): string {
  return JSON.stringify(result, (_key, value) => Object.is(value, -0) ? "minus zero" : value);
}

/** Refusals of ours for texts that `JSON.parse` accepts. */
const STRICTER = ["json_duplicate_key", "json_unsafe_number", "text_encoding", "text_too_deep"];

function compare(text: string): void {
  const theirs = outcome(() => JSON.parse(text));
  const ours = outcome(() => parseJson(text, { source: "t" }));
  const tree = outcome(() => {
    const { root } = parseJsonDocument(text, { source: "t" });
    assert(root !== undefined);
    return toJsonValue(root);
  });
  if ("value" in ours) {
    assertEquals(print(ours), print(theirs), text);
    // The tree refuses unsafe integers in addition.
    if ("value" in tree || tree.code !== "json_unsafe_number") {
      assertEquals(print(tree), print(ours), text);
    }
    return;
  }
  if ("value" in theirs) assert(STRICTER.includes(ours.code), `${ours.code} for ${text}`);
  assertEquals("value" in tree, false, text);
}

const key = fc.oneof(
  fc.constantFrom("a", "b", "__proto__", "constructor", "toString", "", "1"),
  fc.fullUnicodeString({ maxLength: 4 }),
);

const document: fc.Arbitrary<JsonValue> = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { depthSize: "medium" },
    fc.fullUnicodeString({ maxLength: 8 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(key, tie("node"), { maxKeys: 4 }),
  ),
})).node;

const edit = fc.record({
  at: fc.nat(300),
  drop: fc.nat(2),
  add: fc.constantFrom(
    ...' \n\t{}[]:,"\\-+.eE0123456789/u\x00\x1f\ufeff\ud800',
    "true",
    "null",
    '"a":',
    "\\u00e9",
    "\\ud83d",
    "\\ude00",
    "1e400",
    "01",
    "//",
    "/**/",
    "\u2028",
    "",
  ),
});

Deno.test("parseJson() equals JSON.parse on printed documents", () => {
  fc.assert(
    fc.property(document, fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
      compare(JSON.stringify(value, null, indent));
    }),
    { seed: SEED, numRuns: RUNS },
  );
});

Deno.test("parseJson() equals JSON.parse or refuses for a documented reason on mutations", () => {
  const mutation = fc.array(edit, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(document, mutation, (value, edits) => {
      let text = JSON.stringify(value, null, 1);
      for (const { at, drop, add } of edits) {
        const from = at % (text.length + 1);
        text = text.slice(0, from) + add + text.slice(from + drop);
      }
      compare(text);
    }),
    { seed: SEED, numRuns: RUNS * 4 },
  );
});

Deno.test("parseJson() agrees with BigInt about which integers survive", () => {
  const literal = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 24n }))
    .map(([minus, n]) => `${minus ? "-" : ""}${n}`);
  fc.assert(
    fc.property(literal, (text) => {
      const ours = outcome(() => parseJson(text, { source: "t", refuseUnsafeIntegers: true }));
      if ("value" in ours && BigInt(text) !== 0n) {
        // What passes prints as the digits that were written.
        assertEquals(digits(String(ours.value)), digits(text));
      } else if (!("value" in ours)) {
        assertEquals(ours.code, "json_unsafe_number");
        assert(digits(String(Number(text))) !== digits(text), text);
      }
    }),
    { seed: SEED, numRuns: RUNS },
  );
});

/** An integer as plain digits, from whatever notation JavaScript prints. */
function digits(text: string): string {
  const [mantissa = "", power = "0"] = text.split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return BigInt(whole + fraction.padEnd(Number(power), "0")).toString();
}
