/**
 * Leaving out what says nothing (spec 02 §1.2).
 *
 * @module
 */

/** Whether a value counts as empty, so that its member is omitted. */
export function isEmptyMember(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0 || value === false ||
    (Array.isArray(value) && value.length === 0);
}

/** `undefined` for a value that counts as empty: JSON leaves such a member out. */
export function orAbsent<T>(value: T): T | undefined {
  return isEmptyMember(value) ? undefined : value;
}
