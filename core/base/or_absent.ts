/**
 * Leaving out what says nothing.
 *
 * @module
 */

/** `undefined` for a value that says nothing (spec 02 §1.2): JSON leaves such a member out. */
export function orAbsent<T>(value: T): T | undefined {
  const isEmpty = value === undefined || value === "" || value === 0 || value === false ||
    (Array.isArray(value) && value.length === 0);
  return isEmpty ? undefined : value;
}
