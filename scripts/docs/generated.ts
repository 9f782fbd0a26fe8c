/**
 * Everything in the documentation that is made from code: whole files, and marked parts of files.
 *
 * @module
 */

import { RANKED } from "../ranks.ts";
import { exists, readText } from "../sources.ts";
import { commandReference, commonFlagTable } from "./cli.ts";
import { configTable } from "./config.ts";
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
export async function generatedDocuments(): Promise<GeneratedDocument[]> {
  return [
    { path: "docs/errors.md", text: errorsDocument() },
    { path: "docs/limits.md", text: limitsDocument() },
    withParts("docs/architecture.md", { ranks: ranksTable() }),
    withParts("docs/config.md", { keys: configTable() }),
    withParts("docs/cli.md", {
      "common-flags": commonFlagTable(),
      commands: await commandReference(),
    }),
  ];
}

/** A document with its generated parts replaced. */
function withParts(path: string, parts: Readonly<Record<string, string>>): GeneratedDocument {
  const text = Object.entries(parts).reduce(
    (document, [name, part]) => replacePart(document, name, part),
    readText(path),
  );
  return { path, text };
}

/** Documents whose text on disk is not the generated one, one line each. */
export async function driftFindings(): Promise<string[]> {
  return (await generatedDocuments())
    .filter(({ path, text }) => !exists(path) || readText(path) !== text)
    .map(({ path }) => `${path}: differs from what the code says; run deno task docs`);
}
