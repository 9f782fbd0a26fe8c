/**
 * Decoding tables of prefix codes (RFC 1951 §3.2): two levels, the first indexed by `PRIMARY_BITS` bits.
 *
 * An entry is one 32-bit number: code length in bits 0–3, extra bits in 8–11, payload from bit 16.
 * Negative entries are literals; the flags below mark the rest; 0 is a code that nothing has.
 *
 * @module
 */

/** Bits that index the first level. */
export const PRIMARY_BITS = 10;
/** Marks the end of a block. */
export const END_FLAG = 0x8000;
/** Marks a pointer to a second-level table; its bit count stands in bits 8–11. */
export const LINK_FLAG = 0x4000;

const LITERAL_FLAG = -0x8000_0000;
const MAX_LENGTH = 15;
/**
 * Entries of both levels. A second-level table of k bits (k at most 5) holds at least k + 1 codes, so
 * 288 symbols fill at most 288 / 6 tables of 32 entries.
 */
const TABLE_SIZE = (1 << PRIMARY_BITS) + 1536;

/** A table that is filled again for every block. */
export interface HuffmanTable {
  readonly entries: Int32Array;
  /** Bits that index the first level, at most `PRIMARY_BITS`. */
  primaryBits: number;
}

/** Makes an empty table. */
export function huffmanTable(): HuffmanTable {
  return { entries: new Int32Array(TABLE_SIZE), primaryBits: 0 };
}

/** Extra bits of the length symbols 257–284; 285 stands for 258 and has none. */
const LENGTH_EXTRA = [
  ...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5],
];
/** Extra bits of the distance symbols. */
const DISTANCE_EXTRA = [
  ...[0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12],
  ...[13, 13],
];

/** Entries of symbols whose values grow by their extra bits. */
function valueEntries(extra: readonly number[], first: number): number[] {
  const out: number[] = [];
  let base = first;
  for (const bits of extra) {
    out.push((base << 16) | (bits << 8));
    base += 1 << bits;
  }
  return out;
}

/** Symbols 0–255 literals, 256 end, 257–285 lengths; 286 and 287 never stand in valid data. */
export const LITERAL_SYMBOLS: readonly number[] = [
  ...Array.from({ length: 256 }, (_, byte) => LITERAL_FLAG | (byte << 16)),
  END_FLAG,
  ...valueEntries(LENGTH_EXTRA, 3),
  258 << 16,
];

/** Distance symbols 0–29; 30 and 31 never stand in valid data. */
export const DISTANCE_SYMBOLS: readonly number[] = valueEntries(DISTANCE_EXTRA, 1);

/** Code length symbols 0–18 of a dynamic block's header. */
export const PLAIN_SYMBOLS: readonly number[] = Array.from({ length: 19 }, (_, i) => i << 16);

/** The lowest `length` bits of a code in reverse order, as they stand in the stream. */
function reversed(code: number, length: number): number {
  let out = 0;
  for (let bit = 0; bit < length; bit++) out |= ((code >> bit) & 1) << (length - 1 - bit);
  return out;
}

/** First code of every length, or `undefined` for lengths that form no prefix code. */
function firstCodes(lengths: Uint8Array): { codes: number[]; longest: number } | undefined {
  const counts = new Array<number>(MAX_LENGTH + 1).fill(0);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  const codes = new Array<number>(MAX_LENGTH + 1).fill(0);
  let space = 1;
  let code = 0;
  let longest = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    const count = counts[length] ?? 0;
    codes[length] = code;
    code = (code + count) << 1;
    space = (space << 1) - count;
    if (space < 0) return undefined;
    if (count > 0) longest = length;
  }
  const used = lengths.length - (counts[0] ?? 0);
  // RFC 1951 §3.2.7: a lone code has one bit, and a block without matches may have no distance code.
  const complete = space === 0 || used === 0 || (used === 1 && longest === 1);
  return complete ? { codes, longest } : undefined;
}

/** Writes the entries of one code that is not longer than the first level. */
function fillShort(table: HuffmanTable, code: { bits: number; length: number }, entry: number) {
  const { entries, primaryBits } = table;
  for (let i = code.bits; i < 1 << primaryBits; i += 1 << code.length) entries[i] = entry;
}

/** Bits of the second-level table below every first-level index. */
function secondLevelBits(table: HuffmanTable, codes: readonly LongCode[]): Map<number, number> {
  const out = new Map<number, number>();
  for (const { bits, length } of codes) {
    const index = bits & ((1 << table.primaryBits) - 1);
    out.set(index, Math.max(out.get(index) ?? 0, length - table.primaryBits));
  }
  return out;
}

/** A code that is longer than the first level. */
interface LongCode {
  readonly bits: number;
  readonly length: number;
  readonly entry: number;
}

/** Writes all second-level tables. */
function fillLong(table: HuffmanTable, codes: readonly LongCode[]): void {
  const { entries, primaryBits } = table;
  const bitsBelow = secondLevelBits(table, codes);
  let end = 1 << primaryBits;
  for (const { bits, length, entry } of codes) {
    const index = bits & ((1 << primaryBits) - 1);
    const below = bitsBelow.get(index) ?? 0;
    if (entries[index] === 0) {
      entries[index] = (end << 16) | (below << 8) | LINK_FLAG;
      end += 1 << below;
    }
    const start = (entries[index] as number) >>> 16;
    const step = 1 << (length - primaryBits);
    for (let i = bits >>> primaryBits; i < 1 << below; i += step) entries[start + i] = entry;
  }
}

/**
 * Fills a table from code lengths.
 *
 * @param table Filled in place.
 * @param lengths Code length of every symbol, 0 for none.
 * @param symbols Entry of every symbol, without its length.
 * @returns Whether the lengths form a prefix code.
 */
export function fillTable(
  table: HuffmanTable,
  lengths: Uint8Array,
  symbols: readonly number[],
): boolean {
  const first = firstCodes(lengths);
  if (first === undefined) return false;
  const { codes, longest } = first;
  table.primaryBits = Math.min(PRIMARY_BITS, Math.max(longest, 1));
  table.entries.fill(0, 0, 1 << table.primaryBits);
  const long: LongCode[] = [];
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number;
    if (length === 0) continue;
    const code = codes[length] as number;
    codes[length] = code + 1;
    // A symbol that never stands in valid data has no entry: its code reads as 0, which is refused.
    const entry = symbols[symbol] === undefined ? 0 : (symbols[symbol] as number) | length;
    const bits = reversed(code, length);
    if (length <= table.primaryBits) fillShort(table, { bits, length }, entry);
    else long.push({ bits, length, entry });
  }
  fillLong(table, long);
  return true;
}
