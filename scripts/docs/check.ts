/**
 * Task `docs:check`: generated documents are current, links lead somewhere, every divergence names a test
 * that exists, every error code is raised, and no file names a place of the machine that it was written on.
 *
 * @module
 */

import { exists, listFiles, productFiles, readText } from "../sources.ts";
import { conclude } from "../terminal.ts";
import { divergenceFindings } from "./divergences.ts";
import { driftFindings } from "./generated.ts";
import { barredWords, isLookedAt } from "./hygiene.ts";
import { brokenLinks, unlistedPages, unraisedCodes } from "./references.ts";

/** Markdown files that people read. */
export function documents(): string[] {
  return listFiles("").filter((path) =>
    path.endsWith(".md") && !path.startsWith("tests/golden/data/")
  );
}

if (import.meta.main) {
  const repository = { has: exists, read: readText };
  const sources = new Map(productFiles().map((path) => [path, readText(path)]));
  const texts = listFiles("").filter(isLookedAt).map((path) => [path, readText(path)] as const);
  const findings = [
    ...await driftFindings(),
    ...divergenceFindings(readText("docs/divergences.md"), repository),
    ...documents().flatMap((path) => brokenLinks(path, repository)),
    ...unlistedPages(
      documents().filter((path) => path.startsWith("docs/")),
      "docs/README.md",
      readText("docs/README.md"),
    ),
    ...unraisedCodes(sources),
    ...barredWords(texts),
  ];
  conclude(
    findings,
    `${documents().length} documents are current, ${texts.length} files are clean`,
  );
}
