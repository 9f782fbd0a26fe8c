/**
 * A member of a pack while it is being written: compressed, hashed and counted as its text comes.
 *
 * @module
 */

import { toHex, utf8 } from "../base/bytes.ts";
import { RunningSha256 } from "../digest/running_sha256.ts";
import { MemberEncoder, type ZipMember } from "../zip/write_zip.ts";

/** Texts are encoded into this much room at a time, bytes. */
const BUFFER = 1 << 16;
const encoder = new TextEncoder();

/** A finished member and its digest. */
export interface FinishedMember {
  readonly member: ZipMember;
  /** SHA-256 of the content, lower-case hex. */
  readonly sha256: string;
}

/** Collects the text of one member. */
export class MemberStream {
  readonly #limit: number;
  readonly #buffer = new Uint8Array(BUFFER);
  readonly #member = new MemberEncoder();
  readonly #hash = new RunningSha256();
  #filled = 0;
  #size = 0;

  /** @param limit Most bytes of content. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Appends a text, unless the member would become too long; then nothing changes. */
  append(text: string): boolean {
    if (text.length * 3 > BUFFER) return this.#appendLong(utf8(text));
    if (this.#filled + text.length * 3 > BUFFER) this.#flush();
    const { written } = encoder.encodeInto(text, this.#buffer.subarray(this.#filled));
    if (this.#size + written > this.#limit) return false;
    this.#filled += written;
    this.#size += written;
    return true;
  }

  /** Ends the member. */
  finish(name: string): FinishedMember {
    this.#flush();
    return { member: this.#member.finish(name), sha256: toHex(this.#hash.digest()) };
  }

  #appendLong(data: Uint8Array): boolean {
    if (this.#size + data.length > this.#limit) return false;
    this.#flush();
    this.#feed(data);
    this.#size += data.length;
    return true;
  }

  #flush(): void {
    this.#feed(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #feed(data: Uint8Array): void {
    this.#member.write(data);
    this.#hash.update(data);
  }
}
