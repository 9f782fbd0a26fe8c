import { repoPath, resolveImport } from "../files.ts";
import { visitImports } from "../imports.ts";

/** A file `_x.ts` is private to its folder and the folders below; tests may look inside. */
export const privateFiles: Deno.lint.Rule = {
  create(context) {
    const from = repoPath(context.filename);
    if (from.startsWith("tests/")) return {};
    return visitImports((specifier, node) => {
      const to = resolveImport(from, specifier);
      const at = to?.lastIndexOf("/") ?? -1;
      if (to === undefined || !to.slice(at + 1).startsWith("_")) return;
      const folder = to.slice(0, at + 1);
      if (!from.startsWith(folder)) {
        context.report({ node, message: `${to} is private to ${folder}` });
      }
    });
  },
};
