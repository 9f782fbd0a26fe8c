import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { toHex, utf8 } from "../../../core/base/bytes.ts";
import { GaitError } from "../../../core/base/errors.ts";
import type { JsonValue } from "../../../core/base/json_value.ts";
import { LIMITS } from "../../../core/base/limits.ts";
import { sha256Hex } from "../../../core/digest/digest.ts";
import { webDigester } from "../../../core/digest/web_digester.ts";
import { canonicalize, canonicalString } from "../../../core/jcs/canonicalize.ts";
import { parseJson } from "../../../core/text/json.ts";

interface AcceptCase {
  readonly id: string;
  readonly input: string | null;
  readonly input_hex?: string;
  readonly input_generator?: { repeat_open: string; repeat_close: string; depth: number };
  readonly canonical: string;
  readonly canonical_hex?: string;
  readonly sha256: string;
  readonly divergence: { readonly wanted: unknown } | null;
}

const VECTORS = new URL("../../golden/data/runpack/jcs.json", import.meta.url);

/** Passes a value that the type system would not let through. */
function foreign(value: unknown): JsonValue {
  return value as JsonValue;
}

function refused(value: unknown, code: string): void {
  const error = assertThrows(() => canonicalize(foreign(value)), GaitError);
  assertEquals(error.code, code);
}

Deno.test("canonicalize() reproduces every accepted vector byte for byte", async () => {
  const { accept } = JSON.parse(await Deno.readTextFile(VECTORS)) as { accept: AcceptCase[] };
  let compared = 0;
  for (const vector of accept) {
    if (vector.divergence !== null || typeof vector.input !== "string") continue;
    if (vector.canonical.includes("\ufffd")) continue; // lone surrogates: refused (divergence P5)
    const text = canonicalize(parseJson(vector.input, { source: vector.id }));
    assertEquals(text, vector.canonical, vector.id);
    if (vector.canonical_hex !== undefined) {
      assertEquals(toHex(utf8(text)), vector.canonical_hex, vector.id);
    }
    assertEquals(await sha256Hex(webDigester, text), vector.sha256, vector.id);
    compared++;
  }
  assertEquals(compared >= 90, true, `only ${compared} vectors compared`);
});

Deno.test("canonicalize() reproduces the RFC 8785 §3.2.3 sorting example", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  assertEquals(Object.keys(JSON.parse(canonicalize(value)) as object).length, 7);
  const order = ["\\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"];
  const text = canonicalize(value);
  assertEquals(
    order.map((key) => text.indexOf(`"${key}"`)).every((at, i, all) =>
      at >= 0 && (i === 0 || at > (all[i - 1] as number))
    ),
    true,
  );
});

Deno.test("canonicalize() reproduces the RFC 8785 appendix B numbers", () => {
  const samples: [string, string][] = [
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ];
  for (const [bits, text] of samples) {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(`0x${bits}`));
    assertEquals(canonicalize(view.getFloat64(0)), text, bits);
  }
});

Deno.test("canonicalize() keeps a member named __proto__ and reads no inherited ones", () => {
  const value = JSON.parse('{"__proto__":{"x":1},"a":2}') as JsonValue;
  assertEquals(canonicalize(value), '{"__proto__":{"x":1},"a":2}');
  const bare = Object.assign(Object.create(null) as Record<string, JsonValue>, { b: 1 });
  assertEquals(canonicalize(bare), '{"b":1}');
});

Deno.test("canonicalize() refuses numbers that are not finite", () => {
  for (const value of [NaN, Infinity, -Infinity]) refused({ a: [value] }, "json_unsupported");
});

Deno.test("canonicalize() refuses lone surrogates in strings and keys", () => {
  for (const text of ["\ud800", "x\udc00y", "\ud83d\ud83d\ude00", "\ude00\ud83d"]) {
    refused(text, "text_encoding");
    refused({ [text]: 1 }, "text_encoding");
  }
  assertThrows(() => canonicalString("\ud800"), GaitError);
});

Deno.test("canonicalize() refuses what JSON has no type for", () => {
  const holes: unknown[] = [1];
  holes[2] = 3;
  class Custom {
    a = 1;
  }
  const bad = [
    undefined,
    () => 1,
    Symbol("s"),
    1n,
    new Date(0),
    new Map(),
    new Custom(),
    Object.create({ inherited: 1 }),
    new Uint8Array(2),
    holes,
    { a: undefined },
    { toJSON: () => "x" },
  ];
  for (const value of bad) refused(value, "json_unsupported");
});

Deno.test("canonicalize() stops at the depth limit, at cycles and at shared-node bombs", () => {
  let deep: JsonValue = 1;
  for (let i = 0; i < LIMITS.jcsDepth; i++) deep = [deep];
  assertStringIncludes(canonicalize(deep), "[[1]]");
  refused([deep], "text_too_deep");
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  refused(cycle, "text_too_deep");
  let bomb: JsonValue = [1];
  for (let i = 0; i < 60; i++) bomb = [bomb, bomb];
  refused(bomb, "text_too_deep");
});

Deno.test("canonicalize() reads each property once", () => {
  let reads = 0;
  const value = Object.defineProperty({}, "a", {
    enumerable: true,
    get: () => ++reads,
  });
  assertEquals(canonicalize(foreign(value)), '{"a":1}');
  assertEquals(reads, 1);
});
