import {
  assert,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertIsError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  equal,
  fail,
  unreachable,
} from "@std/assert";

/** Message of the assertion error that `fn` must throw; independent of the code under test. */
function failure(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
  throw new Error("Nothing was thrown");
}

Deno.test("equal() compares structure, types and own members", () => {
  const pairs: [unknown, unknown, boolean][] = [
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, true],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: undefined }, {}, false],
    [[1, 2], [2, 1], false],
    [NaN, NaN, true],
    [0, -0, true],
    [1, "1", false],
    [null, undefined, false],
    [null, {}, false],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }, true],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2]), true],
    [new Uint8Array([1, 2]), new Uint8Array([1, 3]), false],
    [new Uint8Array([1]), [1], false],
    [new Map([[{ k: 1 }, [1]]]), new Map([[{ k: 1 }, [1]]]), true],
    [new Map([["a", 1]]), new Map([["a", 2]]), false],
    [new Set([1, { a: 1 }]), new Set([{ a: 1 }, 1]), true],
    [new Set([1]), new Set([2]), false],
    [new Date(5), new Date(5), true],
    [new Date(5), new Date(6), false],
    [/a/g, /a/g, true],
    [/a/g, /a/i, false],
    [new URL("http://a/b"), new URL("http://a/c"), false],
    [new Error("a"), new Error("b"), false],
  ];
  for (const [a, b, want] of pairs) {
    if (equal(a, b) !== want) throw new Error(`${Deno.inspect(a)} / ${Deno.inspect(b)}`);
  }
});

Deno.test("equal() ends on cyclic values", () => {
  const a: Record<string, unknown> = {};
  a.self = a;
  const b: Record<string, unknown> = {};
  b.self = b;
  if (!equal(a, b)) throw new Error("cyclic values differ");
});

Deno.test("assertEquals() shows a line diff", () => {
  assertEquals({ a: 1 }, { a: 1 });
  const message = failure(() => assertEquals({ a: 1, b: [1, 2] }, { a: 1, b: [1, 3] }, "why"));
  for (const part of ["Values are not equal: why", "-       2", "+       3", "        1"]) {
    if (!message.includes(part)) throw new Error(`${part} is not in ${message}`);
  }
});

Deno.test("comparisons fail exactly when they should", () => {
  assertNotEquals({ a: 1 }, { a: 2 });
  failure(() => assertNotEquals({ a: 1 }, { a: 1 }));
  assertStrictEquals("a", "a");
  failure(() => assertStrictEquals({}, {}));
  assertNotStrictEquals({}, {});
  failure(() => assertNotStrictEquals(1, 1));
  assertStringIncludes("abc", "b");
  failure(() => assertStringIncludes("abc", "d"));
  assertArrayIncludes([{ a: 1 }, 2], [2, { a: 1 }] as unknown[]);
  failure(() => assertArrayIncludes([1], [2]));
  assertMatch("abc", /b/);
  failure(() => assertMatch("abc", /d/));
  assertNotMatch("abc", /d/);
  failure(() => assertNotMatch("abc", /b/));
  assertGreater(2, 1);
  failure(() => assertGreater(1, 1));
  assertGreaterOrEqual(1, 1);
  failure(() => assertGreaterOrEqual(1, 2));
  assertLess(1, 2);
  failure(() => assertLess(2, 2));
  assertLessOrEqual(2, 2);
  failure(() => assertLessOrEqual(3, 2));
});

Deno.test("conditions fail exactly when they should", () => {
  assert(1);
  failure(() => assert(0));
  assertFalse("");
  failure(() => assertFalse("x"));
  assertExists(0);
  failure(() => assertExists(null));
  failure(() => assertExists(undefined));
  assertInstanceOf(new TypeError(), Error);
  failure(() => assertInstanceOf({}, Error));
  failure(() => assertInstanceOf(null, Error));
  failure(() => fail("x"));
  failure(() => unreachable());
});

Deno.test("assertThrows() returns the error and checks class and text", () => {
  const error = assertThrows(() => JSON.parse("{"), SyntaxError);
  assertInstanceOf(error, SyntaxError);
  failure(() => assertThrows(() => 1));
  failure(() => assertThrows(() => JSON.parse("{"), TypeError));
  failure(() => assertThrows(() => JSON.parse("{"), SyntaxError, "no such text"));
  failure(() => assertIsError("text"));
  assertIsError(new Error("abc"), Error, /b/);
  failure(() => assertIsError(new Error("abc"), Error, /d/));
});

Deno.test("assertRejects() returns the error and refuses a synchronous throw", async () => {
  const error = await assertRejects(() => Promise.reject(new TypeError("abc")), TypeError, "b");
  assertInstanceOf(error, TypeError);
  await assertRejects(() => assertRejects(() => Promise.resolve(1)), AssertionError, "to reject");
  await assertRejects(
    () =>
      assertRejects(() => {
        throw new Error("now");
      }),
    AssertionError,
    "Function throws",
  );
  await assertRejects(
    () => assertRejects(() => Promise.reject(new Error("x")), TypeError),
    AssertionError,
  );
});
