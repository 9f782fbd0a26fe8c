/**
 * IP address literals.
 *
 * @module
 */

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;

/** Whether a text is an IPv4 address in its only canonical form: four decimals without leading zeros. */
export function isIpv4Literal(text: string): boolean {
  return text.length <= 15 && IPV4.test(text);
}

/** Splits colon-separated groups; an embedded IPv4 address at the end counts as two. */
function groupsOf(text: string, ipv4Allowed: boolean): string[] | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  const last = groups.at(-1) ?? "";
  if (ipv4Allowed && isIpv4Literal(last)) {
    const [a = 0, b = 0, c = 0, d = 0] = last.split(".").map(Number);
    groups.splice(-1, 1, (a * 256 + b).toString(16), (c * 256 + d).toString(16));
  }
  return groups.every((group) => GROUP.test(group)) ? groups : undefined;
}

/** The eight groups of an IPv6 address (RFC 4291 §2.2), or `undefined` when the text is none. */
export function parseIpv6(text: string): readonly number[] | undefined {
  if (text.length > 45) return undefined;
  const gap = text.indexOf("::");
  const head = groupsOf(gap < 0 ? text : text.slice(0, gap), gap < 0);
  const tail = gap < 0 ? [] : groupsOf(text.slice(gap + 2), true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (gap < 0 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<string>(missing).fill("0"), ...tail].map((group) =>
    parseInt(group, 16)
  );
}

/** Whether a text is an IPv6 address, without brackets and zone. */
export function isIpv6Literal(text: string): boolean {
  return parseIpv6(text) !== undefined;
}

/** Writes an IPv6 address in its canonical form (RFC 5952 §4). */
export function canonicalIpv6(groups: readonly number[]): string {
  let start = -1;
  let length = 1;
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}
