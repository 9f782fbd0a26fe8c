/** Whether what documents point to exists: files, headings, error codes. */

import { ERROR_CODES } from "../../core/base/error_codes.ts";
import { proseOf } from "./markdown.ts";

const LINK = /\[[^\]]*\]\(([^()\s]+)\)/g;

/** Anchor of a heading, as code hosts make it. */
export function slugOf(heading: string): string {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

/** Anchors of a document. */
export function anchorsOf(markdown: string): string[] {
  return [...proseOf(markdown).matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, text = ""]) => slugOf(text));
}

/** What a document sees of the repository. */
export interface Repository {
  /** Whether a path exists. */
  has(path: string): boolean;
  /** Text of a file. */
  read(path: string): string;
}

/** Relative links of a document that lead nowhere, one line each. */
export function brokenLinks(path: string, repository: Repository): string[] {
  const folder = path.split("/").slice(0, -1);
  const targets = [...proseOf(repository.read(path)).matchAll(LINK)].map(([, link = ""]) => link);
  return targets.filter((link) => !/^[a-z]+:/i.test(link)).flatMap((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : resolve(folder, file);
    if (!repository.has(target)) return [`${path}: links to ${link}, which does not exist`];
    if (anchor === undefined || !target.endsWith(".md")) return [];
    const known = anchorsOf(repository.read(target)).includes(anchor);
    return known ? [] : [`${path}: links to ${link}, which has no such heading`];
  });
}

function resolve(folder: readonly string[], link: string): string {
  const parts = [...folder];
  for (const part of link.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** Pages in a folder that its `README.md` does not link to, one line each. */
export function unlistedPages(pages: readonly string[], index: string, text: string): string[] {
  const folder = index.slice(0, index.lastIndexOf("/") + 1);
  const listed = [...proseOf(text).matchAll(LINK)].map(([, link = ""]) => folder + link);
  return pages.filter((page) => page !== index && !listed.includes(page))
    .map((page) => `${index}: does not list ${page}`);
}

/** Codes that nothing raises yet, each with its reason; empty when the catalogue is fully used. */
export const NOT_RAISED: Readonly<Record<string, string>> = {};

/** Error codes that no source raises, one line each. */
export function unraisedCodes(
  sources: ReadonlyMap<string, string>,
  exceptions: Readonly<Record<string, string>> = NOT_RAISED,
): string[] {
  const text = [...sources].filter(([path]) => !/\/error_(codes|map)\.ts$/.test(path))
    .map(([, source]) => source).join("\n");
  return Object.keys(ERROR_CODES).flatMap((name) => {
    const isRaised = text.includes(`"${name}"`);
    if (!isRaised && exceptions[name] === undefined) return [`Nothing raises error code ${name}`];
    return isRaised && exceptions[name] !== undefined
      ? [`Error code ${name} is raised; remove its exception`]
      : [];
  });
}
