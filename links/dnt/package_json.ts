/** The `package.json` of a built package. */

import type { EntryPoint } from "./mod.ts";

/** Path of a compiled module in the package. */
function compiled(path: string): string {
  return `./esm/${path.replace(/^\.\//, "").replace(/\.ts$/, ".js")}`;
}

/**
 * Fields of the package: what the caller gives, and what follows from the entry points. What the caller gives
 * wins for `bin`; exports are united.
 */
export function packageJson(
  given: Readonly<Record<string, unknown>>,
  entryPoints: readonly EntryPoint[],
): Record<string, unknown> {
  const modules = entryPoints.filter(({ kind }) => kind !== "bin");
  const programs = entryPoints.filter(({ kind }) => kind === "bin");
  const root = modules.find(({ name }) => name === ".");
  const main = root === undefined ? undefined : compiled(root.path);
  return {
    ...(main !== undefined && { module: main, types: main.replace(/\.js$/, ".d.ts") }),
    ...given,
    exports: {
      ...Object.fromEntries(
        modules.map(({ name, path }) => [name, { import: compiled(path) }]),
      ),
      ...given.exports as Record<string, unknown> | undefined,
    },
    bin: {
      ...Object.fromEntries(programs.map(({ name, path }) => [name, compiled(path)])),
      ...given.bin as Record<string, string> | undefined,
    },
  };
}
