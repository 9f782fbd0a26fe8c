/**
 * A copy of the sources that carries the version of the release (divergence C6), so that a build never edits
 * the checkout.
 *
 * @module
 */

import { exists, listFiles, readText, ROOT } from "../sources.ts";

/** Where the copy goes, from the root. */
export const STAGE = "dist/stage";

/** What a build reads: sources, scripts, stand-ins, and the sample that trains the bundles. */
const FOLDERS = ["core", "examples/quickstart", "host", "links", "schemas", "scripts"];
const FILES = [
  "LICENSE",
  "README.md",
  "cli.ts",
  "deno.json",
  "deno.lock",
  "evidence_worker.ts",
  "mod.ts",
  "server.ts",
  "server_worker.ts",
  "version.ts",
];

/** Text of a file with the version put in. @throws Error when the place for it is gone */
export function withVersion(path: string, text: string, version: string): string {
  const old = path === "deno.json" ? /("version": )"[^"]*"/ : /(VERSION = )"[^"]*"/;
  if (path !== "deno.json" && path !== "version.ts") return text;
  if (!old.test(text)) throw new Error(`Cannot put a version into ${path}: it has no place for it`);
  return text.replace(old, (_, head) => `${head}${JSON.stringify(version)}`);
}

/**
 * Makes the copy.
 *
 * @returns Path of the copy, ending in `/`.
 */
export async function makeStage(version: string): Promise<string> {
  const stage = `${ROOT}${STAGE}/`;
  if (exists(STAGE)) await Deno.remove(stage, { recursive: true });
  for (const path of [...FOLDERS.flatMap((folder) => listFiles(folder)), ...FILES]) {
    const target = `${stage}${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(target, withVersion(path, readText(path), version));
  }
  return stage;
}
