/**
 * Local headers: what stands before the data of an entry must say what the central directory says, and
 * the entries must fill the file without a gap or an overlap, so that every reader sees one archive.
 *
 * @module
 */

import { equalBytes } from "../base/bytes.ts";
import type { CentralEntry } from "./_central.ts";
import { corruptArchive, SIGNATURE, u16, u32 } from "./_fields.ts";

const LOCAL_LENGTH = 30;
/** Sizes and CRC stand in a descriptor behind the data. */
const DESCRIPTOR_FLAG = 0x0008;
/** Descriptor, UTF-8 names, and the two bits that name the effort of the compressor. */
const KNOWN_FLAGS = DESCRIPTOR_FLAG | 0x0800 | 0x0006;

/**
 * Whether the two extra fields of an entry agree: equal bytes, or the one difference that Info-ZIP makes,
 * an extended timestamp that is longer in the local header.
 */
function extrasAgree(local: Uint8Array, central: Uint8Array): boolean {
  if (equalBytes(local, central)) return true;
  if (local.length < 9 || central.length < 9) return false;
  const [localSize, centralSize] = [u16(local, 2), u16(central, 2)];
  const stamped = u16(local, 0) === 0x5455 && u16(central, 0) === 0x5455 &&
    centralSize === 5 && (localSize === 9 || localSize === 13) && local.length >= 4 + localSize;
  return stamped && equalBytes(local.subarray(4, 9), central.subarray(4, 9)) &&
    equalBytes(local.subarray(4 + localSize), central.subarray(9));
}

/** Checks the fields that both headers carry. */
function checkHeaders(bytes: Uint8Array, at: number, entry: CentralEntry): void {
  const described = (entry.flags & DESCRIPTOR_FLAG) !== 0;
  const [crc, compressedSize, size] = [
    u32(bytes, at + 14),
    u32(bytes, at + 18),
    u32(bytes, at + 22),
  ];
  const same = u16(bytes, at + 4) === entry.needed && u16(bytes, at + 6) === entry.flags &&
    u16(bytes, at + 8) === entry.method && u32(bytes, at + 10) === entry.stamp;
  const real = crc === entry.crc && compressedSize === entry.compressedSize && size === entry.size;
  const blank = described && crc === 0 && compressedSize === 0 && size === 0;
  if (!same || !(real || blank)) {
    throw corruptArchive("a local header contradicts the central directory");
  }
}

/** Checks the descriptor between the data and the next entry; it may lack its signature. */
function checkDescriptor(gap: Uint8Array, entry: CentralEntry): void {
  const start = gap.length === 16 ? 4 : 0;
  const framed = gap.length === 12 || (gap.length === 16 && u32(gap, 0) === SIGNATURE.descriptor);
  if (
    !framed || u32(gap, start) !== entry.crc || u32(gap, start + 4) !== entry.compressedSize ||
    u32(gap, start + 8) !== entry.size
  ) throw corruptArchive("the record behind a member contradicts the central directory");
}

/**
 * Checks one entry from its local header to where the next one starts.
 *
 * @param bytes The archive.
 * @param entry The entry by the central directory.
 * @param end Where the next entry or the central directory starts.
 * @returns The compressed data.
 * @throws GaitError `archive_corrupt`
 */
export function readLocal(bytes: Uint8Array, entry: CentralEntry, end: number): Uint8Array {
  const at = entry.offset;
  if (at + LOCAL_LENGTH > end || u32(bytes, at) !== SIGNATURE.local) {
    throw corruptArchive("an entry has no local header where the central directory says");
  }
  if ((entry.flags & ~KNOWN_FLAGS) !== 0) {
    throw corruptArchive("an entry is encrypted or uses an unknown feature");
  }
  checkHeaders(bytes, at, entry);
  const nameEnd = at + LOCAL_LENGTH + u16(bytes, at + 26);
  const dataStart = nameEnd + u16(bytes, at + 28);
  const dataEnd = dataStart + entry.compressedSize;
  if (dataEnd > end) throw corruptArchive("an entry reaches into the next one");
  if (!equalBytes(bytes.subarray(at + LOCAL_LENGTH, nameEnd), entry.nameBytes)) {
    throw corruptArchive("an entry has two names");
  }
  if (!extrasAgree(bytes.subarray(nameEnd, dataStart), entry.extra)) {
    throw corruptArchive("an entry has two different extra fields");
  }
  const gap = bytes.subarray(dataEnd, end);
  if ((entry.flags & DESCRIPTOR_FLAG) !== 0) checkDescriptor(gap, entry);
  else if (gap.length !== 0) throw corruptArchive("bytes stand between two entries");
  return bytes.subarray(dataStart, dataEnd);
}
