/**
 * Writing bits, least significant first (RFC 1951 §3.1.1).
 *
 * @module
 */

import type { Bytes } from "../../base/bytes.ts";

const CHUNK = 1 << 16;

/** Collects bits into chunks of bytes. */
export class BitWriter {
  readonly #chunks: Bytes[] = [];
  #chunk: Bytes = new Uint8Array(CHUNK);
  #at = 0;
  #hold = 0;
  #held = 0;

  /** Appends the lowest `count` bits of `value`; `count` is at most 16 and the value has no other bits. */
  bits(value: number, count: number): void {
    this.#hold |= value << this.#held;
    this.#held += count;
    if (this.#held < 16) return;
    if (this.#at > CHUNK - 2) this.#next();
    this.#chunk[this.#at++] = this.#hold & 255;
    this.#chunk[this.#at++] = this.#hold >>> 8 & 255;
    this.#hold >>>= 16;
    this.#held -= 16;
  }

  /** Fills up the current byte with zero bits and appends whole bytes. */
  alignedBytes(data: Uint8Array): void {
    this.#align();
    for (let from = 0; from < data.length;) {
      if (this.#at === CHUNK) this.#next();
      const part = data.subarray(from, from + CHUNK - this.#at);
      this.#chunk.set(part, this.#at);
      this.#at += part.length;
      from += part.length;
    }
  }

  /** Everything written so far but an unfinished byte; the chunks are handed over, not copied. */
  take(): Bytes[] {
    if (this.#at > 0) this.#next();
    return this.#chunks.splice(0);
  }

  #align(): void {
    if (this.#at > CHUNK - 2) this.#next();
    for (; this.#held > 0; this.#held -= 8) {
      this.#chunk[this.#at++] = this.#hold & 255;
      this.#hold >>>= 8;
    }
    this.#held = 0;
    this.#hold = 0;
  }

  #next(): void {
    // A copy, so that a short stream does not keep a whole chunk alive.
    this.#chunks.push(this.#at === CHUNK ? this.#chunk : this.#chunk.slice(0, this.#at));
    if (this.#at === CHUNK) this.#chunk = new Uint8Array(CHUNK);
    this.#at = 0;
  }
}
