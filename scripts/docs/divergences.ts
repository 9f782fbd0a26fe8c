/** Checks of `docs/divergences.md`: every row names tests, and they exist. */

import { proseOf } from "./markdown.ts";
import type { Repository } from "./references.ts";

/** A row of a table: its id and its last cell. */
interface Row {
  readonly id: string;
  readonly tests: string;
}

const ROW = /^\| ([A-Z]\d+|\+\d+) +\|(.*)\|\s*$/;
const TEST = /`(tests\/[\w/.-]+)`/g;

/** All rows with an id such as `C7`, or `+3` for our own. */
function rowsOf(markdown: string): Row[] {
  return proseOf(markdown).split("\n").flatMap((line) => {
    const [, id = "", rest] = ROW.exec(line) ?? [];
    return rest === undefined ? [] : [{ id, tests: rest.split(/(?<!\\)\|/).at(-1) ?? "" }];
  });
}

/**
 * What is wrong with the rows, one line each.
 *
 * @param markdown Text of the document.
 * @param repository Where the tests are looked for.
 */
export function divergenceFindings(
  markdown: string,
  repository: Pick<Repository, "has">,
): string[] {
  const rows = rowsOf(markdown);
  if (rows.length === 0) return ["docs/divergences.md: has no rows"];
  const seen = new Set<string>();
  return rows.flatMap(({ id, tests }) => {
    const findings: string[] = [];
    if (seen.has(id)) findings.push(`docs/divergences.md: row ${id} stands twice`);
    seen.add(id);
    const paths = [...tests.matchAll(TEST)].map(([, path = ""]) => path);
    if (paths.length === 0) findings.push(`docs/divergences.md: row ${id} names no test`);
    for (const path of paths.filter((each) => !repository.has(each))) {
      findings.push(`docs/divergences.md: row ${id} names ${path}, which does not exist`);
    }
    return findings;
  });
}
