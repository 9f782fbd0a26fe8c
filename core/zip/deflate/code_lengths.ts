/**
 * Length-limited prefix codes by package-merge (spec 01 §7.3, "write block" step 2).
 *
 * @module
 */

/** One row of package-merge: weights in order, and which of them are single symbols. */
interface Row {
  readonly weights: readonly number[];
  readonly leaves: readonly boolean[];
}

/** Symbols that occur, ascending by frequency, then by symbol. */
function occurring(frequencies: Uint32Array): number[] {
  const out: number[] = [];
  for (let symbol = 0; symbol < frequencies.length; symbol++) {
    if (frequencies[symbol] !== 0) out.push(symbol);
  }
  const frequency = (symbol: number) => frequencies[symbol] ?? 0;
  return out.sort((a, b) => frequency(a) - frequency(b) || a - b);
}

/** Merges symbols with pairs of the row before; a symbol goes first only if it is strictly lighter. */
function nextRow(leafWeights: readonly number[], before: Row): Row {
  const weights: number[] = [];
  const leaves: boolean[] = [];
  const pairs = before.weights.length >>> 1;
  let leaf = 0;
  let pair = 0;
  while (leaf < leafWeights.length || pair < pairs) {
    const packed = pair < pairs
      ? (before.weights[2 * pair] ?? 0) + (before.weights[2 * pair + 1] ?? 0)
      : Infinity;
    const single = leafWeights[leaf] ?? Infinity;
    const isLeaf = single < packed;
    weights.push(isLeaf ? single : packed);
    leaves.push(isLeaf);
    if (isLeaf) leaf++;
    else pair++;
  }
  return { weights, leaves };
}

/** How many rows each symbol, in ascending order, is taken from: its code length. */
function countTaken(rows: readonly Row[], symbols: number): number[] {
  const lengths = new Array<number>(symbols).fill(0);
  let take = 2 * symbols - 2;
  for (let row = rows.length - 1; row >= 0; row--) {
    const leaves = rows[row]?.leaves ?? [];
    let single = 0;
    for (let i = 0; i < take; i++) if (leaves[i]) single++;
    // The lightest symbols come first in every row.
    for (let i = 0; i < single; i++) lengths[i] = (lengths[i] ?? 0) + 1;
    take = 2 * (take - single);
  }
  return lengths;
}

/**
 * Optimal code lengths under a limit.
 *
 * @param frequencies Occurrences by symbol.
 * @param limit Longest code, bits.
 * @returns Length by symbol, 0 for symbols that do not occur; 1 for each of one or two symbols.
 */
export function codeLengths(frequencies: Uint32Array, limit: number): Uint8Array {
  const out = new Uint8Array(frequencies.length);
  const symbols = occurring(frequencies);
  if (symbols.length <= 2) {
    for (const symbol of symbols) out[symbol] = 1;
    return out;
  }
  const leafWeights = symbols.map((symbol) => frequencies[symbol] ?? 0);
  const rows: Row[] = [{ weights: leafWeights, leaves: leafWeights.map(() => true) }];
  const levels = Math.min(limit, symbols.length - 1);
  for (let level = 1; level < levels; level++) {
    rows.push(nextRow(leafWeights, rows[level - 1] as Row));
  }
  const lengths = countTaken(rows, symbols.length);
  symbols.forEach((symbol, i) => out[symbol] = lengths[i] ?? 0);
  return out;
}

/**
 * Canonical codes for lengths (RFC 1951 §3.2.2), with their bits reversed: deflate writes a code from its
 * most significant bit on, everything else from the least significant one.
 *
 * @param lengths Length by symbol, at most 15.
 */
export function reversedCodes(lengths: Uint8Array): Uint16Array {
  const counts = new Uint16Array(16);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  const next = new Uint16Array(17);
  for (let bits = 1; bits <= 15; bits++) {
    next[bits + 1] = ((next[bits] ?? 0) + (counts[bits] ?? 0)) << 1;
  }
  const out = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    const code = next[length] ?? 0;
    next[length] = code + 1;
    out[symbol] = reverse(code, length);
  }
  return out;
}

function reverse(code: number, length: number): number {
  let out = 0;
  for (let i = 0; i < length; i++) out |= (code >>> i & 1) << (length - 1 - i);
  return out;
}
