/**
 * CRC-32 of zip archives (polynomial 0xEDB88320, RFC 1952 §8), eight bytes per step.
 *
 * @module
 */

/** Eight tables of 256 entries: table `k` advances a byte by `k` further bytes. */
const TABLES = makeTables();

function makeTables(): Uint32Array {
  const out = new Uint32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    out[n] = value;
  }
  for (let n = 256; n < out.length; n++) {
    const before = out[n - 256] as number;
    out[n] = (before >>> 8) ^ (out[before & 255] as number);
  }
  return out;
}

/**
 * Continues a CRC-32.
 *
 * @param data Next bytes.
 * @param before CRC of all bytes before them; 0 at the start.
 * @returns CRC of all bytes so far, unsigned.
 */
export function crc32(data: Uint8Array, before = 0): number {
  const t = TABLES;
  let crc = ~before;
  let i = 0;
  // INVARIANT: every index below is masked to its table; `as number` only tells the compiler so.
  for (const end = data.length - 7; i < end; i += 8) {
    const low = crc ^ ((data[i] as number) | (data[i + 1] as number) << 8 |
      (data[i + 2] as number) << 16 | (data[i + 3] as number) << 24);
    crc = (t[1792 + (low & 255)] as number) ^ (t[1536 + (low >>> 8 & 255)] as number) ^
      (t[1280 + (low >>> 16 & 255)] as number) ^ (t[1024 + (low >>> 24)] as number) ^
      (t[768 + (data[i + 4] as number)] as number) ^ (t[512 + (data[i + 5] as number)] as number) ^
      (t[256 + (data[i + 6] as number)] as number) ^ (t[data[i + 7] as number] as number);
  }
  for (; i < data.length; i++) {
    crc = (crc >>> 8) ^ (t[(crc ^ (data[i] as number)) & 255] as number);
  }
  return ~crc >>> 0;
}
