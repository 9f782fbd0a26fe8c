/**
 * Local stand-in for `@std/assert` (see `docs/architecture.md`): the same names, only those that the
 * tests use, behaving as std documents them.
 *
 * @module
 */

export { AssertionError } from "./assertion_error.ts";
export { equal } from "./equal.ts";
export {
  assertArrayIncludes,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertNotStrictEquals,
  assertStrictEquals,
  assertStringIncludes,
} from "./compare.ts";
export {
  assert,
  assertExists,
  assertFalse,
  assertInstanceOf,
  fail,
  unreachable,
} from "./conditions.ts";
export { assertIsError, assertRejects, assertThrows } from "./throws.ts";
