/**
 * The end record and the central directory of an archive.
 *
 * @module
 */

import { LIMITS } from "../base/limits.ts";
import { corruptArchive, SIGNATURE, u16, u32 } from "./_fields.ts";

const END_LENGTH = 22;
const CENTRAL_LENGTH = 46;

/** One entry as the central directory describes it. */
export interface CentralEntry {
  /** Name as raw bytes, and decoded. */
  readonly nameBytes: Uint8Array;
  readonly name: string;
  readonly madeBy: number;
  readonly needed: number;
  readonly flags: number;
  readonly method: number;
  /** DOS time and date. */
  readonly stamp: number;
  readonly crc: number;
  /** Sizes, bytes. */
  readonly compressedSize: number;
  readonly size: number;
  readonly internal: number;
  readonly external: number;
  readonly extra: Uint8Array;
  /** Offset of the local header. */
  readonly offset: number;
}

/** What the end record says. */
interface EndRecord {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

/** Finds the end record: the one whose comment ends the file. */
function findEnd(bytes: Uint8Array): number {
  const lowest = Math.max(0, bytes.length - END_LENGTH - 0xffff);
  for (let at = bytes.length - END_LENGTH; at >= lowest; at--) {
    if (bytes[at] !== 0x50 || u32(bytes, at) !== SIGNATURE.end) continue;
    // The last signature decides. Skipping one that does not fit would let two readers see two archives.
    if (at + END_LENGTH + u16(bytes, at + 20) === bytes.length) return at;
    throw corruptArchive("bytes follow its end record");
  }
  throw corruptArchive("it has no end record; it is no zip file or was cut off");
}

/** Reads the end record. */
function readEnd(bytes: Uint8Array): EndRecord {
  const at = findEnd(bytes);
  const count = u16(bytes, at + 10);
  const size = u32(bytes, at + 12);
  const start = u32(bytes, at + 16);
  if (u16(bytes, at + 4) !== 0 || u16(bytes, at + 6) !== 0 || u16(bytes, at + 8) !== count) {
    throw corruptArchive("it spans several disks");
  }
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    throw corruptArchive("it is in Zip64 form, which runpacks never need");
  }
  if (count > LIMITS.archiveEntries) {
    throw corruptArchive(`it has more than ${LIMITS.archiveEntries} entries`);
  }
  if (start + size !== at) {
    throw corruptArchive("its central directory does not end at its end record");
  }
  return { count, start, end: at };
}

/** Decodes a name; a name that is no UTF-8 stays distinguishable by its bytes. */
function decodeName(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Reads one entry. */
function readEntry(bytes: Uint8Array, at: number, end: number): CentralEntry {
  if (at + CENTRAL_LENGTH > end || u32(bytes, at) !== SIGNATURE.central) {
    throw corruptArchive("its central directory is damaged");
  }
  const nameLength = u16(bytes, at + 28);
  const nameEnd = at + CENTRAL_LENGTH + nameLength;
  const extraEnd = nameEnd + u16(bytes, at + 30);
  if (extraEnd > end) throw corruptArchive("its central directory is damaged");
  if (nameLength > LIMITS.archiveNameBytes) throw corruptArchive("a name is too long");
  if (u16(bytes, at + 32) !== 0) throw corruptArchive("an entry has a comment");
  if (u16(bytes, at + 34) !== 0) throw corruptArchive("it spans several disks");
  const nameBytes = bytes.subarray(at + CENTRAL_LENGTH, nameEnd);
  return {
    nameBytes,
    name: decodeName(nameBytes),
    madeBy: u16(bytes, at + 4),
    needed: u16(bytes, at + 6),
    flags: u16(bytes, at + 8),
    method: u16(bytes, at + 10),
    stamp: u32(bytes, at + 12),
    crc: u32(bytes, at + 16),
    compressedSize: u32(bytes, at + 20),
    size: u32(bytes, at + 24),
    internal: u16(bytes, at + 36),
    external: u32(bytes, at + 38),
    extra: bytes.subarray(nameEnd, extraEnd),
    offset: u32(bytes, at + 42),
  };
}

/**
 * Reads the central directory.
 *
 * @returns Entries in directory order, and where the directory starts.
 * @throws GaitError `archive_corrupt`
 */
export function readCentral(
  bytes: Uint8Array,
): { readonly entries: CentralEntry[]; readonly start: number } {
  const { count, start, end } = readEnd(bytes);
  const entries: CentralEntry[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const entry = readEntry(bytes, at, end);
    entries.push(entry);
    at += CENTRAL_LENGTH + entry.nameBytes.length + entry.extra.length;
  }
  if (at !== end) throw corruptArchive("its central directory holds other bytes than entries");
  return { entries, start };
}
