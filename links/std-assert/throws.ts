import { AssertionError, withMessage } from "./assertion_error.ts";

/** Constructor of an error class. */
// deno-lint-ignore no-explicit-any -- any constructor signature, as in std
type ErrorType<E extends Error> = abstract new (...args: any[]) => E;

/** Fails unless `error` is an `Error` of the given class whose message includes or matches the text. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: ErrorType<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(withMessage(`Expected "error" to be an Error object`, msg));
  }
  if (ErrorClass && !(error instanceof ErrorClass)) {
    throw new AssertionError(
      withMessage(
        `Expected error to be instance of "${ErrorClass.name}", but was "${error.constructor.name}"` +
          ` (${error.message})`,
        msg,
      ),
    );
  }
  const fits = typeof msgMatches === "string"
    ? error.message.includes(msgMatches)
    : msgMatches === undefined || msgMatches.test(error.message);
  if (fits) return;
  const want = typeof msgMatches === "string" ? `include "${msgMatches}"` : `match ${msgMatches}`;
  throw new AssertionError(
    withMessage(`Expected error message to ${want}, but got "${error.message}"`, msg),
  );
}

/** What the optional arguments of {@linkcode assertThrows} and {@linkcode assertRejects} ask for. */
interface Expectation<E extends Error> {
  ErrorClass: ErrorType<E> | undefined;
  msgIncludes: string | undefined;
  msg: string | undefined;
}

function expectation<E extends Error>(
  first: ErrorType<E> | string | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): Expectation<E> {
  return typeof first === "function"
    ? { ErrorClass: first, msgIncludes, msg }
    : { ErrorClass: undefined, msgIncludes: undefined, msg: first };
}

function check<E extends Error>(error: unknown, want: Expectation<E>): void {
  if (want.ErrorClass) assertIsError(error, want.ErrorClass, want.msgIncludes, want.msg);
}

/** Fails unless `fn` throws; with a class, unless it throws an error of it. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Fails unless `fn` throws; with a class, unless it throws an error of it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorType<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  first?: ErrorType<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const want = expectation(first, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    check(error, want);
    return error;
  }
  throw new AssertionError(withMessage("Expected function to throw", want.msg));
}

/** Fails unless the promise of `fn` rejects; with a class, unless with an error of it. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Fails unless the promise of `fn` rejects; with a class, unless with an error of it. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorType<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  first?: ErrorType<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const want = expectation(first, msgIncludes, msg);
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (error) {
    const kind = error instanceof Error ? error.message : String(error);
    throw new AssertionError(
      withMessage(`Function throws when expected to reject (${kind})`, want.msg),
    );
  }
  try {
    await promise;
  } catch (error) {
    check(error, want);
    return error;
  }
  throw new AssertionError(withMessage("Expected function to reject", want.msg));
}
