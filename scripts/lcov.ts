/** Line coverage from an lcov report. */

/** Coverage of one file. */
export interface FileCoverage {
  /** Path from the repository root. */
  readonly path: string;
  /** Lines with code. */
  readonly lines: number;
  /** Lines that ran. */
  readonly hit: number;
}

/** Share of lines that ran, 0 to 1; a file without code counts as covered. */
export function lineRate(files: readonly FileCoverage[]): number {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const hit = files.reduce((sum, file) => sum + file.hit, 0);
  return lines === 0 ? 1 : hit / lines;
}

/**
 * Reads an lcov report.
 *
 * @param root Path that the report puts before every file.
 */
export function parseLcov(report: string, root: string): FileCoverage[] {
  return report.split("end_of_record").flatMap((record) => {
    const source = /^SF:(.*)$/m.exec(record)?.[1];
    if (source === undefined) return [];
    const counts = [...record.matchAll(/^DA:\d+,(\d+)/gm)].map(([, count]) => Number(count));
    const path = source.startsWith(root) ? source.slice(root.length) : source;
    return [{ path, lines: counts.length, hit: counts.filter((count) => count > 0).length }];
  });
}

/** Files that no test loads although they hold code, as fully uncovered. */
export function unloaded(
  sources: ReadonlyMap<string, string>,
  covered: readonly FileCoverage[],
): FileCoverage[] {
  const known = new Set(covered.map(({ path }) => path));
  return [...sources].filter(([path, source]) =>
    !known.has(path) && /^(?:export\s+)?(?:async\s+)?(?:function|class)\b/m.test(source)
  ).map(([path, source]) => ({ path, lines: codeLines(source), hit: 0 }));
}

/** Lines of a source that are neither blank nor comment. */
function codeLines(source: string): number {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "");
  return code.split("\n").filter((line) => !/^\s*(?:\/\/.*)?$/.test(line)).length;
}
