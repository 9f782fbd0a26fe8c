/**
 * Task `build:npm`: the npm package under `dist/npm`: the library as modules with declarations, and the program
 * as bundles. `--version 1.2.3` sets the version that it carries.
 *
 * @module
 */

import { build, emptyDir } from "@deno/dnt";
import { npmEntries, starter } from "./npm/entries.ts";
import { npmPackage } from "./npm/package.ts";
import { releaseVersion } from "./release/version.ts";
import { runDeno } from "./run_deno.ts";
import { readText, ROOT } from "./sources.ts";
import { conclude, warn } from "./terminal.ts";

/** Where the package goes: `--out dist/other` lets builds run beside each other. */
const OUTPUT = outputFolder(Deno.args);
const ENTRIES = `${OUTPUT}_entries`;
/** Everything in the package, bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Value of `--out`, a folder right below `dist`. @throws Error when it is anywhere else */
function outputFolder(args: readonly string[]): string {
  const at = args.indexOf("--out");
  const folder = at < 0 ? "dist/npm" : args[at + 1] ?? "";
  if (/^dist\/\w+$/.test(folder)) return folder;
  throw new Error(`Cannot build into ${JSON.stringify(folder)}: it is no folder below dist`);
}

/** Bundles one entry of the program into `bin/`. */
async function bundle(name: string, source: string): Promise<void> {
  const entry = `${ENTRIES}/${name}.ts`;
  await Deno.writeTextFile(ROOT + entry, source);
  const where = name === "main"
    ? ["--code-splitting", "--outdir", `${OUTPUT}/bin`]
    : ["--output", `${OUTPUT}/bin/${name}.js`];
  const run = await runDeno([
    "bundle",
    "--quiet",
    "--minify",
    "--platform",
    "deno",
    ...where,
    entry,
  ]);
  if (run.success) return;
  warn(run.stderr);
  Deno.exit(1);
}

/** Adds the program and the documents to the built library. */
async function addProgram(version: string): Promise<void> {
  await emptyDir(ROOT + ENTRIES);
  await Deno.mkdir(`${ROOT}${OUTPUT}/bin`, { recursive: true });
  for (const [name, source] of npmEntries(version)) await bundle(name, source);
  await Deno.remove(ROOT + ENTRIES, { recursive: true });
  await Deno.writeTextFile(`${ROOT}${OUTPUT}/bin/gait.js`, starter());
  await Deno.chmod(`${ROOT}${OUTPUT}/bin/gait.js`, 0o755);
  for (const name of ["LICENSE", "README.md"]) {
    await Deno.copyFile(ROOT + name, `${ROOT}${OUTPUT}/${name}`);
  }
}

/** Size of all files below a folder, bytes. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    bytes += isDirectory ? await sizeOf(path) : (await Deno.stat(path)).size;
  }
  return bytes;
}

if (import.meta.main) {
  const version = releaseVersion(Deno.args);
  Deno.chdir(ROOT);
  const { entryPoints, fields } = npmPackage(JSON.parse(readText("deno.json")), version);
  await emptyDir(OUTPUT);
  await build({
    entryPoints,
    outDir: OUTPUT,
    shims: {},
    package: fields,
    scriptModule: false,
    test: false,
    declaration: "inline",
    typeCheck: "single",
    skipSourceOutput: true,
    skipNpmInstall: true,
    compilerOptions: {
      lib: ["ESNext", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
      target: "ES2022",
    },
    postBuild: () => addProgram(version),
  });
  const bytes = await sizeOf(OUTPUT);
  const findings = bytes > MAX_BYTES
    ? [`The package holds ${bytes} bytes, more than ${MAX_BYTES}`]
    : [];
  conclude(findings, `Wrote ${OUTPUT}: version ${version}, ${(bytes / 1024).toFixed(0)} KiB`);
}
