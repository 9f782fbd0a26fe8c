/**
 * A promise that somebody else settles. `Promise.withResolvers` is the same, but Node 20 lacks it.
 *
 * @module
 */

/** A promise and the two ways to settle it. */
export interface Deferred<T> {
  /** Settles as told. */
  readonly promise: Promise<T>;
  /** Fulfils the promise, or lets it follow another one. */
  readonly resolve: (value: T | PromiseLike<T>) => void;
  /** Rejects the promise. */
  readonly reject: (reason?: unknown) => void;
}

/** Makes a promise that is settled from outside; what comes after the first call changes nothing. */
export function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>["resolve"] = () => {};
  let reject: Deferred<T>["reject"] = () => {};
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
