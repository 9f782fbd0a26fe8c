/**
 * Host of a `url` target, exactly as the reference finds it, because it enters the intent digest
 * (spec 02 §2.3): a generic RFC 3986 parse, not the WHATWG one. No scheme defaults, no punycode, no
 * numeric-address folding, `\` is not `/`. Decisions use {@linkcode strictUrlHost} as well.
 *
 * @module
 */

import { lower } from "../../base/text_rules.ts";
import { isIpv6Literal } from "./ip.ts";
import { percentDecode } from "./percent.ts";

/** Characters of a reg-name and of userinfo, beside `%` escapes (RFC 3986 §3.2). */
const USERINFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
/** ASCII that a host may hold unescaped: RFC 3986 reg-name plus what the reference also lets pass. */
const HOST_CHARS = /^[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]*$/u;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const OPTIONAL_PORT = /^(?::[0-9]*)?$/;
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
/** In a host only `%25` and escapes of bytes beyond ASCII are allowed (RFC 3986 §3.2.2, RFC 6874). */
const ASCII_ESCAPE = /%(?!25)[0-7]/;

/** Undoes the escapes of a reg-name; `undefined` when it holds one that a host must not. */
function decodeHost(text: string): string | undefined {
  if (!HOST_CHARS.test(text) || BAD_ESCAPE.test(text) || ASCII_ESCAPE.test(text)) return undefined;
  return percentDecode(text);
}

/** Zone of an IPv6 literal (RFC 6874): escapes may only stand for bytes a host could hold, or a space. */
function decodeZone(text: string): string | undefined {
  if (!HOST_CHARS.test(text) || BAD_ESCAPE.test(text)) return undefined;
  for (const [escape] of text.matchAll(/%[0-9A-Fa-f]{2}/g)) {
    const byte = parseInt(escape.slice(1), 16);
    if (escape === "%25" || byte === 0x20 || byte > 0x7f) continue;
    const char = String.fromCharCode(byte);
    if (char === "%" || !HOST_CHARS.test(char)) return undefined;
  }
  return percentDecode(text);
}

/** Host of an authority that starts with a bracket: the address, with its zone, without the brackets. */
function bracketedHost(host: string): string | undefined {
  const end = host.lastIndexOf("]");
  if (end < 0 || !OPTIONAL_PORT.test(host.slice(end + 1))) return undefined;
  const inner = host.slice(1, end);
  const zoneStart = inner.indexOf("%25");
  if (zoneStart < 0) return isIpv6Literal(inner) ? inner : undefined;
  const zone = decodeZone(inner.slice(zoneStart));
  const address = inner.slice(0, zoneStart);
  return zone === undefined || zone === "%" || !isIpv6Literal(address) ? undefined : address + zone;
}

/** Host of an authority, without userinfo and port; `undefined` when the authority is malformed. */
function authorityHost(authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const userinfo = authority.slice(0, Math.max(at, 0));
  if (!USERINFO.test(userinfo) || BAD_ESCAPE.test(userinfo)) return undefined;
  const host = authority.slice(at + 1);
  if (host.startsWith("[")) return bracketedHost(host);
  // A second colon makes the rest no port: `a:b:80` and `::1` without brackets are malformed.
  const colon = host.indexOf(":");
  if (colon < 0) return decodeHost(host);
  return OPTIONAL_PORT.test(host.slice(colon)) ? decodeHost(host.slice(0, colon)) : undefined;
}

/**
 * Host part of a URL in lower case, without port and brackets.
 *
 * @param value Trimmed value of a `url` target.
 * @returns `""` when the URL has no host or does not parse.
 */
export function urlHost(value: string): string {
  const hash = value.indexOf("#");
  const fragment = hash < 0 ? "" : value.slice(hash + 1);
  let rest = hash < 0 ? value : value.slice(0, hash);
  // deno-lint-ignore no-control-regex -- control characters make the whole URL malformed
  if (/[\u0000-\u001f\u007f]/.test(rest) || BAD_ESCAPE.test(fragment)) return "";
  const scheme = SCHEME.exec(rest)?.[0] ?? "";
  rest = rest.slice(scheme.length);
  const query = rest.indexOf("?");
  if (query >= 0) rest = rest.slice(0, query);
  // Without a scheme three slashes start a path, not an empty authority followed by one.
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///"))) return "";
  const slash = rest.indexOf("/", 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const path = slash < 0 ? "" : rest.slice(slash);
  if (BAD_ESCAPE.test(path)) return "";
  return lower(authorityHost(authority) ?? "");
}

/**
 * Host of a `host` target, exactly as the reference finds it (spec 02 §2.3). It cuts text, it does not
 * parse: `[::1]:80` gives `[`, `HTTPS://a` gives `https`.
 *
 * @param value Trimmed value of a `host` target.
 */
export function hostTargetDomain(value: string): string {
  let rest = value;
  if (rest.startsWith("http://")) rest = rest.slice(7);
  if (rest.startsWith("https://")) rest = rest.slice(8);
  const end = rest.search(/[/:]/);
  return lower(end < 0 ? rest : rest.slice(0, end));
}
