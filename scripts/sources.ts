/**
 * The files of the repository, as scripts see them.
 *
 * @module
 */

/** Root of the repository, ending in `/`. */
export const ROOT = decodeURIComponent(new URL("../", import.meta.url).pathname);

const SKIPPED = /^(?:\.git|node_modules|coverage|dist|vendor|__pycache__|\.venv)$/;

/**
 * Paths from the repository root of all files below a folder, sorted; build output is left out.
 *
 * @param folder Path from the root; "" for the whole repository.
 */
export function listFiles(folder: string, root: string = ROOT): string[] {
  const found: string[] = [];
  const visit = (path: string): void => {
    for (const entry of Deno.readDirSync(`${root}${path}`)) {
      const below = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isFile) found.push(below);
      else if (entry.isDirectory && !SKIPPED.test(entry.name)) visit(below);
    }
  };
  if (exists(folder, root)) visit(folder);
  return found.sort((a, b) => (a < b ? -1 : Number(a > b)));
}

/** Whether a path exists. */
export function exists(path: string, root: string = ROOT): boolean {
  try {
    Deno.statSync(`${root}${path}`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Text of a file of the repository. */
export function readText(path: string, root: string = ROOT): string {
  return Deno.readTextFileSync(`${root}${path}`);
}

/** TypeScript files that ship: core, schemas, hosts and the roots beside `deno.json`. */
export function productFiles(root: string = ROOT): string[] {
  const folders = ["core", "host", "schemas"].flatMap((folder) => listFiles(folder, root));
  const top = [...Deno.readDirSync(root)].filter(({ isFile }) => isFile).map(({ name }) => name);
  return [...folders, ...top].filter((path) => path.endsWith(".ts"));
}
