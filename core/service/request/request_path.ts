/**
 * The path of a request as it was sent. `new URL` would clean it, and a cleaned path hides what a proxy in
 * front may have seen differently.
 *
 * @module
 */

/** An absolute target (RFC 9112 §3.2.2), cut behind scheme and authority. */
const ABSOLUTE = /^(?!\/)([^/?#]*?):\/\/([^/?#]*)/;

/**
 * The host that a target names by itself, as it was sent; it stands in the place of the `Host` header (RFC 9112
 * §3.2.2).
 *
 * @returns `undefined` for targets that name none, "" for one of another scheme than HTTP.
 */
export function targetAuthority(target: string): string | undefined {
  if (target.startsWith("/")) return undefined;
  const match = ABSOLUTE.exec(target);
  if (match === null) return undefined;
  return /^https?$/i.test(match[1] ?? "") ? match[2] ?? "" : "";
}

/**
 * Path without query and fragment.
 *
 * @param url Absolute URL of the request, or its target.
 */
export function requestPath(url: string): string {
  const head = url.startsWith("/") ? "" : ABSOLUTE.exec(url)?.[0] ?? "";
  const rest = url.slice(head.length);
  const end = rest.search(/[?#]/);
  const path = end < 0 ? rest : rest.slice(0, end);
  return path === "" && head !== "" ? "/" : path;
}

/**
 * Query of a request, with its question mark; "" for none. What a header cannot carry is left out.
 *
 * @param url Absolute URL of the request, or its target.
 */
export function requestQuery(url: string): string {
  return /^[^?#]*(\?[^#]*)/.exec(url)?.[1]?.replace(/[^!-~]+/g, "") ?? "";
}

/**
 * The clean form of a path: no empty and no dot segments. A slash at the end stays.
 *
 * @param path Starts with a slash.
 */
export function cleanRequestPath(path: string): string {
  if (!/\/\/|\/\.{1,2}(\/|$)/.test(path)) return path;
  const out: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") out.pop();
    else out.push(segment);
  }
  const tail = out.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${out.join("/")}${tail}`;
}
