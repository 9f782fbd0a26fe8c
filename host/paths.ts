/**
 * Splitting host paths. Display and joins only; no decision depends on it.
 *
 * @module
 */

/** Directory part of a path; `.` when it has none. */
export function directoryOf(path: string): string {
  const cut = lastSeparator(path);
  if (cut < 0) return ".";
  return cut === 0 ? path.slice(0, 1) : path.slice(0, cut);
}

/** Last segment of a path. */
export function baseOf(path: string): string {
  return path.slice(lastSeparator(path) + 1);
}

/** Position of the last separator; a backslash counts on Windows only. */
function lastSeparator(path: string): number {
  const slash = path.lastIndexOf("/");
  return Deno.build.os === "windows" ? Math.max(slash, path.lastIndexOf("\\")) : slash;
}
