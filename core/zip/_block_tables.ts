/**
 * The code tables of a deflate block: fixed ones, or those that its header describes (RFC 1951 §3.2.6, §3.2.7).
 *
 * @module
 */

import {
  DISTANCE_SYMBOLS,
  fillTable,
  type HuffmanTable,
  huffmanTable,
  LITERAL_SYMBOLS,
  PLAIN_SYMBOLS,
} from "./_huffman.ts";
import { corrupt, type State, type Tables, take } from "./_inflate_state.ts";

/** Order of code length codes in a dynamic header (RFC 1951 §3.2.7). */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Reads one symbol of a dynamic header; its codes have at most 7 bits. */
function takeSymbol(state: State, table: HuffmanTable): number {
  let code = 0;
  for (let length = 1; length <= 7; length++) {
    code |= take(state, 1) << (length - 1);
    const entry = table.entries[code] as number;
    if ((entry & 15) === length) return entry >>> 16;
  }
  throw corrupt("a code length code is invalid");
}

/** Reads the code lengths of both tables of a dynamic block (RFC 1951 §3.2.7). */
function readLengths(state: State, count: number): Uint8Array {
  const table = state.distances;
  const lengths = new Uint8Array(count);
  for (let i = 0; i < count;) {
    const symbol = takeSymbol(state, table);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) throw corrupt("a code length repeats nothing");
    const value = symbol === 16 ? lengths[i - 1] as number : 0;
    const times = symbol === 16
      ? 3 + take(state, 2)
      : symbol === 17
      ? 3 + take(state, 3)
      : 11 + take(state, 7);
    if (i + times > count) throw corrupt("code lengths run over their count");
    lengths.fill(value, i, i + times);
    i += times;
  }
  return lengths;
}

/** Reads the header of a dynamic block and fills both tables. */
export function readDynamicTables(state: State): void {
  if (--state.dynamicBlocks < 0) throw corrupt("it spends too many blocks");
  state.literals = state.own.literals;
  state.distances = state.own.distances;
  const literalCount = 257 + take(state, 5);
  const distanceCount = 1 + take(state, 5);
  const codeCount = 4 + take(state, 4);
  if (literalCount > 286 || distanceCount > 30) throw corrupt("a block names too many codes");
  const codeLengths = new Uint8Array(19);
  for (let i = 0; i < codeCount; i++) {
    codeLengths[CODE_LENGTH_ORDER[i] as number] = take(state, 3);
  }
  // The distance table is free until the lengths are known.
  if (!fillTable(state.distances, codeLengths, PLAIN_SYMBOLS)) {
    throw corrupt("its codes are invalid");
  }
  const lengths = readLengths(state, literalCount + distanceCount);
  if (lengths[256] === 0) throw corrupt("a block has no end code");
  const literals = lengths.subarray(0, literalCount);
  const distances = lengths.subarray(literalCount);
  if (
    !fillTable(state.literals, literals, LITERAL_SYMBOLS) ||
    !fillTable(state.distances, distances, DISTANCE_SYMBOLS)
  ) throw corrupt("its codes are invalid");
}

/** Takes the tables of the fixed codes (RFC 1951 §3.2.6). */
export function takeFixedTables(state: State): void {
  state.fixed ??= fixedTables();
  state.literals = state.fixed.literals;
  state.distances = state.fixed.distances;
}

function fixedTables(): Tables {
  const tables = { literals: huffmanTable(), distances: huffmanTable() };
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  fillTable(tables.literals, lengths, LITERAL_SYMBOLS);
  fillTable(tables.distances, new Uint8Array(32).fill(5), DISTANCE_SYMBOLS);
  return tables;
}
