/**
 * Telling data from behaviour.
 *
 * @module
 */

/**
 * Whether an object is a plain record. Judged by the shape of its prototype chain, not by identity with
 * this realm's `Object.prototype`, so that records from another realm pass and class instances (`Date`,
 * `Map`, …), whose own members say nothing about their value, do not.
 *
 * @param value An object that is not an array.
 */
export function isPlainRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ||
    (typeof prototype === "object" && Object.getPrototypeOf(prototype) === null);
}
