/**
 * The path of a request as it was sent. `new URL` would clean it, and a cleaned path hides what a proxy in
 * front may have seen differently.
 *
 * @module
 */

/**
 * Path without query and fragment.
 *
 * @param url Absolute URL of the request, or its target.
 */
export function requestPath(url: string): string {
  const authority = url.startsWith("/") ? -1 : url.indexOf("://");
  const start = authority < 0 ? 0 : url.indexOf("/", authority + 3);
  if (start < 0) return "/";
  const end = url.slice(start).search(/[?#]/);
  return end < 0 ? url.slice(start) : url.slice(start, start + end);
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
  const tail = out.length > 0 && /\/(\.{0,2})$/.test(path) ? "/" : "";
  return `/${out.join("/")}${tail}`;
}
