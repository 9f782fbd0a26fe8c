import { importProblem } from "../../ranks.ts";
import { isCore, isProduct, repoPath, resolveImport } from "../files.ts";
import { visitImports } from "../imports.ts";

/** Imports follow the rank table of `scripts/ranks.ts`; core takes nothing from outside but std. */
export const importDirection: Deno.lint.Rule = {
  create(context) {
    const from = repoPath(context.filename);
    const visitor = visitImports((specifier, node) => {
      const to = resolveImport(from, specifier);
      const message = to === undefined ? outsideProblem(from, specifier) : importProblem(from, to);
      if (message !== undefined) context.report({ node, message });
    });
    if (!isProduct(from)) return visitor;
    return {
      ...visitor,
      // What nobody can read in the source, neither this rule nor the bundler can follow.
      "ImportExpression[source.type!='Literal']"(node: Deno.lint.ImportExpression): void {
        context.report({ node, message: "Import a literal specifier" });
      },
    };
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
