/**
 * The bundle of a release, made from the stage.
 *
 * @module
 */

import { writeZip } from "../../core/zip/write_zip.ts";
import { runDeno } from "../run_deno.ts";
import { makeStage } from "./stage.ts";

/** What the other steps need. */
export interface ReleaseBundle {
  /** Folder of the bundle. */
  readonly folder: string;
  /** Union of the permissions of all commands, by kind: a program has one set for every argument. */
  readonly flags: readonly string[];
  /** All bundled code, bytes. */
  readonly size: number;
}

/** Permissions of the runtime for the bundle script. */
const BUNDLE = ["--no-prompt", "--allow-read", "--allow-write=dist", "--allow-run"];

/** What a bundle needs to load its parts. */
const ASK = ["--no-prompt", "--allow-read"];

/** Runs a script in the stage. @throws Error with what it says when it fails */
async function inStage(stage: string, args: readonly string[]): Promise<string> {
  const run = await runDeno(["run", "--quiet", ...args], { cwd: stage });
  if (run.success) return run.stdout;
  throw new Error(run.stderr.trim() || run.stdout.trim());
}

/** Makes the stage and its bundle. */
export async function makeBundle(version: string): Promise<ReleaseBundle> {
  return await bundleStage(await makeStage(version));
}

/**
 * Makes the bundle of a stage.
 *
 * @param stage Path of the stage, ending in `/`.
 */
export async function bundleStage(stage: string): Promise<ReleaseBundle> {
  await inStage(stage, [...BUNDLE, "scripts/bundle/main.ts"]);
  const folder = `${stage}dist/bundle`;
  const asked = JSON.parse(
    await inStage(stage, ASK.concat(`${folder}/cli.js`, "permissions", "--json")),
  );
  const kinds: string[] = asked.flags.map((flag: string) => flag.split("=")[0]);
  let size = 0;
  for await (const { name } of Deno.readDir(folder)) {
    size += (await Deno.stat(`${folder}/${name}`)).size;
  }
  return { folder, flags: [...new Set(kinds)].sort(), size };
}

/** The bundle as one file, for `deno run`. */
export async function zipBundle(folder: string, path: string): Promise<void> {
  const contents = [];
  for await (const { name } of Deno.readDir(folder)) {
    contents.push({ name: `gait/${name}`, data: await Deno.readFile(`${folder}/${name}`) });
  }
  await Deno.writeFile(path, writeZip(contents));
}
