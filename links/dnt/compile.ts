/** From TypeScript sources to ECMAScript modules with declarations beside them. */

import ts from "typescript";

/** Relative specifiers of sources in declarations; the compiler rewrites only those in modules. */
const SOURCE_SPECIFIER = /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(["'])(\.{1,2}\/[^"'\n]+)\.ts\2/g;

/** Strictness as the sources are written for, and output that Node and bundlers take. */
function compilerOptions(lib: readonly string[]): ts.CompilerOptions {
  return {
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    exactOptionalPropertyTypes: true,
    lib: lib.map((name) => `lib.${name.toLowerCase()}.d.ts`),
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    newLine: ts.NewLineKind.LineFeed,
    noUncheckedIndexedAccess: true,
    outDir: "/out",
    rootDir: Deno.cwd(),
    strict: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
    verbatimModuleSyntax: true,
  };
}

/** Text of diagnostics. */
function describe(diagnostics: readonly ts.Diagnostic[]): string {
  return ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => Deno.cwd(),
    getNewLine: () => "\n",
  });
}

/**
 * Compiles modules and everything that they import.
 *
 * @param entries Paths from the working directory.
 * @returns Text of every output by path, sorted.
 * @throws Error with the compiler's words when something is wrong
 */
export function compile(
  entries: readonly string[],
  options: { readonly lib: readonly string[]; readonly check: boolean },
): Map<string, string> {
  const program = ts.createProgram({
    rootNames: entries.map((path) => `${Deno.cwd()}/${path.replace(/^\.\//, "")}`),
    options: compilerOptions(options.lib),
  });
  const problems = options.check ? ts.getPreEmitDiagnostics(program) : [];
  if (problems.length > 0) throw new Error(describe(problems));
  const files: [string, string][] = [];
  const emitted = program.emit(undefined, (path, text) => {
    const name = path.replace(/^\/out\//, "");
    const isDeclaration = name.endsWith(".d.ts");
    files.push([name, isDeclaration ? text.replace(SOURCE_SPECIFIER, "$1$2$3.js$2") : text]);
  });
  if (emitted.emitSkipped) throw new Error(describe(emitted.diagnostics));
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
}
