import { AssertionError, show, withMessage } from "./assertion_error.ts";
import { diffValues } from "./diff.ts";
import { equal } from "./equal.ts";

function differs(sentence: string, actual: unknown, expected: unknown, msg?: string): never {
  const head = withMessage(sentence, msg);
  throw new AssertionError(
    `${head}\n\n    [Diff] -Actual / +Expected\n\n${diffValues(actual, expected)}\n`,
  );
}

/** Fails unless `actual` and `expected` are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) differs("Values are not equal", actual, expected, msg);
}

/** Fails when `actual` and `expected` are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    withMessage(`Expected actual: ${show(actual)} not to be: ${show(expected)}`, msg),
  );
}

/** Fails unless `actual` is `expected` (`Object.is`). */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (!Object.is(actual, expected)) {
    differs("Values are not strictly equal", actual, expected, msg);
  }
}

/** Fails when `actual` is `expected` (`Object.is`). */
export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(withMessage('Expected "actual" to not be strictly equal', msg));
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    withMessage(`Expected actual: "${actual}" to contain: "${expected}"`, msg),
  );
}

/** Fails unless `actual` holds an equal of every item of `expected`. */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  msg?: string,
): void {
  const have = Array.from(actual);
  const missing = Array.from(expected).filter((item) => !have.some((found) => equal(found, item)));
  if (missing.length === 0) return;
  throw new AssertionError(
    withMessage(
      `Expected actual: "${show(have)}" to include: "${show(expected)}"`,
      msg,
    ) + `\nmissing: ${show(missing)}`,
  );
}

/** Fails unless `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    withMessage(`Expected actual: "${actual}" to match: "${expected}"`, msg),
  );
}

/** Fails when `actual` matches `expected`. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(
    withMessage(`Expected actual: "${actual}" to not match: "${expected}"`, msg),
  );
}

function ordered(ok: boolean, parts: [unknown, string, unknown], msg: string | undefined): void {
  if (ok) return;
  const [actual, relation, expected] = parts;
  throw new AssertionError(msg ?? `Expect ${show(actual)} ${relation} ${show(expected)}`);
}

/** Fails unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  ordered(actual > expected, [actual, ">", expected], msg);
}

/** Fails unless `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  ordered(actual >= expected, [actual, ">=", expected], msg);
}

/** Fails unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  ordered(actual < expected, [actual, "<", expected], msg);
}

/** Fails unless `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  ordered(actual <= expected, [actual, "<=", expected], msg);
}
