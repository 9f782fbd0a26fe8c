/**
 * How many files the process may still open. Deno cannot ask for the limit, and reading it from the system
 * takes more authority than a service has, so it is tried out.
 *
 * @module
 */

/**
 * Counts how many more files can be open at the same time.
 *
 * @param path Something that may be opened for reading.
 * @param wanted Where to stop counting.
 */
export function denoFreeHandles(path: string, wanted: number): number {
  // Directories cannot be opened there, and handles have no such limit.
  if (Deno.build.os === "windows") return wanted;
  const open: Deno.FsFile[] = [];
  try {
    while (open.length < wanted) open.push(Deno.openSync(path));
  } catch {
    // That is the limit.
  }
  for (const file of open) file.close();
  return open.length;
}
