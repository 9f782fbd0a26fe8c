import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { JsonValue } from "../../core/base/json_value.ts";
import { canonicalize } from "../../core/jcs/canonicalize.ts";
import { parseJson } from "../../core/text/json.ts";

const RUNS = { seed: 20260201, numRuns: 500 };

/** Any JSON value with well-formed text, odd keys included. */
const anyJson = fc.jsonValue({ maxDepth: 5, noUnicodeString: false }).filter((value) =>
  JSON.stringify(value).isWellFormed() && wellFormed(value)
) as fc.Arbitrary<JsonValue>;

function wellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && wellFormed(inner));
}

/** The plain way: sort recursively, then let the platform write. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const out = Object.create(null) as Record<string, JsonValue>;
  for (const key of Object.keys(value).sort()) out[key] = sorted(value[key] as JsonValue);
  return out;
}

/** Integer-like keys cannot be put in text order in an object, so they are left to the vectors. */
function hasIntegerKey(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, inner]) =>
    (!Array.isArray(value) && /^(?:0|[1-9][0-9]*)$/.test(key)) || hasIntegerKey(inner)
  );
}

Deno.test("canonicalize() round-trips through the strict reader", () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const text = canonicalize(value);
      assertEquals(canonicalize(parseJson(text, { source: "property" })), text);
      assertEquals(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
    RUNS,
  );
});

Deno.test("canonicalize() equals sorting and JSON.stringify", () => {
  fc.assert(
    fc.property(anyJson.filter((value) => !hasIntegerKey(value)), (value) => {
      assertEquals(canonicalize(value), JSON.stringify(sorted(value)));
    }),
    RUNS,
  );
});

Deno.test("canonicalize() does not depend on member order", () => {
  const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.integer()), {
    selector: ([key]) => key,
    maxLength: 12,
  });
  const shuffled = entries.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
    )
  );
  fc.assert(
    fc.property(shuffled, ([a, b]) => {
      assertEquals(canonicalize(Object.fromEntries(a)), canonicalize(Object.fromEntries(b)));
    }),
    RUNS,
  );
});

Deno.test("canonicalize() writes every finite double so that it reads back", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = canonicalize(value);
      assertEquals(Number(text), value === 0 ? 0 : value);
      assertEquals(text.includes("E") || text.startsWith("+"), false);
    }),
    RUNS,
  );
});
