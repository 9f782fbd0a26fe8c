/** Builds zip archives field by field, so that tests can lie in any of them. */

import { crc32 } from "../../core/zip/crc32.ts";

/** One entry; every field that is absent is filled in truthfully. */
export interface RawEntry {
  readonly name: string | Uint8Array;
  /** Content; stored unless `packed` is given. */
  readonly content: Uint8Array;
  /** Compressed form, for method 8. */
  readonly packed?: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly madeBy?: number;
  readonly external?: number;
  readonly extra?: Uint8Array;
  readonly localName?: string;
  readonly localSize?: number;
  readonly localExtra?: Uint8Array;
  readonly offset?: number;
  /** Bytes between this entry's data and the next entry. */
  readonly gap?: Uint8Array;
}

/** What stands around the entries. */
export interface RawArchive {
  readonly prefix?: Uint8Array;
  readonly beforeCentral?: Uint8Array;
  readonly comment?: Uint8Array;
  readonly suffix?: Uint8Array;
  readonly count?: number;
}

/** A string or bytes as bytes. */
export function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}

/** Joins parts. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Little-endian fields: pairs of width in bytes and value. */
function fields(...pairs: readonly (readonly [width: 2 | 4, value: number])[]): Uint8Array {
  const out = new Uint8Array(pairs.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [width, value] of pairs) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return out;
}

/** Compresses with the platform. */
export async function deflateRaw(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(data)]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Builds an archive. */
export function buildZip(
  entries: readonly RawEntry[],
  archive: RawArchive = {},
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [archive.prefix ?? new Uint8Array()];
  const central: Uint8Array[] = [];
  let at = parts[0]?.length ?? 0;
  for (const entry of entries) {
    const data = entry.packed ?? entry.content;
    const method = entry.method ?? (entry.packed === undefined ? 0 : 8);
    const name = bytesOf(entry.name);
    const crc = entry.crc ?? crc32(entry.content);
    const size = entry.size ?? entry.content.length;
    const packedSize = entry.compressedSize ?? data.length;
    const extra = entry.extra ?? new Uint8Array();
    const localExtra = entry.localExtra ?? extra;
    const localName = entry.localName === undefined ? name : bytesOf(entry.localName);
    const flags = entry.flags ?? 0;
    const head = fields([4, 0x04034b50], [2, 20], [2, flags], [2, method], [2, 0], [2, 33], [
      4,
      crc,
    ]);
    const sizes = fields([4, packedSize], [4, entry.localSize ?? size], [2, localName.length], [
      2,
      localExtra.length,
    ]);
    const local = concat([head, sizes, localName, localExtra, data, entry.gap ?? new Uint8Array()]);
    central.push(concat([
      fields([4, 0x02014b50], [2, entry.madeBy ?? 0x314], [2, 20], [2, flags], [2, method]),
      fields([2, 0], [2, 33], [4, crc], [4, packedSize], [4, size], [2, name.length]),
      fields([2, extra.length], [2, 0], [2, 0], [2, 0], [4, entry.external ?? 0x81a40000]),
      fields([4, entry.offset ?? at]),
      name,
      extra,
    ]));
    parts.push(local);
    at += local.length;
  }
  const before = archive.beforeCentral ?? new Uint8Array();
  const directory = concat(central);
  const count = archive.count ?? entries.length;
  const comment = archive.comment ?? new Uint8Array();
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count]);
  const place = fields([4, directory.length], [4, at + before.length], [2, comment.length]);
  return concat([
    ...parts,
    before,
    directory,
    end,
    place,
    comment,
    archive.suffix ?? new Uint8Array(),
  ]);
}
