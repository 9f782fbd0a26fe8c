/**
 * Patterns of files that hold secrets, for templates.
 *
 * @module
 */

/** Files that hold secrets wherever they lie in a project. */
const FILES = [
  ".env",
  ".env.*",
  ".netrc",
  ".npmrc",
  ".pypirc",
  "*.key",
  "*.kdbx",
  "*.p12",
  "*.pem",
  "*.pfx",
  "credentials.json",
  "id_ecdsa",
  "id_ed25519",
  "id_rsa",
] as const;

/** Folders that hold secrets wherever they lie in a project. */
const FOLDERS = [".aws", ".gnupg", ".kube", ".ssh", "secrets"] as const;

/** How many folders deep the patterns reach: a star does not cross a slash. */
const DEPTH = 6;

/**
 * Items of a YAML list: each secret file and folder in the root of a project and up to six folders below.
 *
 * @param root Absolute path of the project.
 * @param indent Spaces before each dash.
 */
export function secretPathItems(root: string, indent: number): string {
  const lines: string[] = [];
  for (let depth = 0; depth <= DEPTH; depth++) {
    const folder = `${root}/${"*/".repeat(depth)}`;
    for (const name of FILES) lines.push(`- "${folder}${name}"`);
    for (const name of FOLDERS) lines.push(`- "${folder}${name}/**"`);
  }
  return lines.map((line) => `${" ".repeat(indent)}${line}\n`).join("");
}
