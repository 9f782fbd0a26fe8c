/**
 * Checks of the local stand-ins under `links/`: same name, a version that the import map accepts, every
 * imported symbol present.
 *
 * @module
 */

import { type Import, importsOf } from "./graph/import_graph.ts";
import { listFiles, readText, ROOT } from "./sources.ts";

/** One package under `links/`. */
export interface LinkedPackage {
  readonly name: string;
  readonly version: string;
  /** Specifier below the name (`.` or `./posix`) to the names that its module exports. */
  readonly exports: ReadonlyMap<string, readonly string[]>;
}

const EXPORTED = /^export\s+(?:type\s+)?\{([^}]*)\}/gm;
const DECLARED =
  /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|const|class|interface|type)\s+([\w$]+)/gm;

/** Names that a module exports; `export *` is not supported on purpose. */
export function exportedNames(source: string): string[] {
  const lists = [...source.matchAll(EXPORTED)].flatMap(([, list = ""]) => list.split(","));
  const listed = lists.map((name) => name.trim().replace(/^type\s+/, "").replace(/^.*\sas\s/, ""));
  const declared = [...source.matchAll(DECLARED)].map(([, name = ""]) => name);
  return [...new Set([...listed, ...declared])].filter((name) => name !== "");
}

/** Reads a package under `links/`. */
export function readLinkedPackage(folder: string): LinkedPackage {
  const { name, version, exports } = JSON.parse(readText(`${folder}/deno.json`));
  const entries: [string, string][] = typeof exports === "string"
    ? [[".", exports]]
    : Object.entries(exports);
  const names = entries.map(([key, path]) =>
    [key, exportedNames(readText(`${folder}/${path.replace("./", "")}`))] as const
  );
  return { name, version, exports: new Map(names) };
}

/** All packages that `deno.json` links. */
export function linkedPackages(): LinkedPackage[] {
  const { links } = JSON.parse(readText("deno.json"));
  return (links as string[]).map((folder) => readLinkedPackage(folder.replace("./", "")));
}

/** Everything that the repository imports from std, by file. */
export function stdImports(): [file: string, Import][] {
  const files = listFiles("").filter((path) =>
    path.endsWith(".ts") && !path.startsWith("links/") && !path.startsWith("tests/golden/data")
  );
  return files.flatMap((file) =>
    importsOf(file, readText(file))
      .filter(({ specifier }) => specifier.startsWith("@std/"))
      .map((found) => [file, found] as [string, Import])
  );
}

/** Imports that no linked package satisfies, one line each. */
export function missingSymbols(
  imports: readonly (readonly [file: string, Import])[],
  packages: readonly LinkedPackage[],
): string[] {
  return imports.flatMap(([file, { specifier, names }]) => {
    const found = packages.find(({ name }) =>
      specifier === name || specifier.startsWith(`${name}/`)
    );
    const entry = specifier === found?.name ? "." : `.${specifier.slice(found?.name.length)}`;
    const offered = found?.exports.get(entry);
    if (offered === undefined) return [`${file}: nothing under links/ offers ${specifier}`];
    return names.filter((name) => !offered.includes(name))
      .map((name) => `${file}: links/ has no ${name} in ${specifier}`);
  });
}

/** The part of a version that changes when something breaks; before 1.0 that is the minor. */
function breakingPart(version: string): string {
  const [major, minor] = version.split(".");
  return major === "0" ? `0.${minor}` : `${major}`;
}

/** Problems of the packages themselves: unmapped names, versions that the import map refuses. */
export function packageProblems(packages: readonly LinkedPackage[]): string[] {
  const { imports } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`));
  return packages.flatMap(({ name, version }) => {
    const wanted = `jsr:${name}@^${breakingPart(version)}`;
    return imports[name] === wanted
      ? []
      : [`deno.json maps ${name} to ${imports[name]}, not ${wanted}`];
  });
}
