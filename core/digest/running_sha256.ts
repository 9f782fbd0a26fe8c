/**
 * SHA-256 (FIPS 180-4) over data that comes in pieces, whose state can be stored and taken up again by
 * another process. WebCrypto does neither, and takes longer to call than a short record takes to hash.
 * One-shot hashing of whole buffers belongs to the `Digester` port.
 *
 * @module
 */

import { type Bytes, fromHex, toHex, utf8 } from "../base/bytes.ts";

const BLOCK = 64;
const ROUNDS = 64;

/**
 * Round constants: the first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS
 * 180-4 §4.2.2). Written down because every start of a command would have to compute them.
 */
// deno-fmt-ignore
const K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

/** Initial state: the same of the square roots of the first 8 primes (§5.3.3). */
// deno-fmt-ignore
const INITIAL = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
);

/** Message schedule; every block fills it anew. */
const W = new Int32Array(ROUNDS);

/** The next word of the message schedule (§6.2.2 step 1); it comes from the block for the first 16 rounds. */
function expanded(t: number): number {
  const x = W[t - 15] as number;
  const y = W[t - 2] as number;
  const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3);
  const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10);
  return (W[t - 16] as number) + s0 + (W[t - 7] as number) + s1 | 0;
}

/** Works whole blocks into the state (§6.2.2): the first `end` bytes of `data`. */
function compress(state: Int32Array, data: DataView, end: number): void {
  for (let at = 0; at < end; at += BLOCK) {
    // Not by destructuring: an iterator per block would cost as much as the rounds.
    let a = state[0] as number;
    let b = state[1] as number;
    let c = state[2] as number;
    let d = state[3] as number;
    let e = state[4] as number;
    let f = state[5] as number;
    let g = state[6] as number;
    let h = state[7] as number;
    // Schedule and rounds share one loop: a word is used while it is still in a register.
    for (let t = 0; t < ROUNDS; t++) {
      const word = t < 16 ? data.getInt32(at + 4 * t) : expanded(t);
      W[t] = word;
      // Choice and majority (§4.1.2) in the spelling that takes fewest steps.
      const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      const t1 = h + s1 + (g ^ (e & (f ^ g))) + (K[t] as number) + word | 0;
      const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      const t2 = s0 + ((a & b) | (c & (a | b))) | 0;
      h = g;
      g = f;
      f = e;
      e = d + t1 | 0;
      d = c;
      c = b;
      b = a;
      a = t1 + t2 | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
    state[5]! += f;
    state[6]! += g;
    state[7]! += h;
  }
}

/** A hash that has seen some bytes and can see more. */
export class RunningSha256 {
  readonly #state = new Int32Array(INITIAL);
  readonly #pending = new Uint8Array(BLOCK);
  readonly #pendingView = new DataView(this.#pending.buffer);
  #length = 0;

  /** Bytes seen so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes. */
  update(data: Uint8Array): void {
    const filled = this.#length % BLOCK;
    this.#length += data.length;
    let at = 0;
    if (filled > 0) {
      at = Math.min(BLOCK - filled, data.length);
      this.#pending.set(data.subarray(0, at), filled);
      if (filled + at < BLOCK) return;
      compress(this.#state, this.#pendingView, BLOCK);
    }
    const left = data.length - at;
    const whole = left - left % BLOCK;
    if (whole > 0) {
      compress(this.#state, new DataView(data.buffer, data.byteOffset + at, whole), whole);
    }
    if (whole < left) this.#pending.set(data.subarray(at + whole));
  }

  /** The digest of everything seen so far; more may follow. */
  digest(): Bytes {
    const state = new Int32Array(this.#state);
    const filled = this.#length % BLOCK;
    const tail = new Uint8Array(filled < 56 ? BLOCK : 2 * BLOCK);
    tail.set(this.#pending.subarray(0, filled));
    tail[filled] = 0x80;
    const view = new DataView(tail.buffer);
    view.setBigUint64(tail.length - 8, BigInt(this.#length) * 8n);
    compress(state, view, tail.length);
    return stateBytes(state);
  }

  /** The inner state as text: 64 hex digits of hash words, then the bytes of the open block in hex. */
  save(): string {
    return toHex(stateBytes(this.#state)) + toHex(this.#pending.subarray(0, this.#length % BLOCK));
  }

  /**
   * Takes up a saved state.
   *
   * @param text What {@linkcode RunningSha256.save} gave.
   * @param length Bytes seen until then.
   * @returns `undefined` when the two do not belong together.
   */
  static restore(text: string, length: number): RunningSha256 | undefined {
    const bytes = fromHex(text);
    if (bytes === undefined || !Number.isSafeInteger(length) || length < 0) return undefined;
    if (bytes.length !== 32 + length % BLOCK) return undefined;
    const out = new RunningSha256();
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 8; i++) out.#state[i] = view.getInt32(4 * i);
    out.#pending.set(bytes.subarray(32));
    out.#length = length;
    return out;
  }
}

/** The state as bytes. */
function stateBytes(state: Int32Array): Bytes {
  const out = new Uint8Array(32);
  const view = new DataView(out.buffer);
  for (let i = 0; i < 8; i++) view.setInt32(4 * i, state[i] as number);
  return out;
}

/** Room for short texts with their padding, and for their state; used within one call only. */
const SCRATCH = new Uint8Array(1 << 14);
const SCRATCH_VIEW = new DataView(SCRATCH.buffer);
const STATE = new Int32Array(8);
const encoder = new TextEncoder();

/** Hex of each byte, made on first use: most commands never hash a text this way. */
let hexOfByte: readonly string[] | undefined;

/** The state as lower-case hex. */
function stateHex(state: Int32Array): string {
  hexOfByte ??= Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
  let out = "";
  for (const word of state) {
    out += hexOfByte[word >>> 24] as string + hexOfByte[word >>> 16 & 255] +
      hexOfByte[word >>> 8 & 255] + hexOfByte[word & 255];
  }
  return out;
}

/**
 * SHA-256 of a text in lower-case hex, without leaving the current turn; made for short texts.
 *
 * @param text Well-formed text, hashed as UTF-8.
 */
export function sha256HexOfText(text: string): string {
  if (text.length * 3 > SCRATCH.length - 2 * BLOCK) {
    const hash = new RunningSha256();
    hash.update(utf8(text));
    return toHex(hash.digest());
  }
  const { written } = encoder.encodeInto(text, SCRATCH);
  const end = (written + 8 & -BLOCK) + BLOCK;
  SCRATCH[written] = 0x80;
  SCRATCH.fill(0, written + 1, end);
  for (let i = 0; i < 4; i++) SCRATCH[end - 1 - i] = written * 8 >>> 8 * i;
  STATE.set(INITIAL);
  compress(STATE, SCRATCH_VIEW, end);
  return stateHex(STATE);
}
