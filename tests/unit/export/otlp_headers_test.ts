import { assert, assertEquals, assertThrows } from "@std/assert";
import { GaitError } from "../../../core/base/errors.ts";
import { otlpHeaderVariables, readOtlpHeaders } from "../../../core/export/otlp_headers.ts";

const SECRET = "Bearer s3cr3t";

function read(specs: readonly string[], values: Record<string, string> = { KEY: SECRET }) {
  const map = new Map(Object.entries(values));
  return readOtlpHeaders(specs, { get: (name) => map.get(name), names: () => [...map.keys()] });
}

Deno.test("readOtlpHeaders() takes values from variables, and names in any case", () => {
  const env = { KEY: ` ${SECRET}\n`, OTHER: "a=b,c" };
  assertEquals(read([" Authorization=KEY", "x-scope=OTHER"], env), {
    authorization: SECRET,
    "x-scope": "a=b,c",
  });
  assertEquals(read([]), {});
});

Deno.test("readOtlpHeaders() refuses what is no header, and never repeats a value", () => {
  const values = {
    KEY: SECRET,
    BLANK: "  ",
    LINES: `${SECRET}\r\nx-evil: 1`,
    WIDE: "ключ",
    NUL: "a\0b",
    LONG: "s".repeat(5_000),
  };
  const wrong = [
    ["authorization"],
    ["authorization="],
    ["=KEY"],
    [`authorization=${SECRET}`],
    ["a b=KEY"],
    ["a:b=KEY"],
    ["naïve=KEY"],
    ["authorization=MISSING"],
    ["authorization=BLANK"],
    ["authorization=LINES"],
    ["authorization=WIDE"],
    ["authorization=NUL"],
    ["authorization=LONG"],
    ["x-a=KEY", "X-A=KEY"],
    ["Content-Length=KEY"],
    ["host=KEY"],
    ["Transfer-Encoding=KEY"],
    Array.from({ length: 33 }, (_, at) => `x-${at}=KEY`),
  ];
  for (const specs of wrong) {
    const error = assertThrows(() => read(specs, values), GaitError);
    assertEquals(error.code, "usage", specs[0]);
    assert(!`${error.message} ${error.hint}`.includes("s3cr3t"), error.message);
  }
});

Deno.test("readOtlpHeaders() takes __proto__ for a name like any other", () => {
  const headers = read(["__proto__=KEY"]);
  assertEquals(Object.keys(headers), ["__proto__"]);
  assertEquals(Object.getPrototypeOf(headers), Object.prototype);
});

Deno.test("otlpHeaderVariables() names the variables of what can be read", () => {
  assertEquals(otlpHeaderVariables(["a=KEY", "wrong", "b=OTHER", `c=${SECRET}`]), [
    "KEY",
    "OTHER",
  ]);
});
