/**
 * The hardened reading of hosts, for decisions only (divergence G2). It answers with a host when every
 * client must reach the same one, and with `""` when some client could reach another; under a domain or
 * egress list `""` on a network target is a violation. Not part of any digest.
 *
 * | written | answer | why |
 * |---|---|---|
 * | `https://Example.com.:443/x` | `example.com` | case and the root dot do not change the host |
 * | `http://[2001:DB8::0:A]/` | `2001:db8::a` | RFC 5952 form |
 * | `http://[::ffff:10.0.0.1]/`, `[fe80::1%25en0]` | `""` | reaches an IPv4 host; depends on the machine |
 * | `http://0.0.0.0/`, `http://[::]/` | `""` | reaches this machine |
 * | `http://0x7f000001/`, `127.1`, `2130706433`, `010.0.0.1` | `""` | many clients read these as addresses |
 * | `http://bücher.example/` | `""` | mapped to another spelling first; write `xn--bcher-kva.example` |
 * | `example.com/x`, `//example.com`, `https:example.com` | `""` | depends on what the client prepends |
 * | `https://a\@b/`, any control character or white space | `""` | clients disagree where the host ends |
 * | `https://u%40c@example.com/` | `""` | some clients decode before they split |
 *
 * @module
 */

import { canonicalIpv6, isIpv4Literal, isIpv6Literal, parseIpv6 } from "./ip.ts";
import { urlHost } from "./url_host.ts";

/** White space, control and invisible characters, and the backslash that browsers read as a slash. */
const AMBIGUOUS =
  // deno-lint-ignore no-control-regex -- they are what is refused
  /[\u0000-\u0020\\\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/;
/** Labels of letters, digits, `-` and `_`, none empty or longer than 63 (RFC 1035 §2.3.4). */
const NAME =
  /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** A last label that makes URL clients read the whole name as an IPv4 number (WHATWG URL §3.5). */
const NUMERIC_END = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/;
const AUTHORITY_URL = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/;
const MAX_PORT = 65_535;

/** Canonical name or IPv4 address; `""` when it is neither, or the unspecified address. */
function strictName(text: string): string {
  // Lower-casing maps U+212A to `k`; what is not ASCII must not become so on the way.
  if (!/^[!-~]*$/.test(text)) return "";
  const name = text.toLowerCase().replace(/\.$/, "");
  if (isIpv4Literal(name)) return name === "0.0.0.0" ? "" : name;
  return name.length <= 253 && NAME.test(name) && !NUMERIC_END.test(name) ? name : "";
}

/**
 * Canonical IPv6 address; `""` when it is none, the unspecified address (which reaches this machine), or
 * embeds an IPv4 address that a client may unwrap.
 */
function strictIpv6(text: string): string {
  const groups = parseIpv6(text);
  if (groups === undefined) return "";
  const zeros = groups.findIndex((group) => group !== 0);
  if (zeros < 0) return "";
  const mapped = zeros === 5 && groups[5] === 0xffff;
  const compatible = zeros === 6 || (zeros === 7 && (groups[7] ?? 0) > 1);
  const translated = groups[0] === 0x64 && groups[1] === 0xff9b;
  return mapped || compatible || translated ? "" : canonicalIpv6(groups);
}

/** Host of `host`, `host:port`, `[v6]` or `[v6]:port`; `""` when it is anything else. */
function strictHostPort(text: string): string {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+))(?::([0-9]{0,5}))?$/.exec(text);
  if (match === null || Number(match[3] ?? 0) > MAX_PORT) return "";
  return match[1] !== undefined ? strictIpv6(match[1]) : strictName(match[2] ?? "");
}

/**
 * Host that a URL reaches with any client.
 *
 * @param value Trimmed value of a `url` target.
 * @returns Lower-case name without root dot, canonical address, or `""` when clients may disagree.
 */
export function strictUrlHost(value: string): string {
  if (AMBIGUOUS.test(value) || urlHost(value) === "") return "";
  const authority = AUTHORITY_URL.exec(value)?.[1];
  if (authority === undefined) return "";
  const at = authority.lastIndexOf("@");
  const userinfo = authority.slice(0, Math.max(at, 0));
  if (userinfo.includes("%") || userinfo.includes("@")) return "";
  return strictHostPort(authority.slice(at + 1));
}

/**
 * Host that a `host` target names for any client: `name`, `name:port`, an address, or an `http`/`https`
 * URL with a lower-case scheme.
 *
 * @param value Trimmed value of a `host` target.
 * @returns Lower-case name without root dot, canonical address, or `""` when clients may disagree.
 */
export function strictHostTarget(value: string): string {
  if (AMBIGUOUS.test(value)) return "";
  const scheme = /^https?:\/\//.exec(value)?.[0] ?? "";
  // Another scheme, none, or a URL within a URL: what it means depends on the client.
  if (value.includes("//", scheme.length)) return "";
  if (scheme !== "") return strictUrlHost(value);
  // `https:80` may be a host and port or a URL without slashes; `name:` misses its port.
  if (/^https?:|:$/.test(value)) return "";
  const slash = value.indexOf("/");
  const host = slash < 0 ? value : value.slice(0, slash);
  // `10.0.0.0/8` is a range, not a host with a path.
  if (slash >= 0 && (isIpv4Literal(host) || isIpv6Literal(host))) return "";
  return strictIpv6(host) || strictHostPort(host);
}
