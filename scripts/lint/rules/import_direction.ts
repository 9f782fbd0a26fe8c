import { importProblem } from "../../ranks.ts";
import { isCore, repoPath, resolveImport } from "../files.ts";
import { visitImports } from "../imports.ts";

/** Imports follow the rank table of `scripts/ranks.ts`; core takes nothing from outside but std. */
export const importDirection: Deno.lint.Rule = {
  create(context) {
    const from = repoPath(context.filename);
    return visitImports((specifier, node) => {
      const to = resolveImport(from, specifier);
      const message = to === undefined ? outsideProblem(from, specifier) : importProblem(from, to);
      if (message !== undefined) context.report({ node, message });
    });
  },
};

/** Why a bare or `scheme:` specifier is not fit for a file. */
function outsideProblem(from: string, specifier: string): string | undefined {
  if (isCore(from) && !specifier.startsWith("@std/")) {
    return `Core and schemas import relative files and @std/ only, not ${specifier}`;
  }
  const free = /^(host|tests|perf|scripts|links|examples)\//.test(from);
  if (!free && specifier.startsWith("node:")) {
    return `Only host/, tests/, perf/ and scripts/ import node: modules, not ${specifier}`;
  }
  return undefined;
}
