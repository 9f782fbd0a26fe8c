/**
 * Stand-in for `@deno/dnt` on machines that cannot reach it: the options that `scripts/build_npm.ts` uses, with
 * the layout that dnt gives them. Everything is done by npm's `typescript`.
 *
 * @module
 */

import { compile } from "./compile.ts";
import { packageJson } from "./package_json.ts";

/** A module that users import, or a program. */
export interface EntryPoint {
  readonly kind?: "export" | "bin";
  /** Subpath of the package, `.` for its root; or the name of the program. */
  readonly name: string;
  /** Path of the source. */
  readonly path: string;
}

/** Options of {@linkcode build}. */
export interface BuildOptions {
  readonly entryPoints: readonly EntryPoint[];
  readonly outDir: string;
  /** Replacements of what a runtime lacks; none are offered here. */
  readonly shims: Readonly<Record<string, never>>;
  readonly package: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly version: string;
  };
  /** CommonJS output; not offered here. */
  readonly scriptModule: false;
  /** Running tests under Node; not offered here. */
  readonly test: false;
  /** Where declarations go: beside the modules. */
  readonly declaration: "inline";
  readonly typeCheck: "single" | false;
  readonly skipSourceOutput: true;
  readonly skipNpmInstall: true;
  readonly compilerOptions: { readonly lib: readonly string[]; readonly target: "ES2022" };
  /** Runs when everything is written. */
  readonly postBuild?: () => void | Promise<void>;
}

/** Makes an empty directory of a path. */
export async function emptyDir(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.mkdir(path, { recursive: true });
}

/** Builds an npm package. @throws Error when the sources have type errors */
export async function build(options: BuildOptions): Promise<void> {
  const bins = options.entryPoints.filter(({ kind }) => kind === "bin").map(({ path }) => path);
  const files = compile(options.entryPoints.map(({ path }) => path), {
    lib: options.compilerOptions.lib,
    check: options.typeCheck !== false,
  });
  for (const [path, text] of files) {
    const target = `${options.outDir}/esm/${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    const isProgram = bins.some((bin) => bin.replace(/^\.\//, "").replace(/\.ts$/, ".js") === path);
    await Deno.writeTextFile(target, isProgram ? `#!/usr/bin/env node\n${text}` : text);
  }
  await Deno.writeTextFile(`${options.outDir}/esm/package.json`, '{\n  "type": "module"\n}\n');
  await Deno.writeTextFile(
    `${options.outDir}/package.json`,
    JSON.stringify(packageJson(options.package, options.entryPoints), null, 2) + "\n",
  );
  await options.postBuild?.();
}
