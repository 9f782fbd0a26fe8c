/**
 * Which system a program file is for, read from its header: a runtime for one system makes no program for another.
 *
 * @module
 */

/** Bytes that are enough for {@linkcode systemOf}. */
export const HEADER_BYTES = 4096;

/** Machine numbers of ELF (Linux) files. */
const ELF: Readonly<Record<number, string>> = { 0x3e: "linux-x64", 0xb7: "linux-arm64" };
/** Processor types of Mach-O (macOS) files. */
const MACH_O: Readonly<Record<number, string>> = {
  0x01000007: "macos-x64",
  0x0100000c: "macos-arm64",
};
/** Machine numbers of PE (Windows) files. */
const PE: Readonly<Record<number, string>> = { 0x8664: "windows-x64" };

/**
 * Name of the target whose programs begin so.
 *
 * @param header First bytes of the file.
 * @returns `undefined` when it is none of ours.
 */
export function systemOf(header: Uint8Array): string | undefined {
  if (header.length < 64) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const magic = view.getUint32(0, false);
  // Of 64 bits, and written with the low byte first.
  if (magic === 0x7f454c46) {
    return view.getUint16(4, false) === 0x0201 ? ELF[view.getUint16(18, true)] : undefined;
  }
  if (magic === 0xcffaedfe) return MACH_O[view.getUint32(4, true)];
  if (view.getUint16(0, false) !== 0x4d5a) return undefined;
  const at = view.getUint32(60, true);
  if (at + 6 > header.length || view.getUint32(at, false) !== 0x50450000) return undefined;
  return PE[view.getUint16(at + 4, true)];
}

/** The first bytes of a file. */
export async function headerOf(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path, { read: true });
  const buffer = new Uint8Array(HEADER_BYTES);
  let length = 0;
  for (;;) {
    const count = await file.read(buffer.subarray(length));
    if (count === null || count === 0) return buffer.subarray(0, length);
    length += count;
  }
}
