/** Words that must not be in the repository: places of one machine, hosts of package registries. */

/** Joined here so that this file does not contain them itself. */
const BARRED: readonly string[] = [
  ["/work", "main"],
  ["/work", "shared"],
  ["/work", ".library"],
  ["/root", ".npm"],
  ["/root", ".cache"],
].map((parts) => parts.join("/")).concat(
  [["registry", "npmjs"], ["npm", "jsr"], ["registry", "yarnpkg"], ["BRIEF", "md"]]
    .map((parts) => parts.join(".")),
);

/** Data that is not ours to word, and binary files. */
const EXEMPT = /^(tests\/golden\/data|LICENSE)|\.(zip|gz|png|wasm)$/;

/** Barred words in the given files, one line each. */
export function barredWords(files: Iterable<readonly [path: string, text: string]>): string[] {
  const findings: string[] = [];
  for (const [path, text] of files) {
    if (EXEMPT.test(path)) continue;
    for (const word of BARRED.filter((word) => text.includes(word))) {
      findings.push(`${path}: mentions ${word}`);
    }
  }
  return findings;
}

/** Whether a file is looked at. */
export function isLookedAt(path: string): boolean {
  return !EXEMPT.test(path);
}
