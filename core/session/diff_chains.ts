/**
 * Comparing two chains by index and digest (spec 03 §12).
 *
 * @module
 */

import { sortedSet } from "../base/text_rules.ts";
import type { SessionChain } from "./chain.ts";

/** Digest by index. */
function digests(chain: SessionChain): Map<number, string> {
  return new Map(
    chain.checkpoints.map(({ checkpoint_index: index, checkpoint_digest: digest }) => [
      index,
      digest,
    ]),
  );
}

/**
 * What differs, as names of a diff: `checkpoint_N`, `left_only_checkpoint_N`, `right_only_checkpoint_N`.
 *
 * @returns Sorted names; none when the chains say the same.
 */
export function diffChains(left: SessionChain, right: SessionChain): string[] {
  const [a, b] = [digests(left), digests(right)];
  return sortedSet([
    ...[...a].flatMap(([index, digest]) => {
      const other = b.get(index);
      if (other === undefined) return [`left_only_checkpoint_${index}`];
      return other === digest ? [] : [`checkpoint_${index}`];
    }),
    ...[...b.keys()].filter((index) => !a.has(index)).map((index) =>
      `right_only_checkpoint_${index}`
    ),
  ]);
}
