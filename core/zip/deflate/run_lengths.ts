/**
 * Run-length coding of code lengths (RFC 1951 §3.2.7; spec 01 §7.3, "write block" step 3).
 *
 * @module
 */

/** Codes of a run of one non-zero length. */
function valueRun(value: number, count: number, out: number[]): void {
  out.push(value);
  let rest = count - 1;
  while (rest >= 3) {
    const step = Math.min(6, rest);
    out.push(16 | (step - 3) << 8);
    rest -= step;
  }
  for (; rest > 0; rest--) out.push(value);
}

/** Codes of a run of zeros. */
function zeroRun(count: number, out: number[]): void {
  let rest = count;
  while (rest >= 11) {
    const step = Math.min(138, rest);
    out.push(18 | (step - 11) << 8);
    rest -= step;
  }
  if (rest >= 3) {
    out.push(17 | (rest - 3) << 8);
    rest = 0;
  }
  for (; rest > 0; rest--) out.push(0);
}

/**
 * Codes code lengths.
 *
 * @param lengths Lengths of literals, then of distances; runs may cross the border.
 * @returns Codes 0–15 for themselves, 16–18 with their extra value in the bits from 8 on.
 */
export function runLengths(lengths: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < lengths.length;) {
    const value = lengths[at] as number;
    let end = at + 1;
    while (end < lengths.length && lengths[end] === value) end++;
    if (value === 0) zeroRun(end - at, out);
    else valueRun(value, end - at, out);
    at = end;
  }
  return out;
}
