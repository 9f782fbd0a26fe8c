/**
 * Dates as HTTP headers spell them.
 *
 * @module
 */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTH = `(${MONTHS.join("|")})`;
const TIME = "(\\d{2}):(\\d{2}):(\\d{2})";

/** The form to send, and two obsolete ones that recipients must take (RFC 9110 §5.6.7). */
const FIXDATE = new RegExp(`^[A-Z][a-z]{2}, (\\d{2}) ${MONTH} (\\d{4}) ${TIME} GMT$`);
const RFC_850 = new RegExp(`^[A-Z][a-z]{5,8}, (\\d{2})-${MONTH}-(\\d{2}) ${TIME} GMT$`);
const ASCTIME = new RegExp(`^[A-Z][a-z]{2} ${MONTH} ((?: |\\d)\\d) ${TIME} (\\d{4})$`);

/** Parts of a date as text. */
interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly time: readonly string[];
}

/** Takes a text apart. */
function partsOf(text: string): Parts | undefined {
  const [, day = "", month = "", year = "", ...time] = FIXDATE.exec(text) ?? RFC_850.exec(text) ??
    [];
  if (day !== "") return { year, month, day, time };
  const [, name = "", date = "", hour = "", minute = "", second = "", full = ""] =
    ASCTIME.exec(text) ?? [];
  if (name === "") return undefined;
  return { year: full, month: name, day: date, time: [hour, minute, second] };
}

/** The year that two digits mean: one that lies more than 50 years ahead was in the past. */
function fullYear(year: string, nowMs: number): number {
  if (year.length === 4) return Number(year);
  const thisYear = new Date(nowMs).getUTCFullYear();
  const sameCentury = thisYear - thisYear % 100 + Number(year);
  return sameCentury > thisYear + 50 ? sameCentury - 100 : sameCentury;
}

/**
 * Reads an HTTP date in any of its three forms (RFC 9110 §5.6.7).
 *
 * @param nowMs Current time, ms since the epoch; two-digit years need it.
 * @returns ms since the epoch, or `undefined` when the text is no such date.
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  const parts = partsOf(text);
  if (parts === undefined) return undefined;
  const [hour, minute, second] = parts.time.map(Number) as [number, number, number];
  // A leap second is a legal spelling.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const day = Number(parts.day);
  const month = MONTHS.indexOf(parts.month);
  const date = new Date(0);
  date.setUTCFullYear(fullYear(parts.year, nowMs), month, day);
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month) return undefined;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}
