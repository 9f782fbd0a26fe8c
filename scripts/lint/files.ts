/** Which file a lint run looks at, as a path from the repository root. */

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** Path from the repository root with `/` separators; paths that are relative already stay. */
export function repoPath(filename: string): string {
  const path = filename.replaceAll("\\", "/").replace(/^\/?([A-Za-z]:\/)/, "/$1");
  const at = path.indexOf(ROOT);
  return at < 0 ? path.replace(/^\.\//, "") : path.slice(at + ROOT.length);
}

/** Whether a file belongs to the part without I/O: web standards and std only. */
export function isCore(path: string): boolean {
  return path.startsWith("core/") || path.startsWith("schemas/");
}

/** Whether a file ships: core, hosts and composition roots. */
export function isProduct(path: string): boolean {
  return isCore(path) || path.startsWith("host/") || !path.includes("/");
}

/** Whether a file is written by a generator and judged by its drift check instead. */
export function isGenerated(path: string): boolean {
  return path.includes("/generated/") || path.endsWith(".gen.ts");
}

/**
 * The file that a relative specifier names, or `undefined` for a bare one.
 *
 * @param from Importing file, path from the repository root.
 */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!/^\.{1,2}\//.test(specifier)) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
