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
  /** Texts that are not encoded yet; together at most a third of the buffer in UTF-16 units. */
  #open = "";
  /** Bytes of everything before. */
  #size = 0;

  /** @param limit Most bytes of content. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Appends a text, unless the member would become too long; then nothing changes.
   *
   * @param text Well-formed; texts are encoded many at a time, because a call costs more than a short text.
   */
  append(text: string): boolean {
    if (text.length * 3 > BUFFER) return this.#appendLong(utf8(text));
    if ((this.#open.length + text.length) * 3 > BUFFER) this.#flush();
    // Bytes are counted only where three per unit, the most there can be, might not fit.
    if (this.#size + (this.#open.length + text.length) * 3 > this.#limit) {
      return this.#appendLong(utf8(text));
    }
    this.#open += text;
    return true;
  }

  /** Ends the member. */
  finish(name: string): FinishedMember {
    this.#flush();
    return { member: this.#member.finish(name), sha256: toHex(this.#hash.digest()) };
  }

  /** Appends what is long, or what may be too much. */
  #appendLong(data: Uint8Array): boolean {
    this.#flush();
    if (this.#size + data.length > this.#limit) return false;
    this.#feed(data);
    return true;
  }

  #flush(): void {
    const { written } = encoder.encodeInto(this.#open, this.#buffer);
    this.#open = "";
    this.#feed(this.#buffer.subarray(0, written));
  }

  #feed(data: Uint8Array): void {
    this.#member.write(data);
    this.#hash.update(data);
    this.#size += data.length;
  }
}
