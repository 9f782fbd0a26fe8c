/**
 * What the npm package says about itself.
 *
 * @module
 */

/** A module of the package. */
interface EntryPoint {
  readonly kind: "export";
  readonly name: string;
  readonly path: string;
}

/** Entry points and fields of the package. */
export interface NpmPackage {
  readonly entryPoints: readonly EntryPoint[];
  readonly fields: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly version: string;
  };
}

/** The part of `deno.json` that matters here. */
interface Config {
  readonly name: string;
  readonly license: string;
  readonly exports: string | Readonly<Record<string, string>>;
}

/** The package made from the configuration of a checkout: the same subpaths, and the program. */
export function npmPackage(config: Config, version: string): NpmPackage {
  const { name, license } = config;
  const exports = typeof config.exports === "string" ? { ".": config.exports } : config.exports;
  return {
    entryPoints: Object.entries(exports).map(([subpath, path]) => ({
      kind: "export",
      name: subpath,
      path,
    })),
    fields: {
      name,
      version,
      description: "Policy gate and signed evidence for the tool calls of AI agents",
      keywords: ["ai-agents", "audit", "mcp", "policy", "signatures"],
      license,
      type: "module",
      sideEffects: false,
      engines: { node: ">=22" },
      bin: { gait: "bin/gait.js" },
      exports: { "./package.json": "./package.json" },
      files: ["bin", "esm", "LICENSE", "README.md"],
    },
  };
}
