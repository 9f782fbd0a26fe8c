/**
 * One deflate block: choosing its form and writing it (spec 01 §7.3, "write block").
 *
 * @module
 */

import type { BitWriter } from "./bit_writer.ts";
import { codeLengths } from "./code_lengths.ts";
import { runLengths } from "./run_lengths.ts";
import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  DISTANCE_SYMBOLS,
  distanceSymbol,
  END_OF_BLOCK,
  FIXED_DISTANCES,
  FIXED_LITERALS,
  LENGTH_BASE,
  LENGTH_EXTRA,
  LENGTH_INDEX,
  LITERAL_SYMBOLS,
  type PrefixCode,
  prefixCode,
} from "./symbols.ts";

/** Order in which code length codes are transmitted (RFC 1951 §3.2.7). */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Tokens of a block: a literal is its byte, a match is `length * 65536 + distance`. */
export interface Block {
  readonly tokens: Uint32Array;
  /** Number of tokens in use. */
  readonly count: number;
  /** The input that the tokens stand for, when it is still at hand. */
  readonly raw: Uint8Array | undefined;
}

/** How often each symbol occurs. */
interface Counts {
  readonly literals: Uint32Array;
  readonly distances: Uint32Array;
  /** Extra bits of all lengths and distances. */
  readonly extra: number;
}

function countSymbols({ tokens, count }: Block): Counts {
  const literals = new Uint32Array(LITERAL_SYMBOLS);
  const distances = new Uint32Array(DISTANCE_SYMBOLS);
  literals[END_OF_BLOCK] = 1;
  let extra = 0;
  let matches = 0;
  for (let i = 0; i < count; i++) {
    const token = tokens[i] as number;
    if (token < 256) {
      literals[token]!++;
      continue;
    }
    const index = LENGTH_INDEX[token >>> 16] as number;
    const distance = distanceSymbol(token & 0xffff);
    literals[257 + index]!++;
    distances[distance]!++;
    extra += (LENGTH_EXTRA[index] as number) + (DISTANCE_EXTRA[distance] as number);
    matches++;
  }
  // A code needs at least one symbol; this one counts in the size estimates too (spec 01 §7.3).
  if (matches === 0) distances[0] = 1;
  return { literals, distances, extra };
}

/** Bits that symbols take under given code lengths. */
function bitsOf(frequencies: Uint32Array, lengths: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < frequencies.length; i++) {
    bits += (frequencies[i] as number) * (lengths[i] as number);
  }
  return bits;
}

/** Length of a list without the zeros at its end. */
function usedLength(list: ArrayLike<number>): number {
  let length = list.length;
  while (length > 0 && list[length - 1] === 0) length--;
  return length;
}

/** The header of a block with its own codes, and those codes. */
interface DynamicPlan {
  readonly literals: PrefixCode;
  readonly distances: PrefixCode;
  readonly literalCount: number;
  readonly distanceCount: number;
  /** Run-length coded lengths: code, or `code | extra << 8` for 16 to 18. */
  readonly runs: readonly number[];
  readonly runCode: PrefixCode;
  readonly runCodeCount: number;
  /** Size of header and content, bits. */
  readonly bits: number;
}

function planDynamic(counts: Counts): DynamicPlan {
  const literalCount = usedLength(counts.literals);
  const distanceCount = usedLength(counts.distances);
  const literals = codeLengths(counts.literals, 15);
  const distances = codeLengths(counts.distances, 15);
  const all = new Uint8Array(literalCount + distanceCount);
  all.set(literals.subarray(0, literalCount));
  all.set(distances.subarray(0, distanceCount), literalCount);
  const runs = runLengths(all);
  const frequencies = new Uint32Array(19);
  for (const run of runs) frequencies[run & 255]!++;
  const lengths = codeLengths(frequencies, 7);
  const used = usedLength(CODE_LENGTH_ORDER.map((code) => frequencies[code] as number));
  const runCodeCount = Math.max(4, used);
  const [f16 = 0, f17 = 0, f18 = 0] = frequencies.subarray(16);
  const header = 3 + 5 + 5 + 4 + 3 * runCodeCount + bitsOf(frequencies, lengths);
  const bits = header + 2 * f16 + 3 * f17 + 7 * f18 + bitsOf(counts.literals, literals) +
    bitsOf(counts.distances, distances) + counts.extra;
  return {
    literals: prefixCode(literals),
    distances: prefixCode(distances),
    literalCount,
    distanceCount,
    runs,
    runCode: prefixCode(lengths),
    runCodeCount,
    bits,
  };
}

function writeDynamicHeader(out: BitWriter, plan: DynamicPlan): void {
  const { runCode, runCodeCount } = plan;
  out.bits(4, 3);
  out.bits(plan.literalCount - 257, 5);
  out.bits(plan.distanceCount - 1, 5);
  out.bits(runCodeCount - 4, 4);
  for (const code of CODE_LENGTH_ORDER.slice(0, runCodeCount)) {
    out.bits(runCode.lengths[code] as number, 3);
  }
  for (const run of plan.runs) {
    const code = run & 255;
    out.bits(runCode.codes[code] as number, runCode.lengths[code] as number);
    if (code >= 16) out.bits(run >>> 8, code === 16 ? 2 : code === 17 ? 3 : 7);
  }
}

function writeTokens(
  out: BitWriter,
  { tokens, count }: Block,
  codes: { readonly literals: PrefixCode; readonly distances: PrefixCode },
): void {
  const { codes: literalCodes, lengths: literalLengths } = codes.literals;
  const { codes: distanceCodes, lengths: distanceLengths } = codes.distances;
  for (let i = 0; i < count; i++) {
    const token = tokens[i] as number;
    if (token < 256) {
      out.bits(literalCodes[token] as number, literalLengths[token] as number);
      continue;
    }
    const length = token >>> 16;
    const index = LENGTH_INDEX[length] as number;
    out.bits(literalCodes[257 + index] as number, literalLengths[257 + index] as number);
    const lengthBits = LENGTH_EXTRA[index] as number;
    if (lengthBits > 0) out.bits(length - (LENGTH_BASE[index] as number), lengthBits);
    const distance = token & 0xffff;
    const symbol = distanceSymbol(distance);
    out.bits(distanceCodes[symbol] as number, distanceLengths[symbol] as number);
    const distanceBits = DISTANCE_EXTRA[symbol] as number;
    if (distanceBits > 0) out.bits(distance - (DISTANCE_BASE[symbol] as number), distanceBits);
  }
  out.bits(literalCodes[END_OF_BLOCK] as number, literalLengths[END_OF_BLOCK] as number);
}

function writeStored(out: BitWriter, raw: Uint8Array): void {
  out.bits(0, 3);
  const { length } = raw;
  out.alignedBytes(Uint8Array.of(length, length >>> 8, ~length, ~length >>> 8));
  out.alignedBytes(raw);
}

/** Writes one block, not the last one, in the smallest form; fixed codes win a tie over dynamic ones. */
export function writeBlock(out: BitWriter, block: Block): void {
  const counts = countSymbols(block);
  const fixedBits = 3 + bitsOf(counts.literals, FIXED_LITERALS.lengths) +
    bitsOf(counts.distances, FIXED_DISTANCES.lengths) + counts.extra;
  const plan = planDynamic(counts);
  const dynamic = plan.bits < fixedBits;
  const { raw } = block;
  if (raw !== undefined && raw.length <= 0xffff) {
    if ((raw.length + 5) * 8 < Math.min(plan.bits, fixedBits)) return writeStored(out, raw);
  }
  if (dynamic) writeDynamicHeader(out, plan);
  else out.bits(2, 3);
  const fixed = { literals: FIXED_LITERALS, distances: FIXED_DISTANCES };
  writeTokens(out, block, dynamic ? plan : fixed);
}

/** Writes the empty stored block that ends every stream: `01 00 00 ff ff` when nothing comes before. */
export function writeEnd(out: BitWriter): void {
  out.bits(1, 3);
  out.alignedBytes(Uint8Array.of(0, 0, 0xff, 0xff));
}
