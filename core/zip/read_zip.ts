/**
 * A bounded zip reader for archives from anyone. It reads less than zip allows and everything that it
 * reads agrees with itself: both headers of an entry, entries without gaps, one meaning for every byte.
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";
import type { ErrorCode } from "../base/error_codes.ts";
import { LIMITS } from "../base/limits.ts";
import { printable } from "../base/printable.ts";
import { type CentralEntry, readCentral } from "./_central.ts";
import { corruptArchive } from "./_fields.ts";
import { readLocal } from "./_local.ts";
import { crc32 } from "./crc32.ts";
import { inflateRaw } from "./inflate.ts";
import { foldedName, unsafeNameReason } from "./member_name.ts";

const STORED = 0;
const DEFLATED = 8;
/** File type bits of a Unix mode in external attributes: a regular file, or none given. */
const TYPE_MASK = 0xf000;
const REGULAR = 0x8000;
const DOS_DIRECTORY = 0x10;

/** One member. */
export interface ZipMember {
  /** Name as found; see {@linkcode ZipArchive.problems} for whether it is safe. */
  readonly name: string;
  /** Uncompressed size, bytes; checked against the data when it is read. */
  readonly size: number;
  /**
   * Reads the content. Every call works anew; nothing is kept.
   *
   * @throws GaitError `archive_corrupt` when data, size and CRC do not agree
   */
  read(): Uint8Array;
}

/** Something that makes an archive untrustworthy although it can be read. */
export interface ZipProblem {
  /** `archive_unsafe`. */
  readonly code: ErrorCode;
  readonly message: string;
}

/** An archive whose structure has been checked. */
export interface ZipArchive {
  /** Members in directory order, duplicates included. */
  readonly members: readonly ZipMember[];
  /** Names that occur twice, leave the directory, collide, or name no regular file. */
  readonly problems: readonly ZipProblem[];
  /** Finds a member; of duplicates the last one, as the reference does. */
  find(name: string): ZipMember | undefined;
}

/** Inflates or copies the data of one entry and checks its CRC. */
function readMember(entry: CentralEntry, data: Uint8Array): Uint8Array {
  const content = entry.method === STORED ? data : inflateRaw(data, entry.size);
  if (crc32(content) !== entry.crc) {
    throw corruptArchive(`the checksum of ${printable(entry.name)} is wrong`);
  }
  return content;
}

/** Refuses sizes that the limits or the method rule out, before anything is allocated for them. */
function checkSizes(entry: CentralEntry): void {
  const { size, compressedSize, method } = entry;
  if (method !== STORED && method !== DEFLATED) {
    throw corruptArchive(`${printable(entry.name)} uses compression method ${method}`);
  }
  if (size > LIMITS.archiveMemberBytes) {
    throw new GaitError(
      "input_too_large",
      `Cannot read ${printable(entry.name)}: it exceeds ${LIMITS.archiveMemberBytes} bytes`,
    );
  }
  if (method === STORED && size !== compressedSize) {
    throw corruptArchive(`${printable(entry.name)} is stored and has two sizes`);
  }
  if (size > compressedSize * LIMITS.archiveRatio) {
    throw corruptArchive(`${printable(entry.name)} declares a size that its data cannot have`);
  }
}

/**
 * Attributes stand in the central directory only. Programs write them alike for all members, so one that
 * stands out was changed; for an empty member some leave the text bit out.
 */
function checkAttributes(entries: readonly CentralEntry[]): void {
  const first = entries.find(({ size }) => size > 0) ?? entries[0];
  for (const entry of entries) {
    const internal = entry.internal === first?.internal ||
      (entry.size === 0 && entry.internal === 0);
    const external = entry.external === first?.external;
    if (entry.madeBy !== first?.madeBy || !internal || !external || entry.internal > 1) {
      throw corruptArchive("its members were not written by one program");
    }
  }
}

/** Why an entry is no regular file, by its external attributes. */
function kindReason({ madeBy, external }: CentralEntry): string | undefined {
  const type = (external >>> 16) & TYPE_MASK;
  const unix = madeBy >> 8 === 3;
  if (unix && type !== 0 && type !== REGULAR) return "it is a link, directory or device";
  return (external & DOS_DIRECTORY) !== 0 ? "it is a directory" : undefined;
}

/** Everything about names and kinds that makes the archive untrustworthy. */
function findProblems(entries: readonly CentralEntry[]): ZipProblem[] {
  const seen = new Map<string, string>();
  const out: ZipProblem[] = [];
  for (const entry of entries) {
    const name = JSON.stringify(printable(entry.name));
    const reason = unsafeNameReason(entry.name) ?? kindReason(entry);
    const folded = foldedName(entry.name);
    const other = seen.get(folded);
    if (reason !== undefined) {
      out.push({ code: "archive_unsafe", message: `member ${name} is unsafe: ${reason}` });
    }
    if (other === entry.name) {
      out.push({ code: "archive_unsafe", message: `member ${name} occurs twice` });
    } else if (other !== undefined) {
      const message = `member ${name} collides with ${JSON.stringify(printable(other))}`;
      out.push({ code: "archive_unsafe", message });
    }
    seen.set(folded, entry.name);
    if (out.length >= LIMITS.findings) break;
  }
  return out;
}

/** Checks that entries and data fill the file from its first byte to the central directory. */
function readEntries(bytes: Uint8Array, entries: readonly CentralEntry[], start: number) {
  const ordered = [...entries].sort((a, b) => a.offset - b.offset);
  const data = new Map<CentralEntry, Uint8Array>();
  if ((ordered[0]?.offset ?? start) !== 0) {
    throw corruptArchive("bytes stand before its first entry");
  }
  for (const [i, entry] of ordered.entries()) {
    data.set(entry, readLocal(bytes, entry, ordered[i + 1]?.offset ?? start));
  }
  return data;
}

/**
 * Reads the structure of an archive. No member is inflated yet.
 *
 * @param bytes The whole file.
 * @returns Members and what is untrustworthy about them.
 * @throws GaitError `archive_corrupt` for anything malformed, contradictory, encrypted, in Zip64 form, or with
 *   bytes that belong to no entry; `input_too_large` above a limit
 */
export function readZip(bytes: Uint8Array): ZipArchive {
  const { entries, start } = readCentral(bytes);
  let total = 0;
  for (const entry of entries) {
    checkSizes(entry);
    total += entry.size;
  }
  if (total > LIMITS.archiveTotalBytes) {
    const message = `Cannot read the archive: its members exceed ${LIMITS.archiveTotalBytes} bytes`;
    throw new GaitError("input_too_large", message);
  }
  checkAttributes(entries);
  const data = readEntries(bytes, entries, start);
  const members = entries.map((entry): ZipMember => ({
    name: entry.name,
    size: entry.size,
    read: () => readMember(entry, data.get(entry) ?? new Uint8Array()),
  }));
  const byName = new Map(members.map((member) => [member.name, member]));
  return { members, problems: findProblems(entries), find: (name) => byName.get(name) };
}
