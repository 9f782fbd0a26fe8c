/**
 * Little-endian fields of zip records (APPNOTE 6.3.10 §4.3).
 *
 * @module
 */

import { GaitError } from "../base/errors.ts";

/** Signatures of the records. */
export const SIGNATURE = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  descriptor: 0x08074b50,
} as const;

/** A refusal of an archive. */
export function corruptArchive(state: string): GaitError {
  return new GaitError("archive_corrupt", `Cannot read the archive: ${state}`);
}

/** Reads 16 bits; the caller has checked the bounds. */
export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

/** Reads 32 bits, unsigned; the caller has checked the bounds. */
export function u32(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
}
