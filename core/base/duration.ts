/**
 * Lengths of time in the grammar of `--ttl` and `approval.max_ttl` (spec 02 §1.5 "durations").
 *
 * @module
 */

/** A length of time, nanoseconds. */
export type Duration = bigint;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

/** Longest duration either way: the range of a signed 64-bit integer, about 292 years. */
const MAX = (1n << 63n) - 1n;
/** Characters of a duration; nothing sensible is longer, and the scan stays linear anyway. */
const MAX_LENGTH = 256;

/** `digits [. digits] unit` at the read position; one of the two digit runs must not be empty. */
const PART = /(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;

/** The fraction of a unit in nanoseconds, cut, as doubles compute it: the reference does the same. */
function fractionOf(unit: bigint, digits: string): bigint {
  const kept = digits.slice(0, 18);
  if (kept === "") return 0n;
  return BigInt(Math.trunc(Number(kept) * (Number(unit) / 10 ** kept.length)));
}

/**
 * Parses a duration: an optional sign, then one or more `decimal unit` with the units `ns`, `us` (`µs`),
 * `ms`, `s`, `m`, `h`; the bare text `0` is zero.
 *
 * @param text For example `1h30m`, `1.5h` or `300ms`.
 * @returns `undefined` when the text is no duration or exceeds about 292 years.
 */
export function parseDuration(text: string): Duration | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const signed = /^[+-]/.test(text);
  const body = signed ? text.slice(1) : text;
  if (body === "0") return 0n;
  let total = 0n;
  let position = 0;
  while (position < body.length) {
    PART.lastIndex = position;
    const match = PART.exec(body);
    const unit = UNITS.get(match?.[3] ?? "");
    if (match === null || unit === undefined) return undefined;
    const whole = match[1] ?? "";
    const fraction = match[2] ?? "";
    if (whole === "" && fraction === "") return undefined;
    total += BigInt(whole === "" ? "0" : whole) * unit + fractionOf(unit, fraction);
    position = PART.lastIndex;
  }
  if (body === "" || total > MAX) return undefined;
  return text.startsWith("-") ? -total : total;
}
