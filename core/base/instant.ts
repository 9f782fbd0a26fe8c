/**
 * Points in time with nanosecond precision, and their RFC 3339 text (spec 01 §3, spec 02 §1.5).
 *
 * @module
 */

/** Nanoseconds since 1970-01-01T00:00:00Z. */
export type Instant = bigint;

/** A parsed timestamp. */
export interface Timestamp {
  /** The point in time. */
  readonly instant: Instant;
  /** Offset of its text from UTC, minutes. */
  readonly offsetMinutes: number;
}

const GRAMMAR =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const NANOS_PER_SECOND = 1_000_000_000n;

/** What the reference writes for "no time": the zero time of its platform. */
export const ZERO_TIME = "0001-01-01T00:00:00Z";
/** The instant of {@linkcode ZERO_TIME}, spelled out: parsing it at every start would cost more. */
export const ZERO_INSTANT: Instant = -62_135_596_800_000_000_000n;

/** What records use when the intent brings no time (spec 02 §2). */
export const EPOCH_1980 = "1980-01-01T00:00:00Z";

/** First and last second whose UTC year has four digits: only these have an RFC 3339 spelling in UTC. */
const FIRST_SECOND = -62_167_219_200;
const LAST_SECOND = 253_402_300_799;

/** Seconds since 1970-01-01 of a proleptic Gregorian date and time, or `undefined` for no such time. */
function epochSeconds(part: readonly number[]): number | undefined {
  const [year, month, day, hour, minute, second] = part as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, 0);
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return undefined;
  return date.getTime() / 1000;
}

/**
 * Parses an RFC 3339 timestamp: upper-case `T` and `Z`, seconds and zone required, `,` accepted as
 * fraction separator, digits beyond nine dropped. Its UTC year must lie in 0000–9999.
 *
 * @returns `undefined` when the text is no such timestamp.
 *
 * @example
 * ```ts
 * import { formatInstant, parseTimestamp } from "@gait/gait";
 * import { assertEquals } from "@std/assert";
 *
 * const time = parseTimestamp("2026-02-06T01:02:03.5+01:00");
 * assertEquals(time === undefined ? "" : formatInstant(time.instant), "2026-02-06T00:02:03.5Z");
 * assertEquals(parseTimestamp("yesterday"), undefined);
 * ```
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = GRAMMAR.exec(text);
  if (match === null) return undefined;
  const seconds = epochSeconds(match.slice(1, 7).map(Number));
  const offsetHours = Number(match[9] ?? 0);
  const offsetRest = Number(match[10] ?? 0);
  if (seconds === undefined || offsetHours > 23 || offsetRest > 59) return undefined;
  const offset = (match[8] === "-" ? -1 : 1) * (offsetHours * 60 + offsetRest);
  const utcSeconds = seconds - offset * 60;
  if (utcSeconds < FIRST_SECOND || utcSeconds > LAST_SECOND) return undefined;
  const nanos = BigInt((match[7] ?? "").slice(0, 9).padEnd(9, "0"));
  const instant = BigInt(utcSeconds) * NANOS_PER_SECOND + nanos;
  return { instant, offsetMinutes: offset === 0 ? 0 : offset };
}

/** Two decimal digits. */
function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** A text without the zeros at its end. */
function trimZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

/** The second that was written last: a busy service writes many instants of one second. */
let lastSeconds: bigint | undefined;
let lastHead = "";

/** `YYYY-MM-DDTHH:MM:SS` of a second since the epoch. */
function headOf(seconds: bigint): string {
  if (seconds !== lastSeconds) {
    lastHead = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
    lastSeconds = seconds;
  }
  return lastHead;
}

/**
 * Writes an instant as RFC 3339 with the shortest fraction, `Z` for UTC.
 *
 * @param instant Nanoseconds since the epoch.
 * @param offsetMinutes Offset of the written text from UTC, minutes.
 * @throws RangeError when the written year would lie outside 0000–9999.
 */
export function formatInstant(instant: Instant, offsetMinutes = 0): string {
  const local = instant + BigInt(offsetMinutes) * 60n * NANOS_PER_SECOND;
  let seconds = local / NANOS_PER_SECOND;
  let nanos = local % NANOS_PER_SECOND;
  if (nanos < 0n) {
    nanos += NANOS_PER_SECOND;
    seconds -= 1n;
  }
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) {
    throw new RangeError("Cannot write an instant as RFC 3339: its year has no four digits");
  }
  const head = headOf(seconds);
  const fraction = nanos === 0n ? "" : `.${trimZeros(String(nanos).padStart(9, "0"))}`;
  if (offsetMinutes === 0) return `${head}${fraction}Z`;
  const size = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${head}${fraction}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/**
 * Brings a timestamp into UTC with the shortest fraction.
 *
 * @returns `undefined` when the text is no timestamp.
 */
export function toUtc(text: string): string | undefined {
  const parsed = parseTimestamp(text);
  return parsed === undefined ? undefined : formatInstant(parsed.instant);
}

/**
 * Normalises a timestamp and keeps its offset (spec 01 §3), as records are re-encoded before digesting.
 *
 * @returns `undefined` when the text is no timestamp.
 */
export function normalizeTimestamp(text: string): string | undefined {
  const parsed = parseTimestamp(text);
  return parsed === undefined ? undefined : formatInstant(parsed.instant, parsed.offsetMinutes);
}
