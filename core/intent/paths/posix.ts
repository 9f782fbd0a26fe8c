/**
 * Lexical path rules of POSIX systems. Nothing here looks at a disk: links are not followed, so a cleaned
 * path is a second reading for decisions, never a replacement of the first (divergence G1).
 *
 * @module
 */

/** Whether cleaning would return the path as it is; a rough test that may say no too often. */
function isClean(path: string): boolean {
  return path !== "" && !path.includes("//") && !path.includes("/.") && !path.startsWith(".") &&
    (path === "/" || !path.endsWith("/"));
}

/**
 * Resolves `.` and `..` segments in a list.
 *
 * @param segments Segments without empty ones.
 * @param rooted Whether `..` at the start stays at the root instead of leaving it.
 */
export function resolveDots(
  segments: readonly string[],
  { rooted }: { readonly rooted: boolean },
): string[] {
  const out: string[] = [];
  for (const segment of segments) {
    if (segment === ".") continue;
    if (segment !== "..") out.push(segment);
    else if (out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (!rooted) out.push(segment);
  }
  return out;
}

/**
 * Cleans a POSIX path lexically: repeated and trailing slashes go, `.` goes, `..` takes its parent away and
 * stays at the root. A backslash is an ordinary character.
 *
 * @param path Any path.
 * @returns `.` for an empty relative result.
 */
export function cleanPosixPath(path: string): string {
  if (isClean(path)) return path;
  const rooted = path.startsWith("/");
  const segments = path.split("/").filter((segment) => segment !== "");
  const body = resolveDots(segments, { rooted }).join("/");
  return rooted ? `/${body}` : body || ".";
}
