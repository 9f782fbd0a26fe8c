/**
 * The deterministic archive (spec 01 §7.1): one content has one sequence of bytes. Entries are sorted by
 * name, deflated, dated 1980-01-01, of mode 0644 or 0755, with sizes in a data descriptor.
 *
 * @module
 */

import { type Bytes, utf8 } from "../base/bytes.ts";
import { compareCodePoints } from "../base/text_rules.ts";
import { crc32 } from "./crc32.ts";
import { DeflateEncoder } from "./deflate/encoder.ts";

/** A member, compressed. */
export interface ZipMember {
  /** Path with forward slashes. */
  readonly name: string;
  /** Deflate stream. */
  readonly chunks: readonly Bytes[];
  /** CRC-32 of the content. */
  readonly crc: number;
  /** Length of the deflate stream, bytes. */
  readonly compressedSize: number;
  /** Length of the content, bytes. */
  readonly size: number;
  /** Mode 0755 instead of 0644. */
  readonly executable: boolean;
}

/** A member to be. */
export interface ZipContent {
  /** Path with forward slashes. */
  readonly name: string;
  readonly data: Uint8Array;
  /** Mode 0755 instead of 0644. */
  readonly executable?: boolean;
}

/** Compresses a member piece by piece; only the compressed bytes are kept. */
export class MemberEncoder {
  readonly #encoder = new DeflateEncoder();
  readonly #chunks: Bytes[] = [];
  #crc = 0;

  /** Length of the content so far, bytes. */
  get size(): number {
    return this.#encoder.size;
  }

  /** Takes in the next bytes; they are copied. */
  write(data: Uint8Array): void {
    this.#crc = crc32(data, this.#crc);
    this.#encoder.write(data);
  }

  /** Ends the member. The encoder is used up. */
  finish(name: string, options: { readonly executable?: boolean } = {}): ZipMember {
    const { size } = this.#encoder;
    this.#chunks.push(...this.#encoder.finish());
    return {
      name,
      chunks: this.#chunks,
      crc: this.#crc,
      compressedSize: lengthOf(this.#chunks),
      size,
      executable: options.executable ?? false,
    };
  }
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** Extended timestamp 1980-01-01T00:00:00Z (315532800). */
const EXTRA = Uint8Array.of(0x55, 0x54, 0x05, 0x00, 0x01, 0x00, 0xa6, 0xce, 0x12);
/** What needs ZIP64 records, which readers of runpacks need not know. */
const MAX_32 = 0xffff_ffff;
const MAX_16 = 0xffff;

/** Little-endian fields, given as value and width in bytes. */
function fields(...list: readonly (readonly [value: number, bytes: 2 | 4])[]): Bytes {
  const out = new Uint8Array(list.reduce((sum, [, bytes]) => sum + bytes, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [value, bytes] of list) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return out;
}

/** Data descriptor, and UTF-8 where the name is not plain ASCII (spec 01 §7.1). */
function flagsOf(name: string): number {
  const plain = /^[\x20-\x5b\x5d-\x7d]*$/.test(name);
  return plain ? 0x0008 : 0x0808;
}

/** Fields that the local header and the central entry share. */
function commonFields(member: ZipMember, sizes: boolean): [number, 2 | 4][] {
  return [
    [20, 2],
    [flagsOf(member.name), 2],
    [8, 2],
    [0x0000, 2],
    [0x0021, 2],
    [sizes ? member.crc : 0, 4],
    [sizes ? member.compressedSize : 0, 4],
    [sizes ? member.size : 0, 4],
    [utf8(member.name).length, 2],
    [EXTRA.length, 2],
  ];
}

function localHeader(member: ZipMember): Bytes {
  return fields([0x04034b50, 4], ...commonFields(member, false));
}

function descriptor({ crc, compressedSize, size }: ZipMember): Bytes {
  return fields([0x08074b50, 4], [crc, 4], [compressedSize, 4], [size, 4]);
}

function centralEntry(member: ZipMember, offset: number): Bytes {
  return fields(
    [0x02014b50, 4],
    [0x0314, 2],
    ...commonFields(member, true),
    [0, 2],
    [0, 2],
    [0, 2],
    [member.executable ? 0x81ed0000 : 0x81a40000, 4],
    [offset, 4],
  );
}

/** Refuses what the format without ZIP64 records cannot hold. */
function check(members: readonly ZipMember[]): void {
  if (members.length >= MAX_16) throw new RangeError("Cannot write a zip: too many members");
  const names = new Set<string>();
  for (const { name, size, compressedSize } of members) {
    const length = utf8(name).length;
    if (length === 0 || length > MAX_16 || !name.isWellFormed() || names.has(name)) {
      throw new RangeError("Cannot write a zip: a name is empty, too long, malformed or taken");
    }
    if (size >= MAX_32 || compressedSize >= MAX_32) {
      throw new RangeError(`Cannot write a zip: ${name} exceeds 4 GiB`);
    }
    names.add(name);
  }
}

/**
 * Puts members into an archive. Their chunks are used as they are, not copied.
 *
 * @param members Members in any order.
 * @returns The archive in chunks; none when there is no member.
 * @throws RangeError for empty, malformed or repeated names and beyond 4 GiB
 */
export function archive(members: readonly ZipMember[]): Bytes[] {
  if (members.length === 0) return [];
  check(members);
  // Code point order is the order of the UTF-8 bytes.
  const sorted = [...members].sort((a, b) => compareCodePoints(a.name, b.name));
  const out: Bytes[] = [];
  const central: Bytes[] = [];
  let offset = 0;
  for (const member of sorted) {
    const name = utf8(member.name);
    central.push(centralEntry(member, offset), name, EXTRA);
    const parts = [localHeader(member), name, EXTRA, ...member.chunks, descriptor(member)];
    out.push(...parts);
    offset += lengthOf(parts);
    if (offset >= MAX_32) throw new RangeError("Cannot write a zip: it exceeds 4 GiB");
  }
  const count = sorted.length;
  const size = lengthOf(central);
  const end = fields(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [size, 4],
    [offset, 4],
    [0, 2],
  );
  return [...out, ...central, end];
}

/**
 * Compresses contents and puts them into an archive.
 *
 * @returns The archive in one piece; empty when there is no content.
 * @throws RangeError as {@linkcode archive} does
 */
export function writeZip(contents: readonly ZipContent[]): Bytes {
  const members = contents.map(({ name, data, executable = false }) => {
    const encoder = new MemberEncoder();
    encoder.write(data);
    return encoder.finish(name, { executable });
  });
  const chunks = archive(members);
  const out = new Uint8Array(lengthOf(chunks));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
