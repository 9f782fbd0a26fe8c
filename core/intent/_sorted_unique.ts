/**
 * Lists as sets.
 *
 * @module
 */

/**
 * Sorts records and drops those that compare equal to another. A list that ascends already, which is the
 * usual case, is returned as it is.
 *
 * @param list Records; may be sorted in place.
 * @param compare Total order over everything that is digested.
 */
export function sortedUnique<T>(list: T[], compare: (a: T, b: T) => number): readonly T[] {
  let ascending = true;
  for (let i = 1; ascending && i < list.length; i++) {
    ascending = compare(list[i - 1] as T, list[i] as T) < 0;
  }
  if (ascending) return list;
  list.sort(compare);
  return list.filter((item, i) => i === 0 || compare(list[i - 1] as T, item) !== 0);
}
