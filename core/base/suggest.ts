/**
 * "Did you mean": the nearest word of a closed list.
 *
 * @module
 */

/** Longest word that is compared; a longer one is no typing error of anything we know. */
const MAX_LENGTH = 64;

/** One row of the edit distance table after another: insert, delete, replace and swap cost 1 each. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, at(beforeLast, j - 2) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

/** Reads a cell that exists by construction. */
function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

/** Makes `minApprovals`, `Min-Approvals` and `min_approvals` comparable. */
function plain(word: string): string {
  return word.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[\s-]+/g, "_").toLowerCase();
}

/**
 * Finds the candidate that a mistyped word most likely means.
 *
 * Case, camel case and dashes do not count as differences. A candidate that the word abbreviates
 * (`path_allow` for `path_allowlist`), or one within a third of the word's length in typing errors, is
 * near enough; the first of equally near candidates wins.
 *
 * @param word What was written.
 * @param candidates What may be written.
 * @returns `undefined` when nothing is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word === "" || word.length > MAX_LENGTH) return undefined;
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const known = plain(candidate);
    if (Math.abs(known.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, known);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best ?? abbreviated(wanted, candidates);
}

/** The one candidate that starts with, or ends in, the word; `undefined` when there are several. */
function abbreviated(wanted: string, candidates: readonly string[]): string | undefined {
  if (wanted.length < 3) return undefined;
  const found = candidates.filter((candidate) => {
    const known = plain(candidate);
    return known.startsWith(wanted) || known.endsWith(`_${wanted}`);
  });
  return found.length === 1 ? found[0] : undefined;
}
