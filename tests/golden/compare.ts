/**
 * Comparison of a result with a recorded case: the rules of the vectors' README files, for an implementation
 * that may add members to its output but not to signed records.
 */

/** One difference. */
export interface Difference {
  readonly at: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What may differ. */
export interface Tolerance {
  /** JSON pointers that are not compared. */
  readonly skip: ReadonlySet<string>;
  /** Further accepted values by JSON pointer. */
  readonly alternatives: ReadonlyMap<string, readonly unknown[]>;
}

/** Codes that a more specific one may replace. */
const GENERIC = new Set(["invalid_input", "verification_failed", "internal_failure"]);
/** Members whose text is no contract, or which depend on the program name. */
const FREE = new Set(["hint", "error", "correlation_id"]);

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deep equality of JSON values. */
export function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
  }
  return Object.is(a, b);
}

function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Whether members beyond the expected ones are an error: they are in signed records. */
function isSigned(value: Record<string, unknown>): boolean {
  return isObject(value.signature) || Array.isArray(value.signatures);
}

/** Compares one member. */
function compareMember(
  key: string,
  pair: { expected: Record<string, unknown>; actual: Record<string, unknown> },
  at: string,
  tolerance: Tolerance,
): Difference[] {
  const expected = pair.expected[key];
  const actual = Object.hasOwn(pair.actual, key) ? pair.actual[key] : undefined;
  const topLevel = /^\/stdout\/\w+$/.test(at);
  if (topLevel && FREE.has(key) && typeof actual === "string" && actual !== "") return [];
  if (key === "correlation_id" && typeof actual === "string") return [];
  if (topLevel && key === "warnings" && Array.isArray(actual) && actual.length > 0) return [];
  if (topLevel && /^error_(code|category)$/.test(key) && GENERIC.has(String(expected))) {
    return typeof actual === "string" ? [] : [{ at, expected, actual }];
  }
  return compare(expected, actual, at, tolerance);
}

/** Compares two JSON values. */
export function compare(
  expected: unknown,
  actual: unknown,
  at: string,
  tolerance: Tolerance,
): Difference[] {
  if (tolerance.skip.has(at)) return [];
  if (expected === "<text>" && typeof actual === "string" && actual !== "") return [];
  if (tolerance.alternatives.get(at)?.some((other) => equal(other, actual))) return [];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return [{ at, expected, actual }];
    return expected.flatMap((item, i) => compare(item, actual[i], `${at}/${i}`, tolerance));
  }
  if (isObject(expected) && isObject(actual)) {
    const pair = { expected, actual };
    const found = Object.keys(expected).flatMap((key) =>
      compareMember(key, pair, `${at}/${escape(key)}`, tolerance)
    );
    const extra = isSigned(expected)
      ? Object.keys(actual).filter((key) =>
        !Object.hasOwn(expected, key) && !tolerance.skip.has(`${at}/${escape(key)}`)
      )
      : [];
    return [
      ...found,
      ...extra.map((key) => ({
        at: `${at}/${escape(key)}`,
        expected: undefined,
        actual: actual[key],
      })),
    ];
  }
  return equal(expected, actual) ? [] : [{ at, expected, actual }];
}
