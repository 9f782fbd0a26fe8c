/**
 * Where a deflate reader stands, and the bits that it takes.
 *
 * @module
 */

import type { Bytes } from "../base/bytes.ts";
import { GaitError } from "../base/errors.ts";
import type { HuffmanTable } from "./_huffman.ts";

/** A reader's place in a stream and the output so far. */
export interface State {
  readonly src: Uint8Array;
  readonly out: Bytes;
  /** Next byte of `src` to load. */
  pos: number;
  /** Loaded bits, next one lowest. */
  bits: number;
  /** Number of loaded bits; below 0 never. */
  count: number;
  /** Next byte of `out` to write. */
  at: number;
  /** Tables of the block at hand. */
  literals: HuffmanTable;
  distances: HuffmanTable;
  /** Tables that dynamic blocks fill again and again. */
  readonly own: Tables;
  /** Tables of the fixed codes, made when first needed. */
  fixed: Tables | undefined;
  /** Blocks that may still come, and how many of them dynamic. */
  blocks: number;
  dynamicBlocks: number;
}

/** Both tables of a block. */
export interface Tables {
  readonly literals: HuffmanTable;
  readonly distances: HuffmanTable;
}

/** A refusal of a stream. */
export function corrupt(state: string): GaitError {
  return new GaitError("archive_corrupt", `Cannot inflate a member: ${state}`);
}

/** Takes up to 16 bits. */
export function take(state: State, count: number): number {
  while (state.count < count) {
    if (state.pos >= state.src.length) throw corrupt("the stream ends early");
    state.bits |= (state.src[state.pos++] as number) << state.count;
    state.count += 8;
  }
  const out = state.bits & ((1 << count) - 1);
  state.bits >>>= count;
  state.count -= count;
  return out;
}

/** Drops the bits up to the next byte; they must be 0, so that no bit of a stream goes unread. */
export function alignToByte(state: State): void {
  if (take(state, state.count & 7) !== 0) throw corrupt("padding bits are set");
}
