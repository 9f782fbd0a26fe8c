/**
 * Everything in the documentation that is made from code: whole files, and marked parts of files.
 *
 * @module
 */

import { RANKED } from "../ranks.ts";
import { exists, readText } from "../sources.ts";
import { errorsDocument } from "./errors.ts";
import { limitsDocument } from "./limits.ts";
import { code, table } from "./markdown.ts";

/** A document and the text that it should have. */
export interface GeneratedDocument {
  readonly path: string;
  readonly text: string;
}

/** The rank table for `docs/architecture.md`. */
export function ranksTable(): string {
  const rows = RANKED.map(({ folder, rank, holds }) => [String(rank), code(`${folder}/`), holds]);
  return table(["Rank", "Folder", "Lives there"], rows);
}

/**
 * Replaces what stands between `<!-- name:begin -->` and `<!-- name:end -->`.
 *
 * @throws RangeError when the document has no such marks
 */
export function replacePart(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new RangeError(`Cannot find the marks of ${name}`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}

/** All generated documents with their current text. */
export function generatedDocuments(): GeneratedDocument[] {
  const architecture = "docs/architecture.md";
  return [
    { path: "docs/errors.md", text: errorsDocument() },
    { path: "docs/limits.md", text: limitsDocument() },
    { path: architecture, text: replacePart(readText(architecture), "ranks", ranksTable()) },
  ];
}

/** Documents whose text on disk is not the generated one, one line each. */
export function driftFindings(): string[] {
  return generatedDocuments()
    .filter(({ path, text }) => !exists(path) || readText(path) !== text)
    .map(({ path }) => `${path}: differs from what the code says; run deno task docs`);
}
